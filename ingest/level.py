"""A text levelled (*mise à plat*) character by character, so that patterns are simple and offsets stay true."""

from __future__ import annotations

import re
import unicodedata

_SAME = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u00ad", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\t", " "),
    **dict.fromkeys("’‘ʼ´`\u2032", "'"),
    "º": "°",
    "˚": "°",
}


def _table() -> dict[int, str]:
    table = {ord(c): to for c, to in _SAME.items()}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x180)):
        base = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c)).lower()
        if len(base) == 1:
            table[code] = base
    return table


_TABLE = _table()
_SPACED_OUT = re.compile(r"(?<![^\W\d_])[^\W\d_](?: [^\W\d_]){4,}(?![^\W\d_])")


def level(text: str) -> str:
    """Lower case, no accents, plain hyphens, spaces and apostrophes; every character keeps its place."""
    return text.translate(_TABLE)


def close_up(line: str) -> str:
    """`R E P U B L I Q U E` → `REPUBLIQUE`, for a line that is read alone; two or more spaces part words."""
    return _SPACED_OUT.sub(lambda found: found[0].replace(" ", ""), line)
