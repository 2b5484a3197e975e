"""What every engine must do, asked of each in the same words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from indexer import InvalidCursor, InvalidQuery, Query, SearchIndex, Sort
from indexer.stretch import Stretch
from tests.indexer.court import CLERK, DECISIONS, FILE, NOTES, OPEN, ask, decision, heading, note


def found(index: SearchIndex, query: Query) -> list[str]:
    return [hit.document for hit in index.search(query).hits]


def walk(index: SearchIndex, query: Query) -> list[str]:
    documents, page = [], index.search(query)
    while True:
        documents += [hit.document for hit in page.hits]
        if page.cursor is None:
            return documents
        page = index.search(replace(query, cursor=page.cursor))


class Conformance:
    """Subclasses give a fixture `index`: empty, open for writing."""

    @pytest.fixture
    def court(self, index: SearchIndex) -> SearchIndex:
        index.replace([*DECISIONS, *NOTES])
        return index

    # Writing

    def test_replace_takes_the_place_of_what_the_document_had(self, index: SearchIndex) -> None:
        """A replaced document is found by its new words, and not by its old ones."""
        index.replace([decision("a", "préjudice moral")])
        index.replace([decision("a", "dommage corporel")])
        assert found(index, ask("préjudice")) == []
        assert found(index, ask("dommage")) == ["a"]
        assert index.search(ask()).total == 1

    def test_replace_and_remove_may_be_repeated(self, index: SearchIndex) -> None:
        """Replaying the feed changes nothing."""
        for _ in range(3):
            index.replace([decision("a", "bail"), decision("b", "bail")])
            index.remove(["a", "never-there"])
        assert found(index, ask("bail")) == ["b"]

    def test_replace_drops_records_that_the_document_no_longer_has(self, index: SearchIndex) -> None:
        """A document written with one record loses the second one that it had."""
        whole = note("n", "motif")
        index.replace([whole, heading("n-title", whole, frozenset({"greffe"}))])
        assert found(index, ask(labels=CLERK)) == ["n"]
        index.replace([whole])
        assert found(index, ask(labels=CLERK)) == []

    def test_document_moves_between_restricted_and_published(self, index: SearchIndex) -> None:
        """A note that becomes a published decision is one document, then open to all, and back."""
        index.replace([note("a", "bail"), note("b", "bail")])
        index.replace([decision("a", "bail")])
        assert found(index, ask("bail")) == ["a"]
        assert index.search(ask("bail", labels=FILE)).total == 2
        index.replace([note("a", "bail")])
        assert index.search(ask("bail")).total == 0
        assert index.search(ask("bail", labels=FILE)).total == 2

    def test_last_record_of_an_id_wins(self, index: SearchIndex) -> None:
        """The same record twice in one batch is one record, the later."""
        index.replace([decision("a", "ancien"), decision("a", "nouveau")])
        assert index.search(ask()).total == 1
        assert found(index, ask("nouveau")) == ["a"]

    # Words

    @pytest.mark.parametrize(
        ("text", "documents"),
        [
            ("licenciements", {"d1"}),
            ("employeur", {"d1"}),
            ("l'employeur", {"d1"}),
            ("l’employeur", {"d1"}),
            ("EMPLOYEUR", {"d1"}),
            ("procede", {"d1"}),
            ("coeur", {"d2"}),
            ("cœur", {"d2"}),
            ("contrat", {"d3", "d4"}),
            ("contrat travail", {"d3"}),
            ("contrat de travail", {"d3"}),
            ("«contrats de travail»", {"d3"}),
            ("«contrat de travail»", set()),
            ("« cause réelle et sérieuse »", {"d1"}),
            ('"cause reelle et serieuse"', {"d1"}),
            ("“CAUSE RÉELLE”", {"d1"}),
            ('"réelle cause"', set()),
            ('"sérieuse bailleur"', set()),
            ("L. 1234-5", {"d1"}),
            ("L. 1234‑5", {"d1"}),
            ("L. 1234-6", set()),
            ("décision", {"d1", "d2", "d3", "d4"}),
            ("de la", set()),
            ("au", {"d1", "d2"}),
        ],
    )
    def test_words_and_phrases(self, court: SearchIndex, text: str, documents: set[str]) -> None:
        """Words are found inflected and without accents, all of them wanted; phrases as written but for accents."""
        page = court.search(ask(text))
        kept = set() if page.relaxed else {hit.document for hit in page.hits}
        assert kept == documents

    @pytest.mark.parametrize(
        "written",
        [
            "21-12.345",
            "21-12345",
            "21‑12.345",
            "2112345",
            "C 21-12.345",
            "C2112345",
            "pourvoi n° 21-12.345",
            "21–12.345",
        ],
    )
    def test_appeal_number_in_any_writing(self, court: SearchIndex, written: str) -> None:
        """The decision that bears the number comes first, then those that mention it."""
        assert found(court, ask(written)) == ["d1", "d3"]

    @pytest.mark.parametrize(
        ("written", "document"),
        [
            ("ECLI:FR:CCASS:2022:SO00387", "d1"),
            ("ecli:fr:ccass:2022:so00387", "d1"),
            ("RG 18/04351", "d3"),
            ("RG n° 18/04351", "d3"),
            ("N° RG 18/04351", "d3"),
            ("18/4351", "d3"),
            ("20-10.002", "d2"),
            ('"20-10.002"', "d2"),
        ],
    )
    def test_other_references(self, court: SearchIndex, written: str, document: str) -> None:
        """ECLI and RG are found in any writing."""
        assert found(court, ask(written)) == [document]

    def test_number_narrows_words(self, court: SearchIndex) -> None:
        """A number beside words is one more thing wanted."""
        assert found(court, ask("contrat 21-12.345")) == ["d3"]

    def test_relaxed_when_nothing_holds_all(self, court: SearchIndex) -> None:
        """Where no document holds every word, those that hold a quarter are shown, and the page says so."""
        page = court.search(ask("bailleur preneur hélicoptère"))
        assert [hit.document for hit in page.hits] == ["d2"]
        assert page.relaxed
        assert not court.search(ask("bailleur preneur")).relaxed

    def test_long_queries_relax_sooner(self, court: SearchIndex) -> None:
        """Four words that only a few documents hold also show those that hold some, best first."""
        page = court.search(ask("licenciement cause réelle sérieuse"))
        assert (page.relaxed, page.hits[0].document) == (True, "d1")
        assert not court.search(ask("licenciement cause réelle")).relaxed

    def test_filters_do_not_relax(self, court: SearchIndex) -> None:
        """An empty answer that a filter made stays empty."""
        page = court.search(ask("bailleur preneur", filters={"chamber": frozenset({"soc"})}))
        assert (page.total, page.relaxed) == (0, False)

    @pytest.mark.parametrize(
        "text",
        [
            '"',
            "« ",
            '""',
            "a OR b AND NOT (c",
            "title:[a TO b}",
            "*",
            "?*~^\\",
            "\x00\x00",
            "\ud800",
            "é" * 10_000,
            "mot " * 2_500,
            '"' * 10_000,
            "пример 例え مثال",
            "-",
            "12/2021",
            "\u202e\u00ad",
        ],
    )
    def test_anything_may_be_typed(self, court: SearchIndex, text: str) -> None:
        """No text raises an error, and text without a word finds nothing rather than everything."""
        page = court.search(ask(text))
        assert page.total == len(page.hits)
        if not any(character.isalnum() for character in text):
            assert page.total == 0

    def test_other_scripts_are_found(self, index: SearchIndex) -> None:
        """A text in Cyrillic or Greek is found by its words."""
        index.replace([decision("a", "Мать и дитя, Αθήνα"), decision("b", "autre")])
        assert found(index, ask("МАТЬ")) == ["a"]
        assert found(index, ask("αθηνα")) == ["a"]

    def test_broken_typography_is_mended(self, index: SearchIndex) -> None:
        """Soft hyphens, split accents and ligatures do not hide a word."""
        index.replace([decision("a", "procé\u00addure e\u0301tablie \ufb01nale, proce\u0301dural")])
        for text in ("procédure", "établie", "finale", '"procédure établie finale"'):
            assert found(index, ask(text)) == ["a"], text

    # Clearance

    def test_labels_decide(self, court: SearchIndex) -> None:
        """Hits, counts and facets hold what the reader's labels allow, and nothing else."""
        assert set(found(court, ask("contrat"))) == {"d3", "d4"}
        page = court.search(ask("contrat", labels=FILE))
        assert {hit.document for hit in page.hits} == {"d3", "d4", "n1"}
        assert page.facets["kind"] == {"arret": 1, "avis": 1, "note": 1}
        assert court.search(ask("contrat", labels=frozenset())).total == 0
        assert court.search(ask("contrat", labels=frozenset({"dossier:3"}))).facets["kind"] == {}

    def test_title_without_body(self, index: SearchIndex) -> None:
        """Who may know of a note finds its title, not its words, and sees no extract."""
        whole = note("n", "motivation secrète", title="Note sur le bail")
        index.replace([whole, heading("n-title", whole, frozenset({"greffe", "dossier:1"}))])
        (hit,) = index.search(ask("note bail", labels=CLERK)).hits
        assert (hit.title_only, hit.extracts) == (True, ())
        assert index.search(ask("secrète", labels=CLERK)).total == 0
        (hit,) = index.search(ask("secrète", labels=FILE)).hits
        assert not hit.title_only
        page = index.search(ask("note bail", labels=FILE | CLERK))
        assert (page.total, page.facets["kind"]) == (1, {"note": 1})

    def test_a_barring_label_wins(self, index: SearchIndex) -> None:
        """A reader who holds a label of `unless` finds nothing of the record, whatever else they hold."""
        index.replace([note("n", "bail commercial", unless=frozenset({"w:1"})), note("o", "bail rural")])
        labels = FILE | CLERK | OPEN
        assert index.search(ask("bail", labels=labels)).total == 2
        page = index.search(ask("bail", labels=labels | {"w:1"}))
        assert (page.total, [hit.document for hit in page.hits]) == (1, ["o"])
        assert page.facets["kind"] == {"note": 1}
        assert index.search(ask("commercial", labels=labels | {"w:1"})).total == 0

    def test_denied_is_subtracted_everywhere(self, court: SearchIndex) -> None:
        """A document whose clearance was narrowed is gone from hits, counts and facets at once."""
        page = court.search(ask("contrat", labels=FILE, denied=frozenset({"n1", "d4", "unknown"})))
        assert (page.total, [hit.document for hit in page.hits]) == (1, ["d3"])
        assert page.facets["kind"] == {"arret": 1}

    def test_denied_does_not_show_by_relaxing(self, court: SearchIndex) -> None:
        """A denied or hidden document that holds all words does not keep the query strict."""
        assert court.search(ask("bailleur preneur congé", denied=frozenset({"d2"}))).total == 0
        assert court.search(ask("contrat appelle", labels=OPEN)).relaxed
        assert not court.search(ask("contrat appelle", labels=FILE)).relaxed

    # Filters and facets

    def test_filters_combine(self, court: SearchIndex) -> None:
        """Values of a facet are alternatives, facets are conditions."""
        assert set(found(court, ask(filters={"solution": frozenset({"rejet", "cassation"})}))) == {"d1", "d2", "d3"}
        both = {"solution": frozenset({"rejet"}), "chamber": frozenset({"soc"})}
        assert found(court, ask(filters=both)) == ["d3"]
        assert court.search(ask(filters={"chamber": frozenset()})).total == 4

    def test_facet_ignores_its_own_filter(self, court: SearchIndex) -> None:
        """A facet keeps showing the alternatives to what was picked in it; the others narrow."""
        page = court.search(ask(filters={"solution": frozenset({"rejet"})}))
        assert page.facets["solution"] == {"rejet": 2, "cassation": 1}
        assert page.facets["chamber"] == {"civ3": 1, "soc": 1}
        assert page.facets["publication"] == {"b": 1, "n": 1}
        assert page.facets["year"] == {"2021": 1, "2022": 1}
        assert page.total == 2

    def test_only_facets_asked_for(self, court: SearchIndex) -> None:
        """A page counts the facets named, and no other."""
        assert set(court.search(ask(facets=("kind",))).facets) == {"kind"}

    def test_dates(self, court: SearchIndex) -> None:
        """Bounds are inclusive; what has no date is outside any bound."""
        assert set(found(court, ask(date_from=date(2022, 3, 2)))) == {"d1", "d3"}
        assert found(court, ask(date_to=date(2022, 3, 1))) == ["d2"]
        assert court.search(ask(date_from=date(2021, 6, 17), date_to=date(2022, 3, 2))).total == 3

    def test_case_file(self, court: SearchIndex) -> None:
        """One case file's pieces alone, within clearance."""
        assert found(court, ask(case_file="1", labels=FILE)) == ["n1"]
        assert found(court, ask(case_file="2", labels=FILE)) == []

    def test_zones(self, index: SearchIndex) -> None:
        """Words may be wanted in some zones alone; a phrase then has its words there; numbers stand anywhere."""
        index.replace(
            [
                decision(
                    "a", zones={"moyens": "Le bail rural est nul.", "dispositif": "Rejette."}, numbers=("2112345",)
                ),
                decision("b", zones={"motivations": "La rupture.", "dispositif": "Casse le bail rural."}),
                decision("c", "Rien.", title="Bail rural", parties=("Bail SARL",)),
            ]
        )
        ending = frozenset({"dispositif"})
        assert set(found(index, ask("bail"))) == {"a", "b", "c"}
        assert found(index, ask("bail", zones=ending)) == ["b"]
        assert set(found(index, ask("bail", zones=ending | {"moyens"}))) == {"a", "b"}
        assert found(index, ask("bail", zones=frozenset({"title"}))) == ["c"]
        assert found(index, ask('"bail rural"', zones=ending)) == ["b"]
        assert found(index, ask("21-12.345", zones=frozenset({"visa"}))) == ["a"]
        assert set(found(index, ask("bail", zones=ending, facets=("kind",)))) == {"b"}
        assert index.search(ask("bail", zones=ending)).facets["kind"] == {"arret": 1}
        with pytest.raises(InvalidQuery, match="zone"):
            index.search(ask("bail", zones=frozenset({"marge"})))

    # Order and paging

    def test_sorts(self, index: SearchIndex) -> None:
        """By date both ways, with undated documents last."""
        when = [date(1950, 1, 1), date(2001, 5, 4), date(2020, 2, 29)]
        index.replace([decision(str(day), "bail", date=day) for day in when] + [decision("undated", "bail")])
        dated = [str(day) for day in when]
        assert found(index, ask("bail", sort=Sort.OLDEST)) == [*dated, "undated"]
        assert found(index, ask("bail", sort=Sort.NEWEST)) == [*reversed(dated), "undated"]
        assert found(index, ask()) == [*reversed(dated), "undated"]

    def test_more_frequent_and_better_placed_comes_first(self, index: SearchIndex) -> None:
        """A decision about the word leads one that mentions it."""
        filler = "La cour statue sur le moyen présenté par le demandeur. " * 30
        index.replace(
            [
                decision("mention", filler + "Il est question de servitude. " + filler),
                decision("about", filler + "La servitude est établie. " * 8 + filler),
                decision("summary", filler + "La servitude est établie. " * 8, summary="Servitude de passage"),
            ]
        )
        assert found(index, ask("servitude")) == ["summary", "about", "mention"]

    def test_one_scale_for_published_and_restricted(self, index: SearchIndex) -> None:
        """The same text earns the same score whether published or not; the date tells equals apart."""
        day = date(2020, 1, 1)
        index.replace([decision("p", "servitude de passage", date=day), note("r", "servitude de passage", date=day)])
        first, second = index.search(ask("servitude", labels=FILE)).hits
        assert first.score == pytest.approx(second.score, rel=0.2)

    @pytest.mark.parametrize("sort", list(Sort))
    @pytest.mark.parametrize("text", ["", "bail"])
    def test_pages_hold_everything_once(self, index: SearchIndex, sort: Sort, text: str) -> None:
        """Walking the cursor shows each document exactly once, also among equals, in the order of one large page."""
        first = date(2020, 1, 1)
        index.replace(
            [decision(f"p{n}", "bail" + " rural" * (n % 3), date=first + timedelta(n % 4)) for n in range(40)]
            + [note(f"r{n}", "bail" + " rural" * (n % 3), date=first + timedelta(n % 4)) for n in range(33)]
        )
        query = ask(text, labels=FILE, sort=sort, size=7)
        whole = found(index, replace(query, size=100))
        assert len(set(whole)) == 73
        assert walk(index, query) == whole

    def test_cursor_belongs_to_its_query(self, court: SearchIndex) -> None:
        """A foreign or broken cursor is refused in a sentence."""
        cursor = court.search(ask(size=1)).cursor
        assert cursor is not None
        for bad in (cursor[:-2], "", "é", "AAAA", "W10", cursor + "A", "x" * 5000):
            with pytest.raises(InvalidCursor):
                court.search(ask(size=1, cursor=bad))
        with pytest.raises(InvalidCursor):
            court.search(ask("contrat", size=1, cursor=cursor))

    def test_impossible_queries_are_refused(self, court: SearchIndex) -> None:
        """An unknown filter and an absurd size are told in French."""
        with pytest.raises(InvalidQuery, match="filtre"):
            court.search(ask(filters={"colour": frozenset({"x"})}))
        with pytest.raises(InvalidQuery, match="page"):
            court.search(ask(size=0))

    # What a hit shows

    def test_hit_is_drawn_from_the_index_alone(self, court: SearchIndex) -> None:
        """Every field of a hit comes back as it was written."""
        (hit,) = court.search(ask("licenciement")).hits
        record = DECISIONS[0]
        for name in ("document", "kind", "title", "case_file", "numbers", "ecli", "date", "chamber", "formation"):
            assert getattr(hit, name) == getattr(record, name), name
        for name in ("solution", "publication", "state", "jurisdiction", "published"):
            assert getattr(hit, name) == getattr(record, name), name

    def test_extracts_light_up_what_was_asked(self, court: SearchIndex) -> None:
        """A hit carries its best place, with the words' exact offsets."""
        (hit,) = court.search(ask("licenciements « cause reelle »")).hits
        (extract,) = hit.extracts
        assert extract.zone == "motivations"
        assert [extract.text[a:b] for a, b in extract.marks] == ["licenciement", "cause réelle"]
        assert court.search(ask("licenciements", extracts=0)).hits[0].extracts == ()

    # Documents by name

    def test_fetch_draws_what_the_reader_may_find_in_the_order_asked(self, court: SearchIndex) -> None:
        """Hidden, denied, filtered and unknown documents are left out; the words need not match."""
        first, second, hidden = DECISIONS[1].document, DECISIONS[0].document, NOTES[0].document
        hits = court.fetch([first, hidden, "unknown", second], ask("licenciement"), relaxed=False)
        assert [hit.document for hit in hits] == [first, second]
        assert [bool(hit.score) for hit in hits] == [False, True]
        assert hits[1] == court.search(ask("licenciement")).hits[0]
        assert [h.document for h in court.fetch([hidden], ask("x", labels=NOTES[0].labels), relaxed=True)] == [hidden]
        assert court.fetch([first], ask(denied=frozenset({first})), relaxed=False) == []
        assert court.fetch([first], ask(filters={"chamber": frozenset({"soc"})}), relaxed=False) == []
        assert court.fetch([], ask("licenciement"), relaxed=False) == []

    def test_fetch_shows_the_stretch_where_words_do_not_match(self, index: SearchIndex) -> None:
        """The extract of a document that the words do not match is cut from the stretch given."""
        text = "Le bail est résilié. " + "La cour statue sur les moyens. " * 40 + "Le loyer reste dû."
        index.replace([decision("a", text), decision("b", "Le congé du bailleur.")])
        stretch = Stretch("motivations", text.index("Le loyer"), len(text))
        stretches = {"a": stretch, "b": Stretch("motivations", 500, 600)}
        first, second = index.fetch(["a", "b"], ask("congé"), stretches, relaxed=False)
        assert [extract.text for extract in first.extracts] == ["Le loyer reste dû."]
        assert [extract.text for extract in second.extracts] == ["Le congé du bailleur."]
        assert index.fetch(["b"], ask("photosynthèse"), stretches, relaxed=False)[0].extracts == ()

    def test_relaxed_still_wants_every_phrase_and_number(self, court: SearchIndex) -> None:
        """Only words may be missing: what stands in quotation marks or is a number is in every hit."""
        page = court.search(ask("« cause réelle » bailleur préjudice moral"))
        assert [hit.document for hit in page.hits] == ["d1"] or not page.hits
        assert court.search(ask("21-12.345 bailleur congé preneur")).hits == ()
