"""Reading what people write of a place: positions in figures, and "北侧200米" after a name. Knows no names itself."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from math import sqrt

_CITY = re.compile(r"^(中国|山东省|山东(?=威海)|威海市|位于|我在|就在|在|地点[:：]|地址[:：])+")
_TAIL = re.compile(r"(附近|一带|周边|旁边|(?<!事)处|左右|的位置|那里|这里)+$")
_NUMBER = r"-?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"^(?:东经|经度|lon|E)?[:=]?({_NUMBER})°?(?:E|东经)?(?:[,、;/\s]+|(?=北纬|纬度))(?:北纬|纬度|lat|N)?[:=]?({_NUMBER})°?(?:N|北纬)?$", re.IGNORECASE)
_SWAPPED = re.compile(rf"^(?:北纬|纬度|lat|N)[:=]?({_NUMBER})°?N?[,、;/\s]*(?:东经|经度|lon|E)[:=]?({_NUMBER})°?E?$", re.IGNORECASE)
_WAYS = {"东北": (1, 1), "东南": (1, -1), "西北": (-1, 1), "西南": (-1, -1), "东": (1, 0), "西": (-1, 0), "南": (0, -1), "北": (0, 1)}
_UNITS = {"米": 1.0, "m": 1.0, "公里": 1000.0, "千米": 1000.0, "km": 1000.0, "里": 500.0, "海里": 1852.0}
_STEP = (
    r"(?:的|以|往|向|正|偏)*(东北|东南|西北|西南|东|西|南|北)(?:侧|面|边|方向|方|部|向|行|走)*(?:约|大约|大概)?"
    r"(\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千半]+)(公里|千米|海里|米|里|km|m)(半)?(?:多|左右|处|远|外|附近|的?海面|的?海域|海上)*"
)
_OFFSET = re.compile(_STEP + "$", re.IGNORECASE)
#: The same anywhere in a sentence.
OFFSET_AHEAD = re.compile(_STEP, re.IGNORECASE)
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Offset:
    """A spoken step from a place: metres to the east and north, and how it was said."""

    east_m: float
    north_m: float
    words: str


def normalised(text: str, *, keep: bool = False) -> str:
    """NFKC, without blanks between words (they stay between figures); unless `keep` without 威海市 before and 附近 after."""
    wanted = unicodedata.normalize("NFKC", text).strip()
    wanted = re.sub(r"(?<![\d.°EN])\s+|\s+(?![\d.+-])", "", wanted)
    if keep:
        return wanted
    without = _CITY.sub("", wanted)
    # 威海市 alone, and names that begin with those words, stay as they are.
    return _TAIL.sub("", without) or wanted


def position(text: str) -> tuple[float, float] | None:
    """(lon, lat) of two figures; latitude first only where it is said or cannot be otherwise. None: not a position."""
    if match := _SWAPPED.match(text):
        return float(match[2]), float(match[1])
    match = _PAIR.match(text)
    if match is None:
        return None
    first, second = float(match[1]), float(match[2])
    if abs(first) <= 90 < abs(second):
        first, second = second, first
    return (first, second) if abs(first) <= 180 and abs(second) <= 90 else None


def split_offset(text: str) -> tuple[str, Offset | None]:
    """("威海站", 200 m north) of "威海站北侧200米"; the text itself and None where nothing of the kind is said."""
    match = _OFFSET.search(text)
    if match is None or match.start() == 0:
        return text, None
    metres = (figure(match[2]) + (0.5 if match[4] else 0.0)) * _UNITS[match[3].lower()]
    east, north = _WAYS[match[1]]
    scale = metres / sqrt(east * east + north * north)
    return text[: match.start()], Offset(east * scale, north * scale, f"{match[1]}侧 {metres:g} 米")


def figure(text: str) -> float:
    """The number of figures or Chinese numerals up to 9,999 (半 = 0.5)."""
    if text[0].isdigit():
        return float(text)
    total, digit = 0.0, 0
    for sign in text:
        if sign == "半":
            return total + digit + 0.5
        if sign in _TENS:
            total += (digit or 1) * _TENS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    # 三百五 is 350, not 305.
    last = text[-2:-1]
    return total + digit * (_TENS[last] / 10 if last in ("百", "千") and text[-1] not in "零〇" else 1)
