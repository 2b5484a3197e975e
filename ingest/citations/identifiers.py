"""References that are numbers (*pourvoi, ECLI, RG, Portalis, Bulletin, QPC, CEDH, identifiants Légifrance*)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction import Citation
from ingest.numbers import AppealNumber, key_warning

_ECLI = re.compile(r"ecli:[a-z]{2}:[a-z0-9]{1,7}:\d{4}:[a-z0-9](?:[a-z0-9.]{0,23}[a-z0-9])?(?![a-z0-9])")
_LEGACY = re.compile(r"(?<![a-z0-9])(?:juri|ceta|cons)text\d{12}(?!\d)")
_PORTALIS = re.compile(r"(?<![\w-])[A-Z0-9]{4}-[A-Z]-[A-Z0-9]{3}-[A-Z0-9]{3,5}(?![\w-])")
_QPC = re.compile(r"(?<![\d/-])(\d{4})-(\d{1,4}(?:/\d{1,4}){0,20}) ?qpc(?![a-z])")
_APPEAL = re.compile(r"(?<![\w/-])(?:([a-z]) ?)?(\d\d) ?- ?(\d\d)[. ]?(\d{3})(?![\w/]|-\d)")
_BARE = re.compile(r"(?:pourvois?|n°|\bno|\bnumero) ?(?:n°s? ?|nos? |numeros? )?(?:([a-z]) ?)?(\d{7})(?![\d/-])")
_OTHERS = re.compile(
    r"(?:\br\.? ?g\.?|siret|siren|portalis|requete|dossier|minute|rcs|tva|compte|police|contrat|facture|repertoire)[^\n]{0,12}$"
)
_RG_NUMBER = r"(?:\d\d/\d{4,6}|\d{10}|\d{4}[a-z]\d{5})(?![\d/-])"
_RG = re.compile(
    rf"(?:(?<![a-z])(?:n° ?|no |numero )?(?:r\. ?g\.?|rg|repertoire general)[ :]{{0,3}}(?:n°s? ?|nos? |numeros? )?[ :.]{{0,3}}|(?<![a-z])(?:n°s?|nos?|numeros?) ?(?:rg|r\.g\.)[ :]{{0,3}})(?P<list>{_RG_NUMBER}(?:(?:,| et|,? ?;| ?-) ?(?:(?:n°|rg) ?)?{_RG_NUMBER}){{0,20}})"
)
_BARE_RG = re.compile(r"n° ?(?P<list>\d\d/\d{5,6}(?![\d/-]))")
_ONE_RG = re.compile(_RG_NUMBER)
_CEDH = re.compile(r"(?:requetes?,? )?n°s? ?(\d{3,5}/\d\d)(?![\d/])(?:(?:,| et) (?:n° ?)?\d{3,5}/\d\d(?![\d/]))*")
_BULLETIN = re.compile(
    r"(?<![a-z])bull\.?(?:etin)?[ ,]{0,2}(?P<series>civ|crim|ass\. ?plen|a\. ?p|ch\. ?mixte|mixte|joly|inf)?\.?[ ,]{0,2}"
    r"(?P<year>(?:18|19|20)\d\d)?[ ,]{0,3}(?P<part>[ivx]{1,4}(?![a-z]))?[ ,]{0,3}(?:n°s? ?|nos? )(?P<number>\d{1,4})(?!\d)"
)


def identifiers(text: str, plain: str) -> Iterator[Citation]:
    """All kinds, in the order in which they claim a stretch of text: the surest first."""
    for found in _ECLI.finditer(plain):
        yield _citation("ecli", text, *found.span(), value=found[0].upper())
    for found in _LEGACY.finditer(plain):
        yield _citation("legacy", text, *found.span(), value=found[0].upper())
    for found in _PORTALIS.finditer(text):
        if re.search(r"\d", found[0]):
            yield _citation("portalis", text, *found.span(), value=found[0])
    for found in _QPC.finditer(plain):
        yield _citation("qpc", text, *found.span(), value=f"{found[1]}-{found[2]} QPC")
    for found in _BULLETIN.finditer(plain):
        yield _citation("bulletin", text, *found.span(), value=_bulletin(found))
    yield from _registers(text, plain)
    yield from _appeals(text, plain)


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
        digits = found[2] + found[3] + found[4]
        # « à 19-12.498 » is no key letter, nor is the initial of a party.
        keyed = (
            bool(found[1]) and text[found.start(1)].isascii() and (text[found.start(1)].isupper() or found.start() == 0)
        )
        start = found.start() if keyed else found.start(2)
        number = AppealNumber(digits)
        note = key_warning(number, found[1]) if keyed else ""
        between = plain[last_end : found.start(1) if keyed else start]
        if last and re.fullmatch(r"\s*(?:a|au)\s*", between):
            note = note or f"Série de pourvois joints, de {AppealNumber(last).shown} à {number.shown}."
        elif re.match(r",? et suivants?\b", plain[found.end() : found.end() + 16]):
            note = note or "Suivi de « et suivants » : d'autres pourvois sont joints."
        last_end, last = found.end(), digits
        yield _citation("pourvoi", text, start, found.end(), value=digits, note=note)
    for found in _BARE.finditer(plain):
        if _OTHERS.search(plain[max(0, found.start() - 24) : found.start()]):
            continue
        keyed = bool(found[1]) and text[found.start(1)].isupper()
        number = AppealNumber(found[2])
        start = found.start(1) if keyed else found.start(2)
        yield _citation(
            "pourvoi", text, start, found.end(), value=found[2], note=key_warning(number, found[1]) if keyed else ""
        )
