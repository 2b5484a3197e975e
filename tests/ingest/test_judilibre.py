"""Judilibre: records of the API and saved pages of the site."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import Extraction, Unreadable
from ingest.html import Html
from ingest.judilibre import Judilibre, looks_like

RECORD: dict[str, Any] = {
    "id": "5fca277de35a255d41ca73ab", "source": "jurinet",
    "text": "COMM.\n\nArrêt\n\nPAR CES MOTIFS, la Cour :\n\nREJETTE",
    "chamber": "comm", "decision_date": "2020-11-18", "jurisdiction": "cc", "number": "19-19.463",
    "numbers": ["19-19.463", "19-19464"], "publication": ["b"], "solution": "rejet", "type": "other", "formation": "fs",
    "ecli": "ECLI:FR:CCASS:2020:CO00740", "visa": [{"title": "Article L. 721-3 du code de commerce."}],
    "themes": ["tribunal de commerce"], "summary": "Le résumé.",
    "contested": {"date": "2019-05-16", "title": "cour d'appel de Paris\nPôle 4", "number": "18/27804"},
    "zones": {"introduction": [{"start": 0, "end": 14}], "moyens": [], "dispositif": [{"start": 14, "end": 48}]},
}  # fmt: skip

PAGE = """<!DOCTYPE html><html lang="fr"><head>
<link rel="canonical" href="https://www.courdecassation.fr/decision/67593257db845b438efc6e22">
<title>Décision - Pourvoi n°23-15.672 | Cour de cassation</title></head><body><nav>Accueil</nav><main>
<article class="decision-detaillee-item-article"><div class="decision-content decision-content--main">
<h1>11 décembre 2024<br>Cour de cassation<br>Pourvoi n°
 23-15.672, 23-15.673</h1><div class="decision-header"><p class="h4-like">Première chambre civile
 - Formation de section</p><p class="h4-like">Publié au Bulletin - Publié au Rapport</p>
<p>ECLI:FR:CCASS:2024:C100695</p></div>
<p class="decision-titles">CONFLIT DE JURIDICTIONS</p><p class="decision-summary">Est contraire.</p>
<div class="decision-accordeon paragraph"><h3><button>Entête</button></h3>
<p class="decision-accordeon--contenu">CIV. 1<br>
<br>
COUR DE CASSATION</p></div>
<div class="decision-accordeon paragraph"><h3><button>Motivation</button></h3>
<p class="decision-accordeon--contenu">1. Vu.</p></div>
<div class="decision-accordeon paragraph"><h3><button>Dispositif</button></h3>
<p class="decision-accordeon--contenu">REJETTE</p></div>
</div></article></main><footer>Mentions légales</footer></body></html>"""


def read(record: Any) -> Extraction:
    return Judilibre().extract(io.BytesIO(json.dumps(record).encode()), "decision.json")


def page(body: str) -> Extraction:
    return Html().extract(io.BytesIO(body.encode()), "decision.html")


def test_a_record_is_stated_and_published() -> None:
    """Codes, numbers, date and identifier of a record are stated, and the decision is published."""
    about = read(RECORD).metadata
    assert (about.source, about.source_id, about.published) == ("jurinet", RECORD["id"], True)
    assert [number.value for number in about.numbers] == ["1919463", "1919464"]
    assert about.date is not None
    assert about.date.value == date(2020, 11, 18)
    assert [value.value for value in (about.chamber, about.formation, about.solution) if value] == [
        "comm",
        "fs",
        "rejet",
    ]
    assert [letter.value for letter in about.publication] == ["b"]
    assert about.contested is not None
    assert about.contested.value == "cour d'appel de Paris Pôle 4, 2019-05-16, 18/27804"
    assert about.title is not None
    assert about.title.value.endswith("18 novembre 2020, 19-19.463")


def test_labels_and_codes_say_the_same() -> None:
    """A record asked with resolved references gives the same metadata as one with codes."""
    labels = {
        "chamber": "Chambre commerciale financière et économique",
        "jurisdiction": "Cour de cassation",
        "publication": ["Publié au Bulletin"],
        "solution": "Rejet",
        "formation": "Formation de section",
    }
    first, second = read(RECORD).metadata, read(RECORD | labels).metadata
    for field in ("chamber", "jurisdiction", "publication", "solution", "formation"):
        assert getattr(first, field) == getattr(second, field)


def test_the_zones_of_a_record_are_its_own() -> None:
    """Offsets of the API are kept; those outside the text are cut or dropped."""
    assert [(zone.name, zone.start, zone.end) for zone in read(RECORD).zones] == [
        ("introduction", 0, 14), ("dispositif", 14, 48),
    ]  # fmt: skip
    wrong = {"moyens": [{"start": 5, "end": 10_000}, {"start": 9_000, "end": 9_001}, {"start": "x"}, None], "x": 3}
    zones = read(RECORD | {"zones": wrong}).zones
    assert [(zone.start, zone.end) for zone in zones] == [(5, len(RECORD["text"]))]


def test_a_record_of_another_court_has_rg_numbers() -> None:
    """A court of appeal's numbers are RG numbers, its kind an arrêt."""
    about = read(RECORD | {"jurisdiction": "ca", "numbers": ["20/00804"], "number": "20/00804", "ecli": None}).metadata
    assert (about.numbers, [rg.value for rg in about.rg]) == ((), ["20/00804"])
    assert about.kind is not None
    assert about.kind.value == "arret"


