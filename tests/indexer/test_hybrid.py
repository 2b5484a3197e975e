"""Hybrid search: what words and meaning show together, and to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer import HybridSearch, InvalidCursor, MemoryIndex, Mode, Page, Query, Record, SearchIndex, Sort, TantivyIndex
from indexer.embedder import Vectors
from indexer.hashing import HashingEmbedder
from indexer.hybrid import MEANING, Tuning
from indexer.meaning import MeaningIndex
from indexer.vectors import VectorIndex
from tests.indexer.court import FILE, OPEN, ask, decision, heading, note

SUBJECTS = {
    "bail": ("bailleur", "propriétaire", "locataire", "loyer", "logement"),
    "travail": ("employeur", "patron", "salarié", "licenciement", "renvoi"),
    "route": ("accident", "véhicule", "conducteur", "assurance", "collision"),
}


class Thesaurus:
    """An embedder that knows three subjects by their words, and nothing else: synonyms are near."""

    name = "thesaurus"
    floor = 0.5
    dimensions = 4

    def __init__(self) -> None:
        self.embedded = 0

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return self.queries(texts)

    def queries(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        counts = [[sum(text.casefold().count(word) for word in words) for words in SUBJECTS.values()] for text in texts]
        rows = np.array([[*subjects, 0.01 + (not any(subjects))] for subjects in counts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Search:
    """Both indexes, and the search over them."""

    def __init__(self, index: SearchIndex, directory: Path, **tuning: Any) -> None:
        self.embedder = Thesaurus()
        self.index = index
        self.vectors = VectorIndex(directory / "vectors", writer=True)
        self.meaning = MeaningIndex(self.vectors, self.embedder)
        self._hybrid = HybridSearch(index, self.vectors, self.embedder, Tuning(**tuning))

    def write(self, *records: Record) -> None:
        self.index.replace(records)
        self.meaning.replace(records)

    def __call__(self, text: str, **given: Any) -> Page:
        return self._hybrid.search(ask(text, **given))

    def ask(self, query: Query) -> Page:
        return self._hybrid.search(query)

    def close(self) -> None:
        self._hybrid.close()

    def walk(self, text: str, **given: Any) -> list[str]:
        page, found = self(text, **given), []
        while True:
            found += [hit.document for hit in page.hits]
            if page.cursor is None:
                return found
            page = self(text, **given | {"cursor": page.cursor})


def names(page: Page) -> list[str]:
    return [hit.document for hit in page.hits]


@pytest.fixture(params=["memory", "tantivy"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Search]]:
    """Makes searches that are closed at the end, on each of the engines."""
    made = []

    def search(name: str, **tuning: Any) -> Search:
        folder = tmp_path / name
        index = MemoryIndex() if request.param == "memory" else TantivyIndex(folder / "lexical", writer=True)
        made.append(Search(index, folder, **tuning))
        return made[-1]

    yield search
    for one in made:
        one.close()


@pytest.fixture
def search(make: Callable[..., Search]) -> Search:
    return make("court")


COURT = (
    decision("loyer", "Le locataire doit le loyer au bailleur du logement.", chamber="civ3", date=date(2020, 5, 1)),
    decision("conge", "Le propriétaire a donné congé.", chamber="civ3", date=date(2022, 5, 1)),
    decision("motif", "L’employeur justifie le licenciement du salarié.", chamber="soc", date=date(2021, 5, 1)),
    decision("renvoi", "Le renvoi par le patron était abusif.", chamber="soc", date=date(2019, 5, 1)),
    decision("choc", "La collision a blessé le conducteur du véhicule.", chamber="civ2", date=date(2018, 5, 1)),
)


def test_meaning_adds_what_words_miss(search: Search) -> None:
    """A synonym is found after the word itself, and says that meaning found it."""
    search.write(*COURT)
    page = search("licenciement")
    assert [(hit.document, hit.reason) for hit in page.hits] == [("motif", ""), ("renvoi", MEANING)]
    assert page.total == 2


def test_a_hit_by_meaning_shows_its_passage(search: Search) -> None:
    """Its extract is the passage that is near, with nothing lit up but the query's words that stand there."""
    long = "\n".join(["La procédure suit son cours devant la cour d’appel saisie."] * 60)
    search.write(decision("long", long + "\nLe patron a prononcé le renvoi. " + long))
    (hit,) = search("licenciement").hits
    assert (hit.reason, len(hit.extracts)) == (MEANING, 1)
    assert hit.extracts[0].zone == "motivations"
    assert hit.extracts[0].marks == ()
    assert hit.extracts[0].text.strip("… ")[:40] in long + "Le patron a prononcé le renvoi."


def test_lexical_mode_is_the_full_text_s_own(search: Search) -> None:
    """Mode lexical answers what the index answers, byte for byte."""
    search.write(*COURT)
    query = ask("licenciement", mode=Mode.LEXICAL)
    assert search.ask(query) == search.index.search(query)


