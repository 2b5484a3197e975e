"""Articles of codes, laws and conventions (*articles L. 1234-5 et 1240 du code du travail, du même code*)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.citations import codes
from ingest.dates import DATE, value_of
from ingest.extraction import Citation

MAX_ITEMS = 200
UNKNOWN_TEXT = "?"
"""Stands for the code where the sentence names none: recognised, not resolved."""

_KEYWORD = re.compile(r"(?<![a-z])(?:articles?|art\.)[ \n]{1,3}(?=[0-9lrdacpo]|preliminaire|premier|unique)")
_NUMBER = (
    r"(?:(?:lo|l\.o|l|r|d|a|c)(?![a-z]) ?\.? ?\*{0,2} ?\.? ?)?\d{1,5}(?:er)?(?:-\d{1,4}){0,5}(?![\d/])"
    r"(?: ?(?:bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies|undecies|duodecies)\b)?"
    r"(?: 0?[a-z](?= (?:du|de|des|et|ou|ter|bis)\b|,|;))?"
)
_ITEM = re.compile(rf"(?P<num>{_NUMBER}|preliminaire|premier|unique)")
_ORDINAL = (
    r"(?:premiere?|seconde?|deuxieme|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme"
    r"|neuvieme|dixieme|dernier|1er|\d{1,2}(?:er|e|eme)?)"
)
_PART = (
    r"(?:(?:en ses?|en leurs?|et|a|ou|,) )?(?:"
    rf"(?:alineas?|al\.|paragraphes?|§§?|points?|phrases?|tirets?) ?(?:{_ORDINAL}|\d{{1,3}}"
    rf"(?:er)?|[a-z]\b)(?:(?:,| et| ou| a) (?:{_ORDINAL}|\d{{1,3}}(?:er)?)(?![-.°/\d]|[a-z]))*"
    rf"|{_ORDINAL} (?:alineas?|paragraphes?|phrases?|tirets?)"
    r"|\d{1,3} ?°(?: (?:bis|ter))?|[ivx]{1,5}(?=[, ;.)])|(?:sous )?[a-h]\)|[a-h](?=,)|\d\.(?=,| |\d)(?:\d(?![\d-]))?)"
)
_PARTS = re.compile(rf"(?:(?:, ?| )?{_PART}(?![a-z0-9]))+")
_BETWEEN = re.compile(
    r"(?:[ \n]?,[ \n]?(?:et |ou )?|[ \n](?:et|ou|a|ainsi que|ensemble)[ \n]"
    r"|(?:,| ancien,?)? \(?devenus?,? (?:respectivement )?)(?:(?:les |l'|aux |des )?articles? |les )?"
    r"(?=\d|(?:l\.?o|[lrdac])(?![a-z])|premier|preliminaire)"
)
_FOLLOWING = re.compile(r",? et suivants?\b")
_WORDING = re.compile(
    r"[ \n]?,?[ \n]?(?:(?:(?:alors|encore) )?(?:applicables?|en vigueur)[^,;:.\n]{0,80}"
    r"|(?:pris )?(?:dans|en) (?:sa|leurs?|ses|leur) (?:\w+ )?(?:redactions?|versions?)[^;:\n]{0,160}"
    r"|(?:devenu|modifie|ancien|anciens)[^,;:.\n]{0,60})"
)
_OF = re.compile(
    r"(?:,? (?:anciens?|nouveaux?|precites?|susvises?|modifies?|sus-?vises?))?[ \n]?,?["
    r" \n]?(?:du|de la|de l'|de|des|de ladite|dudit|au|a la|susvisee? d[eu]) ?[ \n]?"
)
_SAME = re.compile(
    r"[ \n]?,?[ \n]?(?:du meme code|dudit code|de ce code|du code precite|de ladite loi"
    r"|de cette loi|de la meme loi|de la loi precitee|du meme texte|de ce texte|de ces"
    r" textes|du code susvise|dudit decret|du meme decret|de la meme convention|de cette"
    r" convention|de ladite convention|du meme reglement|de ce reglement)\b"
)
_BEFORE = re.compile(r"anterieure|avant")


@dataclass(frozen=True, slots=True)
class _Item:
    number: str
    start: int
    end: int


def articles(text: str, plain: str) -> list[Citation]:
    """One citation for each article of a list. The value is `code#number`; the wording's date stands in the note."""
    found = list(_spoken(text, plain))
    sources: dict[str, set[str]] = {}
    for citation in found:
        source, _, number = citation.value.partition("#")
        if source != UNKNOWN_TEXT:
            sources.setdefault(number, set()).add(source)
    return [_deduced(citation, sources) for citation in found]


def _deduced(citation: Citation, sources: dict[str, set[str]]) -> Citation:
    """« l'article L. 411-37 », alone, is of the one code that the document names beside that number."""
    source, _, number = citation.value.partition("#")
    known = sources.get(number, set()) if source == UNKNOWN_TEXT and "-" in number else set()
    if len(known) != 1:
        return citation
    note = citation.note or "code déduit d'une autre mention du document"
    return replace(citation, value=f"{next(iter(known))}#{number}", note=note)


