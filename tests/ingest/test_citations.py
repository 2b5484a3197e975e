"""Citations: what is recognised, what is not, where it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.citations import cite
from ingest.extraction import Citation
from ingest.numbers import AppealNumber

CONVENTION = "convention de sauvegarde des droits de l'homme et des libertés fondamentales"


def found(text: str, kind: str = "") -> list[tuple[str, str]]:
    return [(citation.text, citation.value) for citation in cite(text) if not kind or citation.kind == kind]


def one(text: str) -> Citation:
    (citation,) = cite(text)
    return citation


def test_appeals_are_found_in_every_writing() -> None:
    """Non-breaking hyphens and spaces, joined digits after « pourvoi », and key letters are all read."""
    text = "pourvoi n° J 21‑20.723, pourvoi n°\u00a022-12387, pourvoi 2112345 et C\u00a021-12.345"
    assert found(text) == [
        ("J 21‑20.723", "2120723"), ("22-12387", "2212387"), ("2112345", "2112345"), ("C\u00a021-12.345", "2112345"),
    ]  # fmt: skip


def test_a_wrong_key_letter_is_kept_with_a_warning() -> None:
    """A wrong letter warns and never refuses; a right one is silent."""
    wrong, right = cite("J 21-12.345 et C 21-12.345")
    assert (wrong.value, right.value, right.note) == ("2112345", "2112345", "")
    assert "bonne lettre est C" in wrong.note


def test_series_and_followers_say_so() -> None:
    """« X à C » and « et suivants » are joined appeals: the citation's note tells it."""
    first, last = cite("les pourvois n° U 19-12.490 à C 19-12.498")
    assert (first.value, last.text) == ("1912490", "C 19-12.498")
    assert "Série" in last.note
    assert "suivants" in one("pourvoi n° U 19-12.490 et suivants").note


@pytest.mark.parametrize(
    "text",
    ["M. [X] 2112345", "RG 2112345", "SIRET n° 2112345", "12/12-13.456", "2021-12.3456", "A-21-12.345", "01-02-2022"],
)
def test_what_looks_like_an_appeal_is_none(text: str) -> None:
    """Seven digits without « pourvoi » or « n° », dates and longer numbers are no appeals."""
    assert not found(text, "pourvoi")


def test_a_party_or_the_word_a_gives_no_key_letter() -> None:
    """The initial of a party and « à » before a number are not its letter."""
    assert found("M. [X] 19-12.498") == [("19-12.498", "1912498")]
    assert found("renvoyé à 19-12.498") == [("19-12.498", "1912498")]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("(ECLI:FR:CCASS:2022:C100387).", "ecli", "ECLI:FR:CCASS:2022:C100387"),
        ("ecli:fr:cc:2012:2012.270.qpc", "ecli", "ECLI:FR:CC:2012:2012.270.QPC"),
        ("décision n° 2012-270 QPC", "qpc", "2012-270 QPC"),
        ("JURITEXT000048176166", "legacy", "JURITEXT000048176166"),
        ("CETATEXT000007424158", "legacy", "CETATEXT000007424158"),
        ("n° Portalis 35L7-V-B7B-B4QZT", "portalis", "35L7-V-B7B-B4QZT"),
        ("Bull. civ. I, n° 12", "bulletin", "Bull. civ. I n° 12"),
        ("Bull. 2002, V, no 3", "bulletin", "Bull. 2002 V n° 3"),
        ("Bull. crim. 2010, n° 45", "bulletin", "Bull. crim. 2010 n° 45"),
        ("RG n° 18/04351", "rg", "18/04351"),
        ("N° RG : 19/025041", "rg", "19/02504"),
        ("R. G. 18/4351", "rg", "18/04351"),
        ("RG 2017037525", "rg", "2017037525"),
        ("RG n° 2016F01189", "rg", "2016F01189"),
        ("CEDH, arrêt Dupont c. France, n° 38299/15", "cedh", "38299/15"),
        ("Arrêt n° 387 FS-B", "decision", "387 FS-B"),
        ("Arrêt n° 740 FS-P+B", "decision", "740 FS-P+B"),
        ("Cass. soc., 1er févr. 2022", "decision", "soc@2022-02-01"),
        ("3e Civ., 14 décembre 2022", "decision", "civ3@2022-12-14"),
        ("Civ. 1re, 1er février 2022", "decision", "civ1@2022-02-01"),
        ("Com. 01/02/2022", "decision", "comm@2022-02-01"),
        ("Crim., 2022-02-01", "decision", "cr@2022-02-01"),
        ("Ass. plén., 17 novembre 2023", "decision", "pl@2023-11-17"),
        ("Ch. mixte, 28 septembre 2012", "decision", "mi@2012-09-28"),
    ],
)
def test_every_kind_has_its_normal_value(text: str, kind: str, value: str) -> None:
    """Each kind of reference is found once, with one normal value whatever its writing."""
    citation = one(text)
    assert (citation.kind, citation.value) == (kind, value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("l'article 1240 du code civil", ["code civil#1240"]),
        (
            "articles L. 1234-5, R*. 142-24-1 et 700 du code du travail",
            ["code du travail#L1234-5", "code du travail#R*142-24-1", "code du travail#700"],
        ),
        (
            "articles L. 111-3, L. 111-3, 1°, et L. 111-4 du code pénal",
            ["code pénal#L111-3", "code pénal#L111-3", "code pénal#L111-4"],
        ),
        ("article 1014, alinéa 2, du code de procédure civile", ["code de procédure civile#1014"]),
        ("art. 700 CPC", ["code de procédure civile#700"]),
        ("art. 567-1-1 CPP", ["code de procédure pénale#567-1-1"]),
        ("art. L.1225-1 C. trav.", ["code du travail#L1225-1"]),
        ("l'article 1134, devenu 1103, du code civil", ["code civil#1134", "code civil#1103"]),
        (
            "articles 1240 du code civil et 455 du code de procédure civile",
            ["code civil#1240", "code de procédure civile#455"],
        ),
        ("article 6, § 1, de la Convention européenne des droits de l'homme", [f"{CONVENTION}#6"]),
        ("l'article 1er de la loi n° 65-557 du 10 juillet 1965", ["loi 65-557#1"]),
        ("article 1649 quater B du CGI", ["code général des impôts#1649 quater B"]),
        ("articles 978 et suivants du code de procédure civile", ["code de procédure civile#978"]),
    ],
)
def test_articles_are_read_with_their_code(text: str, values: list[str]) -> None:
    """Lists share the code that follows them; letters, stars, alinéas and abbreviations are read."""
    assert [value for _, value in found(text, "article")] == values


