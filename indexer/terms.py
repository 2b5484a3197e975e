"""What a person typed, as terms to look for. Nothing that can be typed raises an error here.

Words are all wanted; what stands in quotation marks is a phrase, found as written but for accents and
case; appeal numbers, ECLI, RG and JURITEXT identifiers are references, in any of their writings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.analysis import STOP_WORDS, clean, stem, words

MOST: Final = 64
"""Terms kept of one query, and words kept of one phrase."""

RELAXED_SHARE: Final = 4
"""One term in so many must be found where no document holds them all."""

_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2212"
_QUOTED: Final = re.compile(r"«([^«»]*)»|“([^“”]*)”|„([^„“”]*)[“”]|\"([^\"]*)\"")
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
_COMPOUND: Final = re.compile(rf"(?<!\w)\d+(?:[{_HYPHENS}]\d+)+(?!\w)")
_MONTH: Final = re.compile(r"(?:0\d|1[0-2])/(?:19|20)\d{2}$")


_LONG: Final = 4
_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Word:
    """A word wanted in any of its inflections; `form` is what was typed, folded."""

    stem: str
    form: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words wanted side by side, uninflected. A grammatical word alone is a phrase of one word."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """An identifier wanted: `keys` as `reference_key` makes them, or a mention of it in a text."""

    keys: tuple[str, ...]
    mentions: tuple[tuple[str, ...], ...]


Term = Word | Phrase | Reference


def is_literal(term: Term) -> bool:
    """Whether a term is wanted to the letter, in every hit: a reference or words in quotation marks.

    Numbers joined by hyphens (article 1234-5) stand side by side too, but among words they count as a word.
    """
    match term:
        case Word():
            return False
        case Phrase(words=words):
            return not all(word.isdigit() for word in words)
        case Reference():
            return True


def enough(terms: tuple[Term, ...]) -> int:
    """How many documents must hold all terms for these alone to be shown: one, or ten where four words are asked."""
    if len(terms) < 2:
        return 0
    return _FEW if sum(isinstance(term, Word) for term in terms) >= _LONG else 1


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


_READERS: Final = (
    (_ECLI, _ecli),
    (_LEGACY, _legacy),
    (_APPEAL, _appeal),
    (_RG, _rg),
    (_RG_COMMERCIAL, _rg_commercial),
    (_COMPOUND, _compound),
)


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a query in the order typed, each once, at most `MOST`. Empty where nothing is asked."""
    found: dict[Term, None] = {}
    rest: list[str] = []
    position = 0
    text = clean(text)
    for match in _QUOTED.finditer(text):
        rest.append(text[position : match.start()])
        position = match.end()
        inside = next(part for part in match.groups() if part is not None)
        for term in _quoted(inside):
            found[term] = None
    rest.append(text[position:])
    for part in rest:
        for term in _unquoted(part):
            found[term] = None
    if not found:  # only grammatical words: they are what is wanted
        found = {Phrase((word,)): None for part in rest for word in words(part)}
    return tuple(found)[:MOST]


def _quoted(text: str) -> list[Term]:
    for pattern, read in _READERS[:-1]:
        if (match := pattern.fullmatch(text.strip())) and (term := read(match)):
            return [term]
    inside = tuple(words(text))[:MOST]
    return [Phrase(inside)] if inside else []


def _unquoted(text: str) -> list[Term]:
    """References first, taken out of the text; then the words that are left."""
    found: list[Term] = []

    for pattern, read in _READERS:

        def take(match: re.Match[str], read: object = read) -> str:
            term = read(match)  # type: ignore[operator]  # the loop's variable, bound early
            if term is None:
                return match[0]
            found.append(term)
            return " "

        text = pattern.sub(take, text)
    found += [Word(stem(word), word) for word in words(text) if word not in STOP_WORDS]
    return found