def _spoken(text: str, plain: str) -> Iterator[Citation]:
    last = ""
    at = 0
    while found := _KEYWORD.search(plain, at):
        opening, at = found.start(), found.end()
        while True:
            items, end = _listed(plain, at)
            if not items:
                break
            source, close, note = _source(plain, end, last)
            if opening < 0 and not source:
                break
            last = source if source not in ("", UNKNOWN_TEXT) else last
            for place, item in enumerate(items):
                start = opening if place == 0 and opening >= 0 else item.start
                stop = close if place == len(items) - 1 else item.end
                value = f"{source or UNKNOWN_TEXT}#{item.number}"
                yield Citation(kind="article", text=text[start:stop], start=start, end=stop, value=value, note=note)
            at = max(close, at)
            # « articles 1240 du code civil et 455 du code de procédure civile »: the word is said once.
            more = _BETWEEN.match(plain, at) if source else None
            if not more:
                break
            opening, at = -1, more.end()


def _listed(plain: str, at: int) -> tuple[list[_Item], int]:
    items: list[_Item] = []
    while len(items) < MAX_ITEMS:
        found = _ITEM.match(plain, at)
        if not found:
            break
        end = found.end()
        parts = _PARTS.match(plain, end)
        end = parts.end() if parts else end
        following = _FOLLOWING.match(plain, end)
        end = following.end() if following else end
        items.append(_Item(shown(found["num"]), found.start(), end))
        between = _BETWEEN.match(plain, end)
        if not between or not _ITEM.match(plain, between.end()):
            break
        at = between.end()
    return items, items[-1].end if items else at


def shown(number: str) -> str:
    """`l. 1234-5`, `l1234-5` → `L1234-5`; `r*. 142-24-1` → `R*142-24-1`; `1er` and `premier` → `1`; `1649 quater b`."""
    flat = re.sub(r"^premier$|^1er$", "1", number.strip())
    letter = re.match(r"(lo|l\.o|[lrdac]) ?\.? ?(\*{0,2}) ?\.? ?(?=\d)", flat)
    if letter:
        flat = letter[1].replace(".", "").upper() + letter[2] + flat[letter.end() :]
    return re.sub(
        r"(?<=\d) ([a-z])$", lambda one: " " + one[1].upper(), re.sub(r"(?<= )[a-z]$", lambda one: one[0].upper(), flat)
    )


def _source(plain: str, end: int, last: str) -> tuple[str, int, str]:
    """(normal name or empty, where the citation ends, note on the wording)."""
    before = _WORDING.match(plain, end)
    for at in (end, before.end() if before else end):
        same = _SAME.match(plain, at)
        if same:
            return last or UNKNOWN_TEXT, same.end(), _note(plain, same.end(), before)
        of = _OF.match(plain, at) or re.compile(r"[ \n]").match(plain, at)
        named = _named(plain, of.end()) if of else None
        if named:
            return named[0], named[1], _note(plain, named[1], before if at != end else None)
    if before:
        # « l'article 1134, dans sa rédaction antérieure à l'ordonnance du 10 février 2016, du code civil »
        inner = re.compile(r", (?:du|de la|de l') ?").finditer(plain, before.start(), before.end() + 8)
        for comma in inner:
            named = _named(plain, comma.end())
            if named and not codes.STATUTE.match(plain, comma.end()):
                return named[0], named[1], _wording_note(plain[before.start() : comma.start()])
    return "", end, _wording_note(before[0]) if before else ""


def _named(plain: str, at: int) -> tuple[str, int] | None:
    known = codes.NAMED.match(plain, at)
    if known:
        return codes.normal(known[0]), known.end()
    statute = codes.STATUTE.match(plain, at)
    if statute and (statute["number"] or statute["date"]):
        return _statute_name(statute), statute.end()
    other = codes.UNKNOWN.match(plain, at)
    return (other[0], other.end()) if other else None


def _statute_name(found: re.Match[str]) -> str:
    kind = re.match(r"[a-z-]+(?: national interprofessionnel)?", found[0])
    name = (
        {"decret": "décret", "reglement": "règlement", "arrete": "arrêté"}.get(kind[0], kind[0]) if kind else found[0]
    )
    return f"{name} {found['number']}" if found["number"] else f"{name} du {found['date']}"


def _note(plain: str, end: int, inner: re.Match[str] | None) -> str:
    after = _WORDING.match(plain, end)
    return _wording_note((inner or after)[0]) if inner or after else ""  # type: ignore[index]  # one of them stands


def _wording_note(words: str) -> str:
    """« dans sa rédaction antérieure à celle issue de l'ordonnance du 10 février 2016 » → the date that tells which."""
    if "redaction" not in words and "version" not in words:
        return ""
    day = next((day for match in DATE.finditer(words) if (day := value_of(match))), None)
    side = "antérieure à" if _BEFORE.search(words) else "issue de"
    if day:
        return f"rédaction {side} un texte du {day.isoformat()}"
    return (
        "rédaction applicable à la cause"
        if "applicable" in words or "vigueur" in words
        else f"rédaction {side} un autre texte"
    )
