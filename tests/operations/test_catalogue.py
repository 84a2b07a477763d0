from __future__ import annotations

import subprocess
import sys

import pytest

from weihai_command.domain import city, unit
from weihai_command.domain.faults import Ambiguous, Usage
from weihai_command.operations import catalogue


def test_types_are_complete_and_their_words_exist() -> None:
    types = catalogue.incident_types()
    assert len(types) >= 50 and types["gas_leak"].name == "燃气泄漏"
    assert len({each.name for each in types.values()}) == len(types)
    for each in types.values():
        assert each.track in {"emergency", "municipal"} and each.code.isascii()
        assert each.department in catalogue.words("department") and each.category in catalogue.words("category")


def test_a_type_by_code_name_or_unique_beginning() -> None:
    assert catalogue.type_of("gas_leak") == catalogue.type_of("燃气泄漏") == catalogue.type_of("燃气") == catalogue.type_of(" GAS") == "gas_leak"
    # A whole name goes before longer names that begin with it.
    assert catalogue.type_of("noise") == "noise"


def test_a_beginning_of_several_types_is_ambiguous_and_an_unknown_one_wrong() -> None:
    with pytest.raises(Ambiguous) as caught:
        catalogue.type_of("供水")
    assert {code for code, _ in caught.value.candidates} == {"water_cut", "pipe_burst"}
    for text in ("没有这种", "", "  "):
        with pytest.raises(Usage):
            catalogue.type_of(text)


def test_words() -> None:
    assert catalogue.word("unit_kind", "fire") == "消防"
    assert catalogue.word("quantity", "pump_level") == "泵站前池水位"
    assert catalogue.word("type", "drowning") == "人员落水"
    assert catalogue.word("state", "suspended") == "挂账"
    assert catalogue.word("grade", 3) == "Ⅲ 较大"
    assert catalogue.word("unit_kind", "airship") == "airship" and catalogue.word("unit_kind", None) == ""
    with pytest.raises(KeyError):
        catalogue.word("no_such_group", "x")


def test_words_cover_the_codes_of_the_domain() -> None:
    assert tuple(catalogue.words("unit_kind")) == unit.KINDS
    assert set(catalogue.words("field")) == set(city.FIELDS)


def test_department_names() -> None:
    assert catalogue.department_name("city", "环翠区") == "环翠城管"
    assert catalogue.department_name("city", None) == "城管"
    assert catalogue.department_name("gas", "环翠区") == "燃气公司"
    assert catalogue.department_name("某公司", "环翠区") == "某公司"


def test_the_gazetteer_costs_nothing_before_it_is_asked_for() -> None:
    code = (
        "from weihai_command.operations import catalogue as c; c.incident_types(); "
        "import sys; print(c.gazetteer.cache_info().misses, 'shapely' in sys.modules)"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["0", "False"]
    assert catalogue.gazetteer() is catalogue.gazetteer()
