"""Records of the court's API (*Judilibre*), `/decision` answers and `/search` results: one record a file.

Files of several records are taken apart before (`ingest/archives/records.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from ingest.encoding import WINDOWS
from ingest.extraction import Extraction, Metadata, Unreadable, Value, Zone
from ingest.markup import one_line
from ingest.metadata import enrich
from ingest.numbers import AppealNumber, Ecli, InvalidNumber
from ingest.taxonomy import (
    PUBLICATIONS,
    chamber_code,
    formation_code,
    jurisdiction_code,
    kind_code,
    publication_codes,
    solution_code,
)

MEDIA_TYPE = "application/vnd.judilibre+json"
MAX_BYTES = 64 * 1024 * 1024
ZONES = ("introduction", "expose", "moyens", "motivations", "dispositif", "annexes")
DAMAGED = (
    "Cette notice Judilibre est abîmée et n'a pas pu être lue : elle est gardée telle"
    " quelle, téléchargez-la de nouveau."
)
SEVERAL = (
    "Ce fichier contient plusieurs notices Judilibre et n'a pas été lu ici : il est gardé tel quel, versez-le par"
    " « minutier ingest » (en .json, ou en .jsonl s'il en porte une par ligne), qui les lit toutes."
)
_KEYS = (b'"decision_date"', b'"jurisdiction"', b'"numbers"', b'"ecli"', b'"text"', b'"zones"', b'"chamber"')


class Judilibre:
    media_types = frozenset({MEDIA_TYPE})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        data = file.read(MAX_BYTES + 1)
        try:
            held = json.loads(data) if len(data) <= MAX_BYTES else None
        except json.JSONDecodeError as error:
            several = error.msg == "Extra data"
            raise Unreadable("several", SEVERAL) if several else Unreadable("damaged", DAMAGED) from error
        except (ValueError, RecursionError) as error:
            raise Unreadable("damaged", DAMAGED) from error
        record = _record(held)
        if record is None:
            raise Unreadable("damaged", DAMAGED)
        text = _text(record.get("text"))
        return enrich(
            Extraction(
                media_type=MEDIA_TYPE,
                text=text,
                zones=_zones(record, text),
                metadata=_metadata(record),
            ),
            name,
        )


def looks_like(head: bytes) -> bool:
    """An object with an id and keys that only a decision's record has, in any order."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"{", b"[")):
        return False
    keys = sum(key in head for key in _KEYS)
    return b'"id"' in head and (
        keys >= 3 or (keys >= 1 and re.search(rb'"source"\s*:\s*"(?:jur|dila|tcom)', head) is not None)
    )


def _record(held: Any) -> Mapping[str, Any] | None:
    """The record itself, or the only one that a list or an answer with `results` holds. Raises Unreadable: several."""
    if isinstance(held, Mapping) and isinstance(held.get("results"), list) and "id" not in held:
        held = held["results"]
    if isinstance(held, list):
        if len(held) > 1:
            raise Unreadable("several", SEVERAL)
        held = held[0] if held else None
    return held if isinstance(held, Mapping) and ("text" in held or "decision_date" in held) else None


def _text(value: Any) -> str:
    """As it stands, since zones point into it; a lone surrogate cannot be kept and becomes a question mark."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").translate(WINDOWS)


def _zones(record: Mapping[str, Any], text: str) -> tuple[Zone, ...]:
    held = record.get("zones")
    zones: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
    found: list[Zone] = []
    for name in ZONES:
        for part in _list(zones, name):
            start, end = (part.get("start"), part.get("end")) if isinstance(part, Mapping) else (None, None)
            if isinstance(start, int) and isinstance(end, int) and 0 <= start < min(end, len(text)):
                found.append(Zone(name, start, min(end, len(text))))
    return tuple(sorted(found, key=lambda zone: zone.start))


def _metadata(record: Mapping[str, Any]) -> Metadata:
    jurisdiction = _coded(record, "jurisdiction", lambda text: jurisdiction_code(text) or text)
    court = jurisdiction.value if jurisdiction else "cc"
    appeals, others = _numbers(record, court)
    return Metadata(
        kind=_kind(record, court),
        numbers=appeals,
        rg=others,
        ecli=_ecli(record),
        jurisdiction=jurisdiction,
        chamber=_coded(record, "chamber", chamber_code if court == "cc" else one_line),
        formation=_coded(record, "formation", formation_code),
        date=_date(record),
        solution=_coded(record, "solution", solution_code),
        solution_detail=_coded(record, "solution_alt", one_line) or _coded(record, "solution", one_line),
        publication=_publication(record),
        contested=_contested(record),
        themes=tuple(one_line(str(theme)) for theme in _list(record, "themes") if theme),
        summary=one_line(_text(record.get("summary"))),
        visa=tuple(filter(None, map(_visa, _list(record, "visa")))),
        source=one_line(str(record.get("source") or "judilibre"))[:40],
        source_id=one_line(str(record.get("id") or record.get("_id") or ""))[:80],
        published=True,
    )


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _coded(record: Mapping[str, Any], key: str, code: Any) -> Value[str] | None:
    text = record.get(key)
    found = code(text) if isinstance(text, str) and text.strip() else None
    return Value(found, stated=True, where=key) if found else None


def _kind(record: Mapping[str, Any], court: str) -> Value[str] | None:
    """`other` says nothing: the text is asked, then the court's habit."""
    stated = _coded(record, "type", kind_code)
    if stated and stated.value != "other":
        return stated
    return Value("arret" if court == "ca" else "jugement", stated=True, where="jurisdiction") if court != "cc" else None


def _numbers(record: Mapping[str, Any], court: str) -> tuple[tuple[Value[str], ...], tuple[Value[str], ...]]:
    held = [*_list(record, "numbers"), record.get("number")]
    texts = list(dict.fromkeys(one_line(text) for text in held if isinstance(text, str) and text.strip()))
    if court != "cc":
        return (), tuple(Value(text, stated=True, where="numbers") for text in texts)
    appeals: dict[str, Value[str]] = {}
    others: list[Value[str]] = []
    for text in texts:
        try:
            number = AppealNumber.parse(text).digits
            appeals.setdefault(number, Value(number, stated=True, where="numbers"))
        except InvalidNumber:
            others.append(Value(text, stated=True, where="numbers"))
    return tuple(appeals.values()), tuple(others)


def _ecli(record: Mapping[str, Any]) -> Value[str] | None:
    try:
        return Value(Ecli.parse(record.get("ecli") or "").text, stated=True, where="ecli")
    except (InvalidNumber, TypeError, AttributeError):
        return None


def _date(record: Mapping[str, Any]) -> Value[date] | None:
    try:
        return Value(date.fromisoformat(str(record.get("decision_date"))[:10]), stated=True, where="decision_date")
    except ValueError:
        return None


def _publication(record: Mapping[str, Any]) -> tuple[Value[str], ...]:
    codes = {code for item in _list(record, "publication") for code in publication_codes(str(item))}
    return tuple(Value(code, stated=True, where="publication") for code in PUBLICATIONS if code in codes)


def _contested(record: Mapping[str, Any]) -> Value[str] | None:
    held = record.get("contested")
    if isinstance(held, list):
        held = held[0] if held else None
    if not isinstance(held, Mapping):
        return None
    parts = (held.get("title") or held.get("location"), held.get("date"), held.get("number"))
    text = ", ".join(one_line(part) for part in parts if isinstance(part, str) and part.strip())
    return Value(text, stated=True, where="contested") if text else None


def _visa(item: Any) -> str:
    title = item.get("title") if isinstance(item, Mapping) else item
    return one_line(title) if isinstance(title, str) else ""