def test_semantic_mode_lists_by_cosine(search: Search) -> None:
    """Mode semantic lists what is near, words or not; `total` and the facets count the list."""
    search.write(*COURT)
    page = search("licenciement", mode=Mode.SEMANTIC)
    assert set(names(page)) == {"motif", "renvoi"}
    assert {hit.document: hit.reason for hit in page.hits} == {"motif": "", "renvoi": MEANING}
    assert page.total == 2
    assert page.facets["chamber"] == {"soc": 2}
    assert [hit.score for hit in page.hits] == sorted((hit.score for hit in page.hits), reverse=True)


def test_semantic_mode_sorts_by_date(search: Search) -> None:
    """What is near, newest or oldest first, undated documents last."""
    search.write(*COURT, decision("sans-date", "Le patron licencie."))
    asked = {"mode": Mode.SEMANTIC, "size": 1}
    assert search.walk("licenciement", sort=Sort.NEWEST, **asked) == ["motif", "renvoi", "sans-date"]
    assert search.walk("licenciement", sort=Sort.OLDEST, **asked) == ["renvoi", "motif", "sans-date"]


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.SEMANTIC])
def test_nothing_below_the_floor_is_listed(search: Search, mode: Mode) -> None:
    """A word that no document holds and that is near to none finds nothing."""
    search.write(*COURT)
    page = search("photosynthèse", mode=mode)
    assert (page.total, page.hits, page.cursor) == (0, (), None)


@pytest.mark.parametrize(
    "text", ["« patron était abusif » licenciement", "pourvoi n° 21-12.345 licenciement", '"employeur"']
)
def test_numbers_and_phrases_are_the_full_text_s_alone(search: Search, text: str) -> None:
    """What is asked for to the letter is not widened by meaning."""
    search.write(*COURT, decision("n", "licenciement", numbers=("2112345",)))
    page = search(text)
    assert page == search.index.search(ask(text))
    assert all(not hit.reason for hit in page.hits)


def test_every_hit_holds_the_phrase_in_quotes(search: Search) -> None:
    """A phrase in quotation marks stands in each hit of a hybrid page, whatever the other words."""
    search.write(*COURT)
    for text in ('"justifie le licenciement"', '"justifie le licenciement" salarié collision'):
        assert set(names(search(text))) <= {"motif"}


def test_the_number_of_an_article_does_not_shut_meaning_out(search: Search) -> None:
    """« 1234-5 » typed among words is one of them, and no phrase in quotation marks."""
    search.write(*COURT)
    assert set(names(search("licenciement 1234-5"))) == {"motif", "renvoi"}


def test_lists_by_date_are_the_full_text_s(search: Search) -> None:
    """Sorted by date, a hybrid page holds what the words match."""
    search.write(*COURT)
    assert names(search("licenciement", sort=Sort.NEWEST)) == ["motif"]


def test_counts_are_of_words_and_of_what_meaning_adds(search: Search) -> None:
    """`total` and each facet count lexical matches and the hits by meaning alone, each document once."""
    search.write(*COURT, decision("deux", "Licenciement du salarié par le patron.", chamber="cr"))
    page = search("licenciement")
    assert page.total == 3 == len(page.hits)
    assert page.facets["chamber"] == dict(Counter({"soc": 2, "cr": 1}))
    assert page.facets["year"] == {"2019": 1, "2021": 1}


def test_filters_bind_meaning_too(search: Search) -> None:
    """Facets, dates and case file narrow both halves."""
    search.write(*COURT, note("n", "Le patron s’oppose au renvoi."))
    assert names(search("licenciement", filters={"chamber": frozenset({"civ3"})})) == []
    assert names(search("licenciement", date_to=date(2020, 1, 1))) == ["renvoi"]
    assert names(search("licenciement", labels=FILE, case_file="1")) == ["n"]


def test_paging_shows_each_document_once(make: Callable[..., Search]) -> None:
    """Pages of any size hold together what one page of everything holds, in the same order."""
    search = make("court", window=7, neighbours=9)
    records = [decision(f"w{n}", "licenciement " * (1 + n % 5) + "du salarié " * (n % 3)) for n in range(20)]
    records += [decision(f"m{n}", "renvoi par le patron " * (1 + n)) for n in range(12)]
    search.write(*records)
    whole = search("licenciement", size=1000)
    assert whole.total == len(set(names(whole))) == len(names(whole))
    assert {hit.document for hit in whole.hits if not hit.reason} == {f"w{n}" for n in range(20)}
    assert 0 < sum(bool(hit.reason) for hit in whole.hits) <= 9
    for size in (1, 3, 7, 8, 19):
        assert search.walk("licenciement", size=size) == names(whole)
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=True)


