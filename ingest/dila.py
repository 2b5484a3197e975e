"""Decisions in DILA's XML (*fonds CASS, INCA, CAPP, JADE, CONSTIT de Légifrance*): `TEXTE_JURI_*`."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, BinaryIO

from lxml import etree

from ingest.extraction import Extraction, Metadata, Unreadable, Value
from ingest.markup import flow, one_line, xml_parser
from ingest.metadata import enrich
from ingest.numbers import AppealNumber, Ecli, InvalidNumber
from ingest.taxonomy import chamber_code, jurisdiction_code, kind_code, solution_code

MEDIA_TYPE = "application/vnd.dila+xml"
MAX_BYTES = 64 * 1024 * 1024
DAMAGED = "Ce fichier XML est abîmé et n'a pas pu être lu : il est gardé tel quel, demandez-en une nouvelle copie."
UNSAFE = "Ce fichier XML contient des déclarations interdites (DTD) : il est gardé tel quel et n'a pas été lu."
REPAIRED = "Le fichier XML était abîmé : ce qui a pu l'être a été lu, vérifiez la fin du texte."
_ROOT = re.compile(rb"<TEXTE_JURI_[A-Z]+[\s>]")
_PRESIDENT_NOTE = re.compile(r"\s*\((?:président|présidente|premier président|conseiller)[^)]{0,60}\)$", re.IGNORECASE)


class Dila:
    media_types = frozenset({MEDIA_TYPE})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        root, warnings = _parse(file.read(MAX_BYTES + 1))
        content = root.findall("TEXTE/BLOC_TEXTUEL/CONTENU")
        text = "\n\n".join(part for part in map(flow, content) if part)
        if warnings and not text:
            raise Unreadable("damaged", DAMAGED)
        extraction = Extraction(media_type=MEDIA_TYPE, text=text, metadata=_metadata(root), warnings=warnings)
        return enrich(extraction, name)


def looks_like(head: bytes) -> bool:
    return bool(_ROOT.search(head.replace(b"\0", b"")))


def _parse(data: bytes) -> tuple[Any, tuple[str, ...]]:
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large", DAMAGED)
    if b"<!DOCTYPE" in data.replace(b"\0", b"")[:65536].upper():
        raise Unreadable("unsafe", UNSAFE)
    warnings: tuple[str, ...] = ()
    try:
        root = etree.fromstring(data, xml_parser())
    except (etree.XMLSyntaxError, ValueError):
        warnings = (REPAIRED,)
        try:
            root = etree.fromstring(data, xml_parser(recover=True))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("damaged", DAMAGED) from error
    if root is None or not str(root.tag).startswith("TEXTE_JURI_"):
        raise Unreadable("damaged", DAMAGED)
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("unsafe", UNSAFE)
    return root, warnings


def _metadata(root: Any) -> Metadata:
    numbers, others = _numbers(root)
    words = _read(root, "SOLUTION")
    published = root.find(".//PUBLI_BULL")
    letter = {"oui": "b", "non": "n"}.get(published.get("publie", "").lower()) if published is not None else None
    return Metadata(
        title=_value(root, "TITRE"),
        kind=_coded(root, "NATURE", kind_code),
        numbers=numbers,
        rg=others,
        ecli=_ecli(root),
        decision_number=_own_number(root),
        jurisdiction=_coded(root, "JURIDICTION", lambda text: jurisdiction_code(text) or text),
        chamber=_coded(root, "FORMATION", chamber_code),
        date=_date(root, "DATE_DEC"),
        solution=_coded(root, "SOLUTION", solution_code),
        solution_detail=Value(words, stated=True, where="SOLUTION") if words else None,
        publication=(Value(letter, stated=True, where="PUBLI_BULL"),) if letter else (),
        parties=tuple(_values(root, "DEMANDEUR") + _values(root, "DEFENDEUR")),
        president=_coded(root, "PRESIDENT", lambda text: _PRESIDENT_NOTE.sub("", text)),
        rapporteur=_value(root, "RAPPORTEUR"),
        advocate_general=_value(root, "AVOCAT_GL"),
        counsel=_value(root, "AVOCATS"),
        contested=_contested(root),
        themes=tuple(one_line(flow(node)) for node in root.findall(".//SOMMAIRE/SCT") if flow(node)),
        summary="\n\n".join(filter(None, (flow(node) for node in root.findall(".//SOMMAIRE/ANA")))),
        visa=tuple(
            one_line("".join(node.itertext()))
            for node in root.findall("LIENS/LIEN")
            if node.get("typelien") == "CITATION" and "".join(node.itertext()).strip()
        ),
        source="dila",
        source_id=_read(root, "ID"),
        published=True,
    )


def _read(root: Any, tag: str) -> str:
    node = root.find(f"META//{tag}")
    return one_line("".join(node.itertext())) if node is not None else ""


def _value(root: Any, tag: str) -> Value[str] | None:
    text = _read(root, tag)
    return Value(text, stated=True, where=tag) if text else None


def _values(root: Any, tag: str) -> list[Value[str]]:
    texts = [one_line("".join(node.itertext())) for node in root.findall(f"META//{tag}")]
    return [Value(text, stated=True, where=tag) for text in texts if text]


def _coded(root: Any, tag: str, code: Any) -> Value[str] | None:
    text = _read(root, tag)
    found = code(text) if text else None
    return Value(found, stated=True, where=tag) if found else None


def _numbers(root: Any) -> tuple[tuple[Value[str], ...], tuple[Value[str], ...]]:
    """Appeal numbers, and what stands in their place for other courts: RG."""
    appeals: dict[str, Value[str]] = {}
    others: dict[str, Value[str]] = {}
    for node in root.findall("META//NUMERO_AFFAIRE"):
        text = one_line("".join(node.itertext()))
        try:
            number = AppealNumber.parse(text).digits
            appeals.setdefault(number, Value(number, stated=True, where="NUMERO_AFFAIRE"))
        except InvalidNumber:
            if text:
                others.setdefault(text, Value(text, stated=True, where="NUMERO_AFFAIRE"))
    return tuple(appeals.values()), tuple(others.values())


def _ecli(root: Any) -> Value[str] | None:
    try:
        return Value(Ecli.parse(_read(root, "ECLI")).text, stated=True, where="ECLI")
    except InvalidNumber:
        return None


def _own_number(root: Any) -> Value[str] | None:
    """The arrêt's number, which the ECLI holds: DILA's own (`22300971`) names it with year and chamber."""
    ecli = _ecli(root)
    number = Ecli(ecli.value).number if ecli else None
    return Value(number, stated=True, where="ECLI") if number else _value(root, "NUMERO")


def _date(root: Any, tag: str) -> Value[date] | None:
    try:
        return Value(date.fromisoformat(_read(root, tag)), stated=True, where=tag)
    except ValueError:
        return None


def _contested(root: Any) -> Value[str] | None:
    court, day = _read(root, "FORM_DEC_ATT").rstrip(" ,;"), _read(root, "DATE_DEC_ATT")
    text = ", ".join(part for part in (court, day) if part)
    return Value(text, stated=True, where="FORM_DEC_ATT") if text else None