def test_the_same_code_is_the_one_named_before() -> None:
    """« du même code » and « de ce texte » go to the last code named."""
    text = "l'article 4 du code de procédure civile, ensemble l'article 5 du même code et l'article 6 de ce code"
    assert [value for _, value in found(text)] == [f"code de procédure civile#{number}" for number in (4, 5, 6)]


def test_an_article_without_code_is_kept_unresolved() -> None:
    """A mention that nothing resolves is kept and shown as such; one that the document resolves elsewhere says so."""
    assert one("selon l'article 4.2").value.startswith("?#") or not cite("selon l'article 4.2")
    assert one("l'article 58").value == "?#58"
    first, second = cite("L'article L. 411-37 du code rural. Puis l'article L. 411-37.")
    assert first.value == second.value == "code rural#L411-37"
    assert "déduit" in second.note


def test_the_wording_keeps_its_date() -> None:
    """« dans sa rédaction antérieure à… » leaves the date that tells which wording is meant."""
    text = (
        "l'article 1134 du code civil, dans sa rédaction antérieure à celle issue de l'ordonnance"
        " n° 2016-131 du 10 février 2016"
    )
    citation = cite(text)[0]
    assert citation.value == "code civil#1134"
    assert "antérieure" in citation.note
    assert "2016-02-10" in citation.note


@given(st.text())
def test_spans_hold_on_any_text(text: str) -> None:
    """Whatever the characters, each citation is exactly the text at its offsets, in order, without overlap."""
    check_spans(text)


PIECES = st.sampled_from(
    ["J 21-20.723", " à ", "article ", "L. 1-1", ", ", " et ", "du code civil", "RG n° 18/04351", "n° ", "Cass. soc., ",
     "1er février 2022", "É", "\u00a0", "\n", "ECLI:FR:CCASS:2022:C100387", "Bull. civ. I, n° 12", "𝔘", "İ", "ß", "'"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_hold_on_crowded_citations(text: str) -> None:
    """Citations that touch or interrupt each other keep their spans."""
    check_spans(text)


def check_spans(text: str) -> None:
    end = 0
    for citation in cite(text):
        assert text[citation.start : citation.end] == citation.text != ""
        assert citation.start >= end
        end = citation.end


@given(st.integers(0, 9_999_999))
def test_a_written_number_is_found_again(number: int) -> None:
    """Every appeal number in a sentence is found, with its own key letter and no warning."""
    appeal = AppealNumber(f"{number:07d}")
    citation = one(f"le pourvoi n° {appeal.key} {appeal.shown} formé")
    assert (citation.value, citation.note) == (appeal.digits, "")


@pytest.mark.parametrize(
    "seed",
    [
        "articles L. 1-1, ",
        "article 1 dans sa rédaction ",
        "n° ",
        "RG n° 18/",
        "12-34.567",
        "ECLI:FR:",
        "Bull. ",
        "Cass. ",
        "a ",
        "1-",
        " ",
        "-A-A11-",
    ],
)
def test_time_grows_with_length_alone(seed: str) -> None:
    """Four times the hostile text takes about four times the time, a megabyte only seconds."""
    short, long = seed * (50_000 // len(seed)), seed * (400_000 // len(seed))
    cite(short)
    start = time.perf_counter()
    cite(short)
    middle = time.perf_counter()
    cite(long)
    end = time.perf_counter()
    assert end - middle < 40 * max(middle - start, 0.01)
