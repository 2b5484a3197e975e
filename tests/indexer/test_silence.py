"""Abuse cases 1 to 4: what a reader may not see leaves no trace in what they see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from indexer import MemoryIndex, Page, Query, Record, SearchIndex, Sort, TantivyIndex
from tests.indexer.court import FILE, ask, decision, heading, note

WORDS = [
    "bail",
    "congé",
    "preneur",
    "bailleur",
    "servitude",
    "passage",
    "rente",
    "vendeur",
    "garantie",
    "vice",
    "délai",
    "faute",
    "lien",
    "cause",
]
RARE = ["accroissement", "anatocisme", "antichrèse", "emphytéose"]
QUERIES = [
    ask(text, labels=FILE, sort=sort, size=20)
    for sort in Sort
    for text in (
        "",
        "bail",
        "bail congé",
        "servitude vice rente",
        '"preneur bailleur"',
        "emphytéose",
        "emphytéose bail",
        "emphytéose antichrèse bail moto",
        "canari",
        "21-12.345",
    )
]


def visible(seed: int) -> list[Record]:
    rng = random.Random(seed)
    records = []
    for n in range(400):
        rare = rng.choices(RARE, k=rng.random() < 0.1)
        text = " ".join([*rng.choices(WORDS, k=rng.randint(5, 60)), *rare])
        when = date(2015, 1, 1) + timedelta(rng.randrange(40))
        chamber = rng.choice(["soc", "com", "civ1"])
        make = decision if n % 2 else note
        records.append(make(f"v{n}", text, date=when, chamber=chamber))
    return records


def hidden(count: int) -> list[Record]:
    """Documents that would shift rarity (rare words everywhere), lengths, ties, facets and every top list."""
    rng = random.Random(99)
    records = []
    for n in range(count):
        text = " ".join([*rng.choices(RARE + WORDS[:3], k=rng.choice([3, 400])), "canari"])
        when = date(2015, 1, 1) + timedelta(rng.randrange(40))
        records.append(
            note(
                f"h{n}",
                text,
                labels=frozenset({"dossier:9"}),
                case_file="9",
                date=when,
                chamber="crim",
                numbers=("2112345",),
                solution="rejet",
            )
        )
    whole = note("title-only", "bail", labels=frozenset({"dossier:9"}))
    return [*records, whole, heading("title-only-2", whole, frozenset({"greffe"}))]


def pages(index: SearchIndex) -> Iterator[Page]:
    for query in QUERIES:
        page = index.search(query)
        yield page
        if page.cursor is not None:
            yield index.search(replace(query, cursor=page.cursor))


@pytest.fixture(params=["memory", "tantivy"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[SearchIndex]]:
    """Three empty indexes of one kind."""
    make = MemoryIndex if request.param == "memory" else lambda: TantivyIndex(tmp_path / token_hex(4), writer=True)
    opened: list[SearchIndex] = [make() for _ in range(3)]
    yield opened
    for engine in opened:
        engine.close()


def test_hidden_documents_change_nothing(engines: list[SearchIndex]) -> None:
    """Every page is byte for byte the same with and without hidden documents, in whatever order they were written."""
    without, between, before = engines
    records, secret = visible(1), hidden(300 if isinstance(without, MemoryIndex) else 3000)
    without.replace(records)
    before.replace(secret)
    before.replace(records)
    for start in range(0, 400, 40):  # other segments, other neighbours
        between.replace(secret[start * 7 : start * 7 + 280])
        between.replace(records[start : start + 40])
    expected = repr(list(pages(without)))
    assert "bail" in expected
    assert repr(list(pages(before))) == expected
    assert repr(list(pages(between))) == expected


def test_control_statistics_over_hidden_documents_would_show(tmp_path: Path) -> None:
    """The comparison can fail: were hidden documents counted among the published, pages would differ."""
    without, leaking = TantivyIndex(tmp_path / "a", writer=True), TantivyIndex(tmp_path / "b", writer=True)
    without.replace(visible(1))
    leaking.replace([*visible(1), *(replace(record, published=True) for record in hidden(3000))])
    differing = sum(repr(a) != repr(b) for a, b in zip(pages(without), pages(leaking), strict=True))
    assert differing > 5
    without.close()
    leaking.close()


@pytest.mark.parametrize("matches", [0, 1, 20])
def test_number_of_hidden_matches_does_not_show(tmp_path: Path, matches: int) -> None:
    """A canary word tells nobody how many hidden documents hold it."""
    index = TantivyIndex(tmp_path / "index", writer=True)
    index.replace(visible(2))
    before = index.search(ask("canari bail", labels=FILE))
    if matches:
        index.replace(hidden(matches))
    assert repr(index.search(ask("canari bail", labels=FILE))) == repr(before)
    assert index.search(ask("canari", labels=FILE)) == Page(
        total=0, hits=(), facets={name: {} for name in ask().facets}
    )
    index.close()


def test_paging_past_the_end_shows_nothing(tmp_path: Path) -> None:
    """The last cursor is the last, with hidden documents behind it or not."""
    index = TantivyIndex(tmp_path / "index", writer=True)
    index.replace([*visible(3), *hidden(500)])
    query: Query | None = ask("bail", labels=FILE, size=50)
    seen = 0
    while query is not None:
        page = index.search(query)
        seen += len(page.hits)
        assert all(hit.document.startswith("v") for hit in page.hits)
        query = replace(query, cursor=page.cursor) if page.cursor else None
    assert seen == page.total
    index.close()
