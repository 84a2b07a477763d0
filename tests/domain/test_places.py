from __future__ import annotations

import csv
import io
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

from weihai_command.domain.faults import Ambiguous, Refused
from weihai_command.domain.geometry import distance_m
from weihai_command.domain.place_text import figure, position, split_offset
from weihai_command.domain.places import District, Gazetteer, Landmark, Place, Town, Village, bearing
from weihai_command.operations import catalogue

SQUARE = np.array([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]) + (121.0, 36.0)
HOLE = np.array([(0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 0.5)]) + (121.0, 36.0)


@pytest.fixture(scope="module")
def city() -> Gazetteer:
    return catalogue.gazetteer()


@pytest.fixture
def tiny() -> Gazetteer:
    return Gazetteer(
        [District("甲区", ("甲",), None, (SQUARE, HOLE)), District("开发区", (), "甲区"), District("乙市", ("乙乡",))],
        [Town("东街道", "甲区", 121.2, 36.2), Town("西平镇", "开发区", 121.8, 36.2), Town("南平镇", "甲区"), Town("北平镇", "乙市")],
        [Village("石村", "东街道", ("石村村委会",)), Village("石村", "西平镇"), Village("河西村", "南平镇")],
        [Landmark("甲站", 121.3, 36.3, 200.0, ("甲火车站",))],
    )


#: (what a person writes, level, town or district it must come to)
SENTENCES = [
    ("皇冠街道", "town", "皇冠街道"),
    ("皇冠街道办事处", "town", "皇冠街道"),
    ("威海市环翠区环翠楼街道", "town", "环翠楼街道"),
    ("山东省威海市文登区文登营镇", "town", "文登营镇"),
    ("文登", "district", "文登区"),
    ("文登市", "district", "文登区"),
    ("荣成市", "district", "荣成市"),
    ("乳山", "district", "乳山市"),
    ("乳山口", "town", "乳山口镇"),
    ("乳山寨镇", "town", "乳山寨镇"),
    ("高新区", "district", "高区"),
    ("经开区", "district", "经区"),
    ("威海临港经济技术开发区", "district", "临港区"),
    ("经区皇冠街道", "town", "皇冠街道"),
    ("环翠区皇冠街道", "town", "皇冠街道"),
    ("环翠皇冠", "town", "皇冠街道"),
    ("环翠区经区凤林街道", "town", "凤林街道"),
    ("初村镇", "district", "初村镇"),
    ("怡园街道", "district", "怡园街道"),
    ("开发区办事处", "district", "开发区办事处"),
    ("环翠楼街道 东北村", "village", "环翠楼街道"),
    ("环翠楼街道东北村居委会", "village", "环翠楼街道"),
    ("高区初村镇东北村", "district", "初村镇"),
    ("荣成青山社区", "village", "崖头街道"),
    ("荣成市崖头街道青山社区居委会", "village", "崖头街道"),
    ("皇冠街道沿街商铺", "town", "皇冠街道"),
    ("市民在温泉镇客运站附近", "town", "温泉镇"),
    ("泊于镇人民政府", "town", "泊于镇"),
    ("威海站", "landmark", "西苑街道"),
    ("威海火车站一带", "landmark", "西苑街道"),
    ("威海大水泊机场", "landmark", "大水泊镇"),
    ("刘公岛", "landmark", "环翠楼街道"),
    ("威海站北侧200米", "landmark", "西苑街道"),
    ("孙家疃街道靖海社区北侧二百米", "village", "孙家疃街道"),
    ("羊亭镇羊亭村西北侧约半公里", "village", "羊亭镇"),
    ("港湾街道东南4公里海面", "town", "港湾街道"),
    ("122.12,37.51", "position", "环翠楼街道"),
    ("37.51, 122.12", "position", "环翠楼街道"),
    ("122.12 37.51", "position", "环翠楼街道"),
    ("东经122.12 北纬37.51", "position", "环翠楼街道"),
    ("北纬37.51，东经122.12", "position", "环翠楼街道"),
    ("１２２．１２，３７．５１", "position", "环翠楼街道"),
]
AMBIGUOUS = ["东北村", "张村", "温泉", "南山", "怡园", "大水泊", "大庄村"]
UNKNOWN = ["", "   ", "不存在的地方", "北京市", "116.4,39.9", "镇", "北侧200米", "0,0", "999,999"]


