from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.domain.narratives import NARRATIVES, Wanted
from weihai_command.domain.place_scan import Found, scan
from weihai_command.domain.places import Gazetteer
from weihai_command.operations import catalogue


@pytest.fixture(scope="module")
def city() -> Gazetteer:
    return catalogue.gazetteer()


def is_right(found: tuple[Found, ...], wanted: Wanted) -> bool:
    if wanted is None:
        return not found
    if isinstance(wanted, tuple):
        listed = [place.name for each in found for place in ((each.place,) if each.place else each.candidates)]
        return len(listed) > 1 and (wanted == ("?",) or set(wanted) <= set(listed))
    places = [each.place for each in found]
    return len(places) == 1 and places[0] is not None and wanted in (places[0].name, places[0].town, places[0].district) and places[0].radius_m > 0


def test_places_of_our_own_sentences(city: Gazetteer) -> None:
    wrong = [(text, wanted) for text, _, wanted in NARRATIVES if not is_right(scan(text, city), wanted)]
    assert len(wrong) <= len(NARRATIVES) // 10, wrong
    # What is ambiguous is never one of those that are wrong.
    assert not [text for text, wanted in wrong if isinstance(wanted, tuple)]


def test_messages_of_another_city_have_no_place_here(city: Gazetteer, shared_data: Path) -> None:
    """Anonymised messages name no place of Weihai; 1 of 645 is found to (0.16 %)."""
    folder, texts = shared_data / "tipdm2020_citizen_messages", []
    for name in ("messages_labelled", "messages_replies", "messages_votes"):
        texts += [f"{row['留言主题']}。{row['留言详情']}" for row in csv.DictReader(io.StringIO((folder / f"{name}.csv").read_text("utf-8")))]
    false = [text for text in texts if scan(text, city)]
    print(f"{len(false)} of {len(texts)}")
    assert len(texts) > 600 and len(false) < 0.01 * len(texts)


def test_a_step_moves_the_place_and_widens_the_radius(city: Gazetteer) -> None:
    plain, = scan("皇冠街道沿街商铺着火", city)
    moved, = scan("皇冠街道沿街商铺北侧200米着火", city)
    assert plain.place and moved.place and plain.words == "皇冠街道" and moved.words == "皇冠街道沿街商铺北侧200米"
    assert moved.place.lat > plain.place.lat and moved.place.radius_m > plain.place.radius_m and "沿街商铺" in moved.place.note


def test_a_shared_name_is_listed_and_the_district_named_elsewhere_settles_it(city: Gazetteer) -> None:
    listed, = scan("河西村着火了", city)
    assert listed.place is None and len(listed.candidates) > 1
    one = listed.candidates[0]
    settled, = scan(f"河西村着火了，在{one.town}这边", city)
    assert settled.place is not None and settled.place.town == one.town


@pytest.mark.parametrize("text", ["D7县高村镇", "文登路堵车", "威海路口", "提高区域水平", "泡温泉", "桥头有人", "在文登酒店吃饭", "", "农村", "我们全村停水"])
def test_what_only_looks_like_a_name_is_no_place(city: Gazetteer, text: str) -> None:
    assert scan(text, city) == ()


@pytest.mark.parametrize(("text", "name"), [("本市皇冠街道停电", "皇冠街道"), ("我住在羊亭附近", "羊亭镇"), ("山东省威海市环翠区鲸园街道", "鲸园街道"), ("人在乳山", "乳山市")])
def test_names_as_people_say_them(city: Gazetteer, text: str, name: str) -> None:
    found, = scan(text, city)
    assert name in {place.name for place in ((found.place,) if found.place else found.candidates)}


def test_a_megabyte_and_strange_signs_are_survived(city: Gazetteer) -> None:
    assert scan("皇冠街道" * 250_000, city)[0].place is not None
    assert scan("<b>\x00😀=1+1</b>", city) == ()
