"""Bytes to characters (*encodage*): what a text file of any age and machine says."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.extraction import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 256 * 1024
_OLD = ("cp1252", "mac_roman", "cp850")
_WANTED = frozenset("éèêëàâäîïôöùûüçœæÉÈÊÀÂÎÔÙÛÇŒ«»’‘“”–—…°€§\u00a0²")
_WORD_LETTERS = frozenset("éèêëàâîïôöùûüçœæÉÈÊÀÇ")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ufeff]")
WINDOWS = {code: sign for code in range(0x80, 0xA0) if (sign := bytes([code]).decode("cp1252", "ignore"))}
"""Windows' signs at the places where Latin-1 and many web pages hold control characters."""
MAX_CONTROL = 0.02
BINARY = "Ce fichier ne contient pas de texte lisible : il est gardé tel quel, déposez-le dans son format d'origine."
EMPTY = "Ce fichier est vide : rien n'est perdu, déposez-le de nouveau depuis sa source."


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    encoding: str
    repaired: bool = False
    """Some bytes did not fit the encoding and were read as Windows would."""


def decode(data: bytes, hint: str = "") -> Decoded:
    """Characters of a text file, line ends as they stand; `hint` is the encoding that it claims, believed last.

    Raises `Unreadable` for binary content.
    """
    if not data:
        raise Unreadable("empty", EMPTY)
    decoded = _marked(data) or _wide(data) or _utf8(data) or _claimed(data, hint) or _old(data)
    sample = decoded.text[:_SAMPLE]
    if sample and len(_CONTROL.findall(sample)) > MAX_CONTROL * len(sample):
        raise Unreadable("binary", BINARY)
    return decoded


def clean(text: str) -> str:
    """Line ends as `\\n`, no NUL, no control character but tab and line end, no lone surrogate."""
    text = re.sub(r"\r\n?|[\x0b\x0c\u2028\u2029]", "\n", text).translate(WINDOWS)
    return _UNWANTED.sub("", text).encode("utf-8", "ignore").decode("utf-8")


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            return Decoded(text, encoding, "\ufffd" in text)
    return None


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 and UTF-32 without a mark: Latin text leaves NULs at fixed places."""
    head = data[:4096]
    if len(head) < 4 or head.count(0) < len(head) // 5:
        return None
    places = [head[place::4].count(0) / max(1, len(head[place::4])) for place in range(4)]
    high = [share > 0.6 for share in places]
    guess = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }.get((high[0], high[1], high[2], high[3]))
    if not guess:
        return None
    text = data.decode(guess, "replace")
    return Decoded(text, guess, "\ufffd" in text)


def _utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
    broken = sum(1 for c in text if "\udc80" <= c <= "\udcff")
    good = sum(1 for c in text[:_SAMPLE] if c > "\x7f" and not "\udc80" <= c <= "\udcff")
    if good <= 4 * broken:
        return None
    return Decoded(re.sub(r"[\udc80-\udcff]+", _as_windows, text), "utf-8", repaired=True)


def _as_windows(found: re.Match[str]) -> str:
    return bytes(ord(c) - 0xDC00 for c in found[0]).decode("cp1252", "replace")


def _claimed(data: bytes, hint: str) -> Decoded | None:
    """A claim of Latin-1 means Windows, as browsers take it; other claims hold where they decode all."""
    if not hint or hint.lower().replace("_", "-") in {
        "utf-8",
        "utf8",
        "utf-16",
        "iso-8859-1",
        "latin1",
        "us-ascii",
        "ascii",
    }:
        return None
    try:
        return Decoded(str(data, codecs.lookup(hint).name), hint.lower())
    except (LookupError, ValueError, TypeError):
        return None


def _old(data: bytes) -> Decoded:
    """The one of the old single-byte encodings under which the text looks most French; Windows where all look alike."""
    head = data[:_SAMPLE]
    best = max(_OLD, key=lambda encoding: (_french(head.decode(encoding, "replace")), encoding == "cp1252"))
    text = data.decode(best, "replace")
    if best == "cp1252" and "\ufffd" in text:
        text = data.decode("latin-1")
    return Decoded(text, best)


def _french(text: str) -> int:
    """Points for letters of French inside words, malus for signs that French does not use."""
    score = 0
    before = " "
    for c in text:
        if c > "\x7f":
            if c in _WORD_LETTERS:
                score += 3 if before.isalpha() and before.islower() == c.islower() else 1
            elif c in _WANTED:
                score += 1
            else:
                score -= 3
        before = c
    return score
