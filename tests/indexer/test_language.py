"""The query language: what is understood, what is said of the rest, and that nothing is lost without a word."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import LONGEST, clean, words
from indexer.language import Reading, read
from indexer.language.days import span
from indexer.terms import (
    Days,
    Either,
    Every,
    Near,
    Phrase,
    Reference,
    Reporter,
    Term,
    Value,
    Wildcard,
    Within,
    Without,
    Word,
)

BAIL, CONGE, VICE = Word("bail", "bail"), Word("cong", "conge"), Word("vic", "vice")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("bail congé", (BAIL, CONGE)),
        ("bail ET congé", (BAIL, CONGE)),
        ("bail AND congé", (BAIL, CONGE)),
        ("bail OU congé", (Either((BAIL, CONGE)),)),
        ("bail congé OR vice", (Either((Every((BAIL, CONGE)), VICE)),)),
        ("(bail OU congé) vice", (Either((BAIL, CONGE)), VICE)),
        ("bail SAUF congé", (BAIL, Without(CONGE))),
        ("bail NOT (congé OU vice)", (BAIL, Without(Either((CONGE, VICE))))),
        ("bail -congé", (BAIL, Without(CONGE))),
        ("bail - congé", (BAIL, CONGE)),
        ('-"clause de bail"', (Without(Phrase(("clause", "de", "bail"))),)),
        ('"bail congé"~5', (Near(("bail", "conge"), 5),)),
        ("« bail congé »~2", (Near(("bail", "conge"), 2),)),
        ("licenci*", (Wildcard("licenci*"),)),
        ("décisi?n", (Wildcard("decisi?n"),)),
        ("l’employ*", (Wildcard("employ*"),)),
        ("=Baux", (Phrase(("baux",)),)),
        ("motivations:vice", (Within(frozenset({"motivations"}), VICE),)),
        ('visa:"bail congé"', (Within(frozenset({"visa"}), Phrase(("bail", "conge"))),)),
        ("dispositif:(bail OU congé)", (Within(frozenset({"dispositif"}), Either((BAIL, CONGE))),)),
        ("visa:L.1234-5", (Within(frozenset({"visa"}), Phrase(("1234", "5"))),)),
        ("chambre:soc", (Value("chamber", ("soc",)),)),
        ("chambre: soc", (Value("chamber", ("soc",)),)),
        ("-chambre:soc", (Without(Value("chamber", ("soc",))),)),
        ("chambre:(soc OU comm)", (Value("chamber", ("soc", "comm")),)),
        ("état:depose", (Value("state", ("depose",)),)),
        ("juridiction:ca", (Value("jurisdiction", ("ca",)),)),
        ("date:2020..2023", (Days("day", date(2020, 1, 1), date(2023, 12, 31)),)),
        ("modifié:>2022", (Days("changed", date(2023, 1, 1), None),)),
        ("numéro:21-12.345", (Reference(("2112345",), (("21", "12", "345"), ("21", "12345"), ("2112345",))),)),
        ("ecli:ecli:fr:ccass:2022:so00387", read("ECLI:FR:CCASS:2022:SO00387").terms),
        ('rapporteur:"Mme Roy"', (Reporter(("mme", "roy")),)),
        ("NON-LIEU", (Every((Word("non", "non"), Word("lieu", "lieu"))),)[0].parts),
        ("où est le bail", (BAIL,)),
    ],
)
def test_what_is_written_is_understood(text: str, terms: tuple[Term, ...]) -> None:
    """Each construction reads as the guide says, without a slip."""
    reading = read(text)
    assert reading.terms == terms
    assert reading.slips == ()


@pytest.mark.parametrize(
    ("text", "terms", "said"),
    [
        ('bail "congé', (BAIL, CONGE), "guillemet est resté ouvert"),
        ("bail OU", (BAIL,), "« OU » n’a rien"),
        ("ET bail", (BAIL,), "« ET » n’a rien"),
        ("bail ET OU congé", (Either((BAIL, CONGE)),), "« ET » n’a rien"),
        ("bail SAUF", (BAIL,), "« SAUF » n’a rien"),
        ("(bail", (BAIL,), "parenthèses"),
        ("bail)", (BAIL,), "parenthèses"),
        ("chambr:soc", (Word("chambr", "chambr"), Word("soc", "soc")), "Vouliez-vous « chambre: »"),
        ("date:hier bail", (Word("hi", "hier"), BAIL), "la date n’est pas lisible"),
        ("motivations:", (), "« motivations : » n’a rien"),
        ("chambre: ", (), "attend une valeur"),
        ("*bail", (BAIL,), "après 3 lettres"),
        ("ba* vice", (Word("ba", "ba"), VICE), "après 3 lettres"),
        ('"bail"~5', (Phrase(("bail",)),), "deux mots différents"),
        ('"bail vice"~900', (Near(("bail", "vice"), 100),), "100 est retenu"),
        ("bail~5", (Every((BAIL, Word("5", "5"))),)[0].parts, ""),
        ("🙂", (), "Rien de ce qui est écrit"),
        ("x" * 70 + " bail", (BAIL,), "plus de 60 lettres"),
        ("(" * 40 + "bail" + ")" * 40, (BAIL,), "parenthèses"),
    ],
)
def test_a_slip_is_said_and_the_rest_is_read(text: str, terms: tuple[Term, ...], said: str) -> None:
    """What cannot be read is told in one sentence; what can be is looked for."""
    reading = read(text)
    assert reading.terms == terms
    assert any(said in slip.sentence for slip in reading.slips) if said else True
    assert all(slip.sentence.endswith((".", "?")) for slip in reading.slips)


def test_a_long_query_says_where_it_was_cut() -> None:
    """Beyond the terms that one search counts, the first one left is named."""
    reading = read(" ".join(f"mot{n}" for n in range(100)))
    assert len(reading.terms) == 64
    assert "à partir de « mot64 »" in reading.slips[0].sentence


def test_chips_show_what_was_understood_and_take_it_away() -> None:
    """Each piece is shown in order; without it, the query reads as if it had never been written."""
    reading = read("(bail OU congé) -vice chambre:soc motivations:faute")
    assert [chip.shown for chip in reading.chips] == [
        "(", "bail", "OU", "congé", ")", "SAUF", "vice", "chambre : soc", "motivations :", "faute",
    ]  # fmt: skip
    without = {chip.shown: read(chip.without).terms for chip in reading.chips if chip.without}
    whole = reading.terms
    assert without["bail"] == (CONGE, *whole[1:])
    assert without["vice"] == (whole[0], *whole[2:])
    assert without["SAUF"] == (whole[0], VICE, *whole[2:])
    assert without["chambre : soc"] == (*whole[:2], whole[3])
    assert without["motivations :"] == (*whole[:3], Word("faut", "faute"))
    assert without["faute"] == whole[:3]


def test_meaning_is_looked_for_by_the_words_alone() -> None:
    """Fields, operators and what is not wanted are not embedded; a plain question is, as it was typed."""
    assert read("rupture de la période d’essai").said == "rupture de la période d’essai"
    assert read("rupture chambre:soc date:2020").said == "rupture"
    assert read("rupture chambre:soc").spoken
    assert read("bail SAUF vice").said == "bail"
    assert not read("bail SAUF vice").spoken
    assert not read('"bail rural"').spoken
    assert not read("chambre:soc").spoken


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("02/2021", date(2021, 2, 1), date(2021, 2, 28)),
        ("12/01/2022", date(2022, 1, 12), date(2022, 1, 12)),
        ("2022-1-12", date(2022, 1, 12), date(2022, 1, 12)),
        ("1er févr. 2022", date(2022, 2, 1), date(2022, 2, 1)),
        ("août 2022", date(2022, 8, 1), date(2022, 8, 31)),
        ("2020..", date(2020, 1, 1), None),
        ("..05/2020", None, date(2020, 5, 31)),
        ("2023..2020", date(2020, 1, 1), date(2023, 12, 31)),
        ("<2020", None, date(2019, 12, 31)),
        ("≥ 2020", date(2020, 1, 1), None),
    ],
)
def test_days_in_any_writing(written: str, first: date | None, last: date | None) -> None:
    """A year, a month or a day, and what lies between two of them."""
    if written == "2023..2020":  # ends given backwards are exchanged
        first, last = date(2020, 12, 31), date(2023, 1, 1)
    assert span(written) == (first, last)


@pytest.mark.parametrize("written", ["", "hier", "31/02/2020", "13/2020", "..", "2020..x", ">..", "0000", ">9999"])
def test_what_is_no_day(written: str) -> None:
    """What is no date is none."""
    assert span(written) is None


_PIECES = st.sampled_from(
    [
        '"', "«", "»", "“", "”", "(", ")", "ET", "OU", "SAUF", "NOT", "AND", "OR", "-", "=", "*", "?", "~5", ":", " ",
        "  ", "\n", "[", "]", "bail", "l’état", "congé*", "date:2020", "chambre:", "visa:", "foo:", "21-12.345",
        "1234-5", "😀", "\u202e", "\x00", "é", "Œuvre", "ﬁ", "ECLI:FR:CCASS:2022:SO00387", "18/04351", "..", "le", "de",
        "x" * 61, "ﷺ",
    ]
)  # fmt: skip
_QUERIES = st.one_of(
    st.lists(_PIECES, max_size=40).map("".join),
    st.lists(_PIECES, max_size=40).map(" ".join),
    st.text(max_size=200),
)


def leaves(terms: tuple[Term, ...]) -> set[str]:
    """Every folded word that the terms hold."""
    held: set[str] = set()
    for term in terms:
        match term:
            case Every(parts=parts) | Either(parts=parts):
                held |= leaves(parts)
            case Within(part=part) | Without(part=part):
                held |= leaves((part,))
            case Word(form=form):
                held.add(form)
            case Phrase(words=found) | Near(words=found) | Reporter(words=found):
                held |= set(found)
            case Wildcard(pattern=pattern):
                held |= set(words(pattern.replace("*", " ").replace("?", " ")))
            case _:
                pass
    return held


def unsaid(text: str, reading: Reading) -> list[str]:
    """Words of the query that are neither looked for, nor shown in a chip, nor told as left or ignored."""
    cleaned = clean(text)
    told = " ".join([*(slip.sentence for slip in reading.slips), *(chip.shown for chip in reading.chips)])
    told += " " + " ".join(cleaned[slip.start : slip.end] for slip in reading.slips)
    operators = {"et", "ou", "sauf", "not", "and", "or", "non"}
    known = leaves(reading.terms) | set(words(told)) | set(reading.ignored) | operators
    wild = "".join(words(told))
    return [word for word in words(cleaned) if len(word) <= LONGEST and word not in known and word not in wild]


@given(_QUERIES)
@settings(max_examples=2_000, deadline=None)
def test_no_text_is_an_error_nor_loses_a_word(text: str) -> None:
    """Whatever is typed has a reading, and each of its words is looked for, or said."""
    reading = read(text)
    assert unsaid(text, reading) == []
    assert reading.terms or reading.slips or not clean(text).strip()
    for chip in reading.chips:
        read(chip.without)


def test_ten_thousand_characters_are_read(soak: bool) -> None:
    """A pasted page reads in one go, cut where the sentence says; a hundred thousand texts in the soak."""
    for seed in ('bail "', "(", "-", "a:b ", "=x*", "« ", "OU ", "21-12.345 ", "é"):
        reading = read((seed * 10_000)[:10_000])
        assert reading.terms or reading.slips
    if soak:
        settings(max_examples=100_000, deadline=None)(given(_QUERIES)(_sound))()


def _sound(text: str) -> None:
    assert unsaid(text, read(text)) == []
