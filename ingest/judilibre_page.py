"""Saved decision pages of the court's site (*courdecassation.fr/decision/…*): its text by zones, without navigation."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ingest.dates import parse_date
from ingest.extraction import Extraction, Metadata, Value, Zone
from ingest.markup import flow, one_line
from ingest.numbers import APPEAL, AppealNumber, Ecli, InvalidNumber
from ingest.taxonomy import chamber_code, formation_code, jurisdiction_code, publication_codes

MEDIA_TYPE = "text/html"
ZONES = {
    "entête": "introduction", "en-tête": "introduction", "introduction": "introduction",
    "exposé du litige": "expose", "moyens": "moyens", "motivation": "motivations", "motivations": "motivations",
    "dispositif": "dispositif", "moyens annexés": "annexes", "moyen annexé": "annexes", "annexes": "annexes",
    "annexe": "annexes",
}  # fmt: skip
_ID = re.compile(r"/decision/([0-9a-f]{24}[0-9a-f]*)")
_RG = re.compile(r"\d{2}/\d{4,6}|\d{10}|\d{4}[A-Z]\d{5}")


def read(root: Any) -> Extraction | None:
    """The decision of a saved page; None where this is no such page."""
    article = _first(root, "//article[contains(@class, 'decision-detaillee-item')]")
    main = article if article is not None else _first(root, "//*[contains(@class, 'decision-detaillee-item')]")
    if main is None:
        return None
    text, zones = _body(main)
    return Extraction(media_type=MEDIA_TYPE, text=text, zones=zones, metadata=_metadata(root, main))


def _body(main: Any) -> tuple[str, tuple[Zone, ...]]:
    pieces: list[tuple[str, str]] = []
    for part in main.xpath(".//*[contains(@class, 'decision-accordeon ')]"):
        heading = one_line(_text(_first(part, ".//button|.//h3"))).lower()
        text = (
            flow(found)
            if (found := _first(part, ".//*[contains(@class, 'decision-accordeon--contenu')]")) is not None
            else ""
        )
        if text:
            pieces.append((ZONES.get(heading, ""), text))
    if not pieces:
        holder = _first(main, ".//*[contains(@class, 'decision-element--texte-decision')]")
        for heading in holder.xpath("./h2") if holder is not None else ():
            holder.remove(heading)
        return (flow(holder) if holder is not None else ""), ()
    return _joined(pieces)


def _joined(pieces: list[tuple[str, str]]) -> tuple[str, tuple[Zone, ...]]:
    zones: list[Zone] = []
    at = 0
    for number, (name, text) in enumerate(pieces, 1):
        end = at + len(text) + (2 if number < len(pieces) else 0)
        if name:
            zones.append(Zone(name, at, end))
        at = end
    return "\n\n".join(text for _, text in pieces), tuple(zones)


def _metadata(root: Any, main: Any) -> Metadata:
    title = (
        [one_line(line) for line in flow(heading).split("\n")] if (heading := _first(main, ".//h1")) is not None else []
    )
    header = [one_line(_text(node)) for node in main.xpath(".//*[contains(@class, 'decision-header')]/p")]
    court = next((line for line in title if jurisdiction_code(line)), "Cour de cassation")
    code = jurisdiction_code(court) or "cc"
    numbers, others = _numbers(" ".join(title), code)
    names = next((line for line in header if chamber_code(line)), "")
    return Metadata(
        numbers=numbers,
        rg=others,
        ecli=_ecli(header),
        jurisdiction=Value(code, stated=True, where="titre de la page"),
        chamber=_value(chamber_code(names), "sous-titre de la page"),
        formation=_value(formation_code(names.split(" - ", 1)[1]) if " - " in names else None, "sous-titre de la page"),
        date=_date(title),
        publication=_publication(header, code),
        contested=_contested(main),
        themes=_texts(main, "decision-titles"),
        summary="\n\n".join(_texts(main, "decision-summary")),
        visa=tuple(
            one_line(_text(node)) for node in main.xpath(".//*[contains(@class, 'decision-element--appliques')]//li")
        ),
        source="judilibre",
        source_id=_identifier(root),
        published=True,
    )


def _first(node: Any, path: str) -> Any:
    found = node.xpath(path)
    return found[0] if found else None


def _text(node: Any) -> str:
    return "".join(node.itertext()) if node is not None else ""


def _value(code: str | None, where: str) -> Value[str] | None:
    return Value(code, stated=True, where=where) if code else None


def _texts(main: Any, name: str) -> tuple[str, ...]:
    return tuple(filter(None, (one_line(_text(node)) for node in main.xpath(f".//*[contains(@class, '{name}')]"))))


def _identifier(root: Any) -> str:
    for address in root.xpath("//link[@rel='canonical']/@href | //a[contains(@href, '/decision/export/')]/@href"):
        found = _ID.search(address.replace("/export/", "/"))
        if found:
            return found[1]
    return ""


def _numbers(title: str, court: str) -> tuple[tuple[Value[str], ...], tuple[Value[str], ...]]:
    where = "titre de la page"
    if court != "cc":
        return (), tuple(Value(rg, stated=True, where=where) for rg in dict.fromkeys(_RG.findall(title)))
    found = dict.fromkeys(AppealNumber.parse(match[0]).digits for match in APPEAL.finditer(title))
    return tuple(Value(number, stated=True, where=where) for number in found), ()


def _ecli(header: list[str]) -> Value[str] | None:
    for line in header:
        try:
            return Value(Ecli.parse(line).text, stated=True, where="sous-titre de la page")
        except InvalidNumber:
            continue
    return None


def _date(title: list[str]) -> Value[date] | None:
    found = next((day for line in title if (day := parse_date(line))), None)
    return Value(found, stated=True, where="titre de la page") if found else None


def _publication(header: list[str], court: str) -> tuple[Value[str], ...]:
    """The site writes nothing where a decision of the court is not published."""
    codes = next((codes for line in header if (codes := publication_codes(line))), ())
    if codes or court != "cc":
        return tuple(Value(code, stated=True, where="sous-titre de la page") for code in codes)
    return (Value("n", stated=False, where="absence de mention sur la page"),)


def _contested(main: Any) -> Value[str] | None:
    node = _first(main, ".//*[contains(@class, 'decision-element--contested')]//li")
    text = ", ".join(filter(None, (one_line(_text(part)) for part in node.xpath("./p")))) if node is not None else ""
    return Value(text, stated=True, where="Décision attaquée") if text else None
