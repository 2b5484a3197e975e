"""References that are numbers (*pourvoi, ECLI, RG, Portalis, Bulletin, QPC, CEDH, identifiants Légifrance*)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction import Citation
from ingest.numbers import AppealNumber, key_warning

_ECLI = re.compile(r"ecli:[a-z]{2}:[a-z0-9]{1,7}:\d{4}:[a-z0-9](?:[a-z0-9.]{0,23}[a-z0-9])?(?![a-z0-9])")
_LEGACY = re.compile(r"(?<![a-z0-9])(?:juri|ceta|cons)text\d{12}(?!\d)")
_PORTALIS = re.compile(r"(?<![\w-])[A-Z0-9]{4}-[A-Z]-[A-Z0-9]{3}-[A-Z0-9]{3,5}(?![\w-])")
_PORTALIS_MIDDLE = re.compile(r"-[A-Z]-[A-Z0-9]{3}-")
_QPC = re.compile(r"(?<![\d/-])(\d{4})-(\d{1,4}(?:/\d{1,4}){0,20}) ?qpc(?![a-z])")
_APPEAL = re.compile(r"(\d\d) ?- ?(\d\d)[. ]?(\d{3})(?![\w/]|-\d)")
_KEY = re.compile(r"(?:(?<![\w/-])([a-z]) ?|(?<![\w/-]))$")
_SEVEN = re.compile(r"\d{7}")
_BARE = re.compile(r"(?:pourvois?|n°|\bno|\bnumero) ?(?:n°s? ?|nos? |numeros? )?(?:([a-z]) ?)?(\d{7})(?![\d/-])")
_OTHERS = re.compile(
    r"(?:\br\.? ?g\.?|siret|siren|portalis|requete|dossier|minute|rcs|tva|compte|police"
    r"|contrat|facture|repertoire)[^\n]{0,12}$"
)
_RG_NUMBER = r"(?:\d\d/\d{4,6}|\d{10}|\d{4}[a-z]\d{5})(?![\d/-])"
_RG = re.compile(
    rf"(?:(?<![a-z])(?:n° ?|no |numero )?(?:r\. ?g\.?|rg|repertoire general)[ :]{{0,3}}"
    rf"(?:n°s? ?|nos? |numeros? )?[ :.]{{0,3}}|(?<![a-z])(?:n°s?|nos?|numeros?) ?(?:rg|r\.g\.)["
    rf" :]{{0,3}})(?P<list>{_RG_NUMBER}(?:(?:,| et|,? ?;| ?-) ?(?:(?:n°|rg) ?)?{_RG_NUMBER}){{0,20}})"
)
_BARE_RG = re.compile(r"n° ?(?P<list>\d\d/\d{5,6}(?![\d/-]))")
_ONE_RG = re.compile(_RG_NUMBER)
_CEDH = re.compile(r"(?:requetes?,? )?n°s? ?(\d{3,5}/\d\d)(?![\d/])(?:(?:,| et) (?:n° ?)?\d{3,5}/\d\d(?![\d/]))*")
_BULLETIN = re.compile(
    r"(?<![a-z])bull\.?(?:etin)?[ ,]{0,2}(?P<series>civ|crim|ass\. ?plen|a\. ?p|ch\. ?mixte"
    r"|mixte|joly|inf)?\.?[ ,]{0,2}"
    r"(?P<year>(?:18|19|20)\d\d)?[ ,]{0,3}(?P<part>[ivx]{1,4}(?![a-z]))?[ ,]{0,3}(?:n°s?"
    r" ?|nos? )(?P<number>\d{1,4})(?!\d)"
)


def identifiers(text: str, plain: str) -> Iterator[Citation]:
    """All kinds, in the order in which they claim a stretch of text: the surest first.

    A kind whose mark does not stand in the text at all costs one search for the mark.
    """
    for mark, kind, pattern in (("ecli:", "ecli", _ECLI), ("text0", "legacy", _LEGACY)):
        for found in pattern.finditer(plain) if mark in plain else ():
            yield _citation(kind, text, *found.span(), value=found[0].upper())
    for middle in _PORTALIS_MIDDLE.finditer(text):
        number = _PORTALIS.match(text, max(0, middle.start() - 4))
        if number and re.search(r"\d", number[0]):
            yield _citation("portalis", text, *number.span(), value=number[0])
    for found in _QPC.finditer(plain) if "qpc" in plain else ():
        yield _citation("qpc", text, *found.span(), value=f"{found[1]}-{found[2]} QPC")
    for found in _BULLETIN.finditer(plain) if "bull" in plain else ():
        yield _citation("bulletin", text, *found.span(), value=_bulletin(found))
    yield from _registers(text, plain)
    yield from _appeals(text, plain)
    yield from _bare(text, plain) if _SEVEN.search(plain) else ()


def _citation(kind: str, text: str, start: int, end: int, *, value: str, note: str = "") -> Citation:
    return Citation(kind=kind, text=text[start:end], start=start, end=end, value=value, note=note)


def _bulletin(found: re.Match[str]) -> str:
    series = {"civ": "civ.", "crim": "crim.", "mixte": "ch. mixte"}.get(
        found["series"] or "", (found["series"] or "").strip()
    )
    parts = ("Bull.", series, found["year"], (found["part"] or "").upper(), f"n° {found['number']}")
    return " ".join(part for part in parts if part)


def _registers(text: str, plain: str) -> Iterator[Citation]:
    """RG numbers, unique within a court alone, and the applications of Strasbourg, which look like them."""
    for pattern in (_RG, _BARE_RG):
        for found in pattern.finditer(plain):
            for number in _ONE_RG.finditer(plain, *found.span("list")):
                first = number.start() == found.start("list")
                start = found.start() if first else number.start()
                yield _citation("rg", text, start, number.end(), value=rg_value(number[0]))
    for found in _CEDH.finditer(plain):
        for number in re.compile(r"\d{3,5}/\d\d").finditer(plain, *found.span()):
            start = found.start() if number.start() == found.start(1) else number.start()
            yield _citation("cedh", text, start, number.end(), value=number[0])


def rg_value(number: str) -> str:
    """`18/4351` and `18/043511` → `18/04351`: five digits, the sixth is a check; others as they stand, in capitals."""
    year, slash, order = number.partition("/")
    return f"{year}/{order[:5]:>05}" if slash else number.upper()


def _appeals(text: str, plain: str) -> Iterator[Citation]:
    last_end, last = 0, ""
    for found in _APPEAL.finditer(plain):
        before = _KEY.search(plain, max(0, found.start() - 3), found.start())
        if not before:
            continue
        number = AppealNumber(found[1] + found[2] + found[3])
        start, note = _keyed(text, before, number, found.start())
        if last and re.fullmatch(r"\s*(?:a|au)\s*", plain[last_end:start]):
            note = note or f"Série de pourvois joints, de {AppealNumber(last).shown} à {number.shown}."
        elif re.match(r",? et suivants?\b", plain[found.end() : found.end() + 16]):
            note = note or "Suivi de « et suivants » : d'autres pourvois sont joints."
        last_end, last = found.end(), number.digits
        yield _citation("pourvoi", text, start, found.end(), value=number.digits, note=note)


def _bare(text: str, plain: str) -> Iterator[Citation]:
    """Seven digits run together are an appeal after « pourvoi » or « n° » alone."""
    for found in _BARE.finditer(plain):
        if not _OTHERS.search(plain, max(0, found.start() - 24), found.start()):
            number = AppealNumber(found[2])
            start, note = _keyed(text, found, number, found.start(2))
            yield _citation("pourvoi", text, start, found.end(), value=number.digits, note=note)


def _keyed(text: str, found: re.Match[str], number: AppealNumber, bare: int) -> tuple[int, str]:
    """(where the citation begins, a warning): « à 19-12.498 » has no key letter, « A 19-12.498 » has one."""
    if found[1] and "A" <= text[found.start(1)] <= "Z":
        return found.start(1), key_warning(number, found[1])
    return bare, ""
