"""Identifiers as a person types them (*numéro de pourvoi, ECLI, RG, JURITEXT*): in any writing, one key each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from indexer.analysis import clean, words
from indexer.terms import Phrase, Reference

MOST: Final = 64
"""Terms kept of one query, and words kept of one phrase."""

_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2212"
_ECLI: Final = re.compile(r"(?<!\w)ECLI\s?:\s?([a-z]{2}):([a-z0-9]+):(\d{4}):([a-z0-9.]*[a-z0-9])", re.IGNORECASE)
_LEGACY: Final = re.compile(r"(?<!\w)(?:JURI|CETA|CONS|LEGI|KALI)(?:TEXT|ARTI)\d{12}(?!\w)", re.IGNORECASE)
_APPEAL: Final = re.compile(
    r"(?<![\w/-])(?:pourvois?\s+)?(?:n\s?[°ºo]s?\.?\s*)?(?:[A-Z]\s*)?"
    rf"(?:(\d{{2}})\s?[{_HYPHENS}]\s?(\d{{2}})[.\s]?(\d{{3}})|(\d{{2}})(\d{{2}})(\d{{3}})|(\d{{2}})(\d{{2}})\.(\d{{3}}))(?![\d/])",
    re.IGNORECASE,
)
_RG: Final = re.compile(
    r"(?<![\w/-])(?:n\s?[°ºo]\s*)?(?:r\.?\s?g\.?\s*)?(?:n\s?[°ºo]\s*)?(\d{2})\s?/\s?(\d{4,6})(?![\d/])", re.IGNORECASE
)
_RG_COMMERCIAL: Final = re.compile(
    r"(?<![\w/-])(?:n\s?[°ºo]\s*)?r\.?\s?g\.?\s*(?:n\s?[°ºo]\s*)?((?:19|20)\d{2}[A-Z]?\d{5,6})(?!\w)", re.IGNORECASE
)
COMPOUND: Final = re.compile(rf"(?<!\w)\d+(?:[{_HYPHENS}]\d+)+(?!\w)")
_MONTH: Final = re.compile(r"(?:0\d|1[0-2])/(?:19|20)\d{2}$")


def reference_key(written: str) -> str:
    """The one form under which an identifier is stored and looked for: `18/004351` gives `18/04351`."""
    compact = re.sub(r"[^0-9A-Z/:.]", "", clean(written).upper())
    if compact.startswith("ECLI"):
        return compact
    compact = compact.replace(".", "").removeprefix("RG")
    if match := re.fullmatch(r"(\d{2})/(\d{1,6})", compact):
        year, number = match.groups()
        return f"{year}/{number[:5].zfill(5)}"  # a sixth digit is a key: 19/025041 is 19/02504
    if match := re.fullmatch(r"[A-Z]?(\d{7})", compact):
        return match[1]
    return compact


def _ecli(match: re.Match[str]) -> Reference:
    key = "ECLI:" + ":".join(match.groups()).upper()
    return Reference((key,), (tuple(words(key)),))


def _legacy(match: re.Match[str]) -> Reference:
    return Reference((match[0].upper(),), ((match[0].lower(),),))


def _appeal(match: re.Match[str]) -> Reference:
    year, first, last = (part for part in match.groups() if part is not None)
    mentions = ((year, first, last), (year, first + last), (year + first + last,))
    return Reference((year + first + last,), mentions)


def _rg(match: re.Match[str]) -> Reference | None:
    year, number = match.groups()
    if "g" not in match[0].lower() and _MONTH.match(f"{year}/{number}"):
        return None
    forms = dict.fromkeys((number, number.lstrip("0") or "0", number.zfill(5)))
    return Reference((reference_key(f"{year}/{number}"),), tuple((year, form) for form in forms))


def _rg_commercial(match: re.Match[str]) -> Reference:
    return Reference((reference_key(match[1]),), ((match[1].lower(),),))


def _compound(match: re.Match[str]) -> Phrase:
    return Phrase(tuple(words(match[0]))[:MOST])


Reader = Callable[[re.Match[str]], Reference | Phrase | None]

READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_ECLI, _ecli),
    (_LEGACY, _legacy),
    (_APPEAL, _appeal),
    (_RG, _rg),
    (_RG_COMMERCIAL, _rg_commercial),
    (COMPOUND, _compound),
)
