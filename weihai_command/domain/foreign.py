"""Times and texts as strangers write them, made fit for rules and screens: what cannot be used is blank, never an error."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

#: Years in which a time of this field can lie; beyond them the arithmetic of zones may overflow.
FIRST_YEAR, LAST_YEAR = 1900, 2200
#: Characters of one line on a screen; a title of a megabyte would stop every paint.
LONGEST = 500
#: Control characters, half surrogates, and the marks that turn the direction of what stands beside them.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
_WIDE = tuple(zip("，（）：；！？", ",():;!?", strict=True))


def moment(text: object) -> datetime | None:
    """The time of an ISO 8601 string with offset; None where it is absent, unreadable, without an offset or of no time we live in."""
    try:
        value = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return value if value.tzinfo and FIRST_YEAR <= value.year <= LAST_YEAR else None


def one_line(text: object, longest: int = LONGEST) -> str:
    """`text` as one line without control characters and direction marks, cut with … beyond `longest`; "" for None."""
    if text is None:
        return ""
    if type(text) is str and len(text) <= longest and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        # Nearly all texts are one line already, and lists read a hundred thousand of them.
        return text
    plain = " ".join(_UNSEEN.sub("", str(text)[: 2 * longest]).split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def fold(text: str) -> str:
    """What two spellings of the same text have in common: width and case do not matter."""
    # These say most of what is wide in Chinese text; without them it need mostly not be taken apart, which costs four times as much.
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    # Half a surrogate pair can come from a source's JSON or a terminal; no store can hold it.
    return unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "replace").decode()
