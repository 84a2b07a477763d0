"""A typed line cut into words: quotes hold blanks together, and each word knows where it stands."""

from __future__ import annotations

from dataclasses import dataclass

_QUOTES = {'"': '"', "“": "”", "「": "」"}
#: What opens the line on the keyboards in use.
SLASHES = "/／"


@dataclass(frozen=True, slots=True)
class Word:
    """`text` without its quotes; `mark` is the sign of MARKS before it; `start` and `end` are where it stands, without the mark but with quotes."""

    text: str
    start: int
    end: int
    mark: str = ""
    is_quoted: bool = False


def words_of(line: str, marks: str = "") -> list[Word]:
    """The words of `line`; a quote that is never closed reaches to the end. One of `marks` counts at the beginning of a word only."""
    found: list[Word] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word = _word(line, at, marks)
        found.append(word)
        at = max(word.end, at + 1)
    return found


def _word(line: str, at: int, marks: str) -> Word:
    mark = line[at] if line[at] in marks else ""
    start = at + len(mark)
    closing = _QUOTES.get(line[start : start + 1])
    if closing is not None:
        end = line.find(closing, start + 1)
        return Word(line[start + 1 : end if end >= 0 else len(line)], start, end + 1 if end >= 0 else len(line), mark, is_quoted=True)
    end = start
    while end < len(line) and not line[end].isspace():
        end += 1
    return Word(line[start:end], start, end, mark)


def quoted(text: str) -> str | None:
    """`text` as it has to be typed to be one word; None where no way leads."""
    for opening, closing in (("", ""), *_QUOTES.items()):
        typed = f"{opening}{text}{closing}"
        found = words_of(typed)
        # A mark at the beginning would be taken for one.
        if len(found) == 1 and found[0].text == text and (opening or text[:1] not in "@#!/／"):
            return typed
    return None