def test_records_are_recognised_by_their_keys() -> None:
    """A record is told from other JSON by keys that stand anywhere in its head."""
    assert looks_like(json.dumps(RECORD).encode())
    assert looks_like(b"\xef\xbb\xbf  " + json.dumps(RECORD).encode()[:300])
    assert not looks_like(b'{"name": "minutier", "text": "x"}')
    assert not looks_like(b"<html>")


def test_several_records_are_not_read_as_one() -> None:
    """Of a file that was not taken apart, nothing is left out in silence: several records wait with a sentence."""
    other = {**RECORD, "id": "5fca277de35a255d41ca73ac"}
    lines = "\n".join(json.dumps(one) for one in (RECORD, other))
    for held in (json.dumps([RECORD, other]), json.dumps({"total": 2, "results": [RECORD, other]}), lines):
        with pytest.raises(Unreadable, match="plusieurs notices") as refused:
            Judilibre().extract(io.BytesIO(held.encode()), "x.json")
        assert refused.value.reason == "several"
    assert read([RECORD]).text == read({"results": [RECORD]}).text == RECORD["text"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b'{"a": 1}', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_record_is_unreadable(body: bytes) -> None:
    """Broken or foreign JSON ends as a sentence for a clerk."""
    with pytest.raises(Unreadable) as refused:
        Judilibre().extract(io.BytesIO(body), "x.json")
    assert refused.value.sentence.endswith(".")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda v: (
        st.lists(v, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "date", "start", "end", "moyens"]), v, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(RECORD)), VALUES))
def test_no_value_of_a_record_crashes(changes: dict[str, Any]) -> None:
    """A record with any value under any key is read or refused."""
    try:
        extraction = read(RECORD | changes)
    except Unreadable:
        return
    assert all(0 <= zone.start < zone.end <= len(extraction.text) for zone in extraction.zones)


def test_a_saved_page_gives_text_zones_and_metadata() -> None:
    """Of a page of the site the decision stays: navigation goes, zones and header are stated."""
    extraction = page(PAGE)
    assert extraction.text == "CIV. 1\n\nCOUR DE CASSATION\n\n1. Vu.\n\nREJETTE"
    assert [zone.name for zone in extraction.zones] == ["introduction", "motivations", "dispositif"]
    about = extraction.metadata
    assert (about.source_id, about.published) == ("67593257db845b438efc6e22", True)
    assert [number.value for number in about.numbers] == ["2315672", "2315673"]
    assert [value.value for value in (about.chamber, about.formation, about.ecli) if value] == [
        "civ1",
        "fs",
        "ECLI:FR:CCASS:2024:C100695",
    ]
    assert [letter.value for letter in about.publication] == ["b", "r"]
    assert (about.themes, about.summary) == (("CONFLIT DE JURIDICTIONS",), "Est contraire.")


def test_another_page_is_never_published() -> None:
    """A page without the site's decision block is an ordinary document."""
    assert not page("<html><body><p>Décision</p></body></html>").metadata.published