@pytest.mark.parametrize(("text", "level", "name"), SENTENCES)
def test_sentences(city: Gazetteer, text: str, level: str, name: str) -> None:
    place = city.resolve(text)
    assert (place.level, place.town or place.district) == (level, name)
    assert place.radius_m > 0 and 121 < place.lon < 123 and 36.5 < place.lat < 38


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_shared_name_lists_candidates_that_can_be_written_back(city: Gazetteer, text: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        city.resolve(text)
    assert len(caught.value.candidates) >= 2
    for name, _ in caught.value.candidates:
        assert isinstance(city.resolve(name), Place)


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_place_is_refused_and_never_guessed(city: Gazetteer, text: str) -> None:
    with pytest.raises(Refused) as caught:
        city.resolve(text)
    assert not isinstance(caught.value, Ambiguous)


def test_every_town_and_village_is_found_by_its_full_name(city: Gazetteer) -> None:
    rows = list(csv.DictReader(io.StringIO((files("resources") / "geo" / "gazetteer_villages.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 2768 and len(city.towns) == 73
    for row in rows:
        place = city.resolve(row["district"] + row["street"] + row["village"])
        assert place.town == row["street"] and "不在地名库" not in place.note, row
    for town in city.towns.values():
        assert city.resolve(town.name).town == town.name


def test_all_shared_village_names_are_ambiguous_and_no_other(city: Gazetteer) -> None:
    rows = csv.DictReader(io.StringIO((files("resources") / "geo" / "gazetteer_villages.csv").read_text(encoding="utf-8")))
    counts = Counter(row["village"] for row in rows)
    assert sum(count > 1 for count in counts.values()) == 162
    for name, count in counts.items():
        if count == 1:
            city.resolve(name)
        else:
            with pytest.raises(Ambiguous):
                city.resolve(name)


def test_what_is_rough_says_so(city: Gazetteer) -> None:
    village = city.resolve("环翠楼街道东北村")
    town = city.resolve("环翠楼街道")
    assert (village.lon, village.lat) == (town.lon, town.lat)
    assert village.radius_m > town.radius_m and "无坐标" in village.note and not town.note
    unplaced = city.resolve("怡园街道")
    assert unplaced.radius_m >= 8000 and "无坐标" in unplaced.note
    assert "12号" in city.resolve("皇冠街道12号").note


def test_an_offset_moves_the_place_by_what_was_said(city: Gazetteer) -> None:
    base, moved = city.resolve("威海站"), city.resolve("威海站东北方向约1.5公里处")
    assert abs(distance_m(base.lon, base.lat, moved.lon, moved.lat) - 1500) < 8
    assert moved.lon > base.lon and moved.lat > base.lat and moved.radius_m == base.radius_m + 150
    assert moved.name == "威海站东北侧 1500 米"


def test_a_clicked_place_gets_the_nearest_town_of_its_district(city: Gazetteer) -> None:
    land = city.town_at(122.1492, 37.4415)
    assert (land.town, land.district, land.radius_m) == ("皇冠街道", "经区", 0.0) and "示意" in land.note
    sea = city.town_at(122.6, 36.7)
    assert (sea.town, sea.district, sea.name) == (None, None, "港湾街道东南 25.4 公里")
    assert city.town_at(116.4, 39.9).name == "本市以外"


def test_every_town_point_lies_in_its_own_district_or_is_said_to_be_doubtful(city: Gazetteer) -> None:
    for town in city.towns.values():
        if town.name == "天福路街道":
            # The published point of this one lies across the border.
            assert "存疑" in city.resolve(town.name).note and city.resolve(town.name).radius_m == 8000
        elif town.lon is not None and town.lat is not None:
            assert city.district_at(town.lon, town.lat) == city.districts[town.district].area
            assert city.town_at(town.lon, town.lat).town == town.name
    assert city.district_at(122.9, 36.5) is None


def test_a_hole_is_outside(tiny: Gazetteer) -> None:
    assert tiny.district_at(121.2, 36.2) == "甲区"
    assert tiny.district_at(121.6, 36.9) == "甲区"
    assert tiny.district_at(121.9, 36.6) is None


def test_a_village_in_two_towns_needs_one_of_them(tiny: Gazetteer) -> None:
    with pytest.raises(Ambiguous, match="甲区东街道石村"):
        tiny.resolve("石村")
    assert tiny.resolve("东街道石村").town == "东街道"
    assert tiny.resolve("开发区石村").town == "西平镇"
    with pytest.raises(Ambiguous):
        tiny.resolve("甲区石村")


def test_a_district_without_any_position_is_refused(tiny: Gazetteer) -> None:
    with pytest.raises(Refused, match="没有坐标"):
        tiny.resolve("北平镇")
    assert tiny.resolve("南平镇河西村").level == "district"


@pytest.mark.parametrize(
    ("text", "value"), [("200", 200), ("1.5", 1.5), ("半", 0.5), ("二百", 200), ("三百五", 350), ("三百零五", 305), ("十五", 15), ("两千三百", 2300), ("一", 1)]
)
def test_figures(text: str, value: float) -> None:
    assert figure(text) == value


@pytest.mark.parametrize(
    ("text", "base", "east", "north"),
    [
        ("甲站北侧200米", "甲站", 0, 200), ("甲站以东三海里", "甲站", 5556, 0), ("甲站往西一公里半", "甲站", -1500, 0), ("甲站西南约500m处", "甲站", -354, -354),
        ("东北村", "东北村", None, None), ("北侧200米", "北侧200米", None, None), ("西门外", "西门外", None, None),
    ],
)  # fmt: skip
def test_offsets(text: str, base: str, east: float | None, north: float | None) -> None:
    found, offset = split_offset(text)
    assert found == base
    if offset is None:
        assert east is None
    else:
        assert (round(offset.east_m), round(offset.north_m)) == (east, north)


def test_positions() -> None:
    assert position("122.12,37.51") == position("37.51,122.12") == (122.12, 37.51)
    assert position("12号楼") is None and position("200,300") is None


def test_bearings() -> None:
    assert [bearing(122, 37, 122 + x, 37 + y) for x, y in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 0.8))] == ["北", "东", "南", "西", "东北"]