def test_a_cursor_of_another_query_is_refused(search: Search) -> None:
    """It is an error, not another list."""
    search.write(*COURT)
    cursor = search("licenciement", size=1).cursor
    for asked in ({"text": "patron"}, {"text": "licenciement", "mode": Mode.SEMANTIC}):
        with pytest.raises(InvalidCursor):
            search(**asked, cursor=cursor, size=1)


def test_hidden_documents_leave_no_trace(make: Callable[..., Search]) -> None:
    """In every mode a page is byte for byte the same with and without documents that the reader may not see."""
    plain, full = make("plain"), make("full")
    plain.write(*COURT)
    hidden = [note(f"h{n}", "licenciement renvoi patron collision " * (1 + n % 4)) for n in range(40)]
    full.write(*hidden[:20], *COURT, *hidden[20:])
    controls = 0
    for text in ("licenciement", "renvoi", "collision loyer", "patron véhicule assurance", "congé"):
        for mode in Mode:
            for sort in Sort:
                query = ask(text, mode=mode, sort=sort, size=2)
                assert full.ask(query) == plain.ask(query)
                controls += full.ask(replace(query, labels=FILE)).total > full.ask(query).total
    assert controls > 10  # who may see them does


def test_a_denied_document_is_gone_at_once(search: Search) -> None:
    """Before the index has caught up, no mode shows it or counts it."""
    search.write(*COURT)
    for mode in Mode:
        page = search("licenciement", mode=mode, denied=frozenset({"motif", "renvoi"}))
        assert (page.total, page.hits) == (0, ())
        assert page.facets["chamber"] == {}


def test_title_alone_is_found_by_meaning_without_its_body(search: Search) -> None:
    """Who may know the title of a note finds it by the title's meaning, never by its body's."""
    whole = note("n", "Accident de véhicule.", title="Renvoi par le patron")
    search.write(whole, heading("n-title", whole, frozenset({"public"})))
    (hit,) = search("licenciement").hits
    assert (hit.document, hit.title_only, hit.extracts) == ("n", True, ())
    assert search("collision").hits == ()


def test_vectors_ahead_of_the_full_text_show_nothing(search: Search) -> None:
    """A document whose vectors are there and whose record is not, or no longer, is not listed."""
    search.meaning.replace(COURT)
    search.index.replace(COURT[:1])
    assert search("licenciement").total == 0
    search.index.replace(COURT)
    search.index.remove(["renvoi"])
    assert names(search("licenciement")) == ["motif"]


def test_a_full_text_without_vectors_still_answers(search: Search) -> None:
    """Vectors follow later, and those of another model count for nothing."""
    search.index.replace(COURT)
    assert names(search("licenciement")) == ["motif"]
    MeaningIndex(search.vectors, HashingEmbedder(4)).replace(COURT)
    assert names(search("licenciement")) == ["motif"]


def test_a_document_waiting_for_its_vectors_keeps_the_rank_of_its_words(search: Search) -> None:
    """The best match by words leads before its meaning is read as after, whatever is read already."""
    best = decision("best", "Licenciement du salarié : le licenciement de ce salarié.")
    other = decision("other", "L’employeur et le patron : licenciement d’un salarié, après de longs débats entre eux.")
    search.index.replace([best, other])
    search.meaning.replace([other])
    assert names(search("licenciement salarié")) == ["best", "other"]
    search.meaning.replace([best])
    assert names(search("licenciement salarié")) == ["best", "other"]


def test_without_words_the_full_text_lists(search: Search) -> None:
    """An empty query browses: newest first, facets of everything."""
    search.write(*COURT)
    assert search("").total == 5
    assert search(" ", mode=Mode.SEMANTIC).total == 5


def test_a_change_of_clearance_embeds_nothing(search: Search) -> None:
    """The passages' texts are the same: their vectors move to other labels, at once."""
    search.write(*COURT)
    before = search.embedder.embedded
    search.write(replace(COURT[3], labels=frozenset({"secret"}), published=False))
    assert search.embedder.embedded == before
    assert names(search("licenciement")) == ["motif"]
    assert set(names(search("licenciement", labels=OPEN | {"secret"}))) == {"motif", "renvoi"}


def test_an_edit_embeds_the_passages_that_it_touched(search: Search) -> None:
    """Of a long document one paragraph changes: one or two passages are embedded again, not the document."""
    paragraphs = [f"Paragraphe {n} : " + "la cour examine le moyen et retient sa compétence. " * 15 for n in range(20)]
    search.write(note("n", "\n".join(paragraphs)))
    before = search.embedder.embedded
    paragraphs[10] += "Le patron a tort. "
    search.write(note("n", "\n".join(paragraphs)))
    assert 1 <= search.embedder.embedded - before <= 3 < before
    assert names(search("licenciement", labels=FILE)) == ["n"]
