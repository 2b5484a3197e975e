"""DILA XML: every field as it is stated, nothing fetched, nothing expanded."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dila import Dila, looks_like
from ingest.extraction import Extraction, Unreadable

RECORD = """<?xml version="1.0" encoding="UTF-8"?>
<TEXTE_JURI_JUDI><META><META_COMMUN><ID>JURITEXT000000000001</ID>
<NATURE>ARRET</NATURE></META_COMMUN><META_SPEC>
<META_JURI><TITRE>Cour de cassation, civile, Chambre civile 2, 5 octobre 2023, 20-23.523, Publié au bulletin</TITRE>
<DATE_DEC>2023-10-05</DATE_DEC><JURIDICTION>Cour de cassation</JURIDICTION><NUMERO>22300971</NUMERO>
<SOLUTION>Cassation partielle</SOLUTION></META_JURI><META_JURI_JUDI><NUMEROS_AFFAIRES>
<NUMERO_AFFAIRE>20-23523</NUMERO_AFFAIRE><NUMERO_AFFAIRE>20-23.524</NUMERO_AFFAIRE></NUMEROS_AFFAIRES>
<PUBLI_BULL publie="oui"/><FORMATION>CHAMBRE_CIVILE_2</FORMATION><FORM_DEC_ATT>Cour d'appel de Cayenne</FORM_DEC_ATT>
<DATE_DEC_ATT>2020-12-14</DATE_DEC_ATT><PRESIDENT>Mme Martinel (président)</PRESIDENT><AVOCATS>SCP Duhamel</AVOCATS>
<ECLI>ECLI:FR:CCASS:2023:C200971</ECLI></META_JURI_JUDI></META_SPEC></META><TEXTE><BLOC_TEXTUEL>
<CONTENU>CIV. 2<br/>
<br/>
<br/>
<br/> R É P U B L I Q U E<br/>
M. X...      , demandeur &amp; autres<br/><br/> PAR CES MOTIFS, la Cour :<br/><br/>CASSE ;</CONTENU>
</BLOC_TEXTUEL><SOMMAIRE>
<SCT ID="1" TYPE="PRINCIPAL">PRESCRIPTION -  Délai</SCT><ANA ID="1">Le délai court.</ANA></SOMMAIRE>
</TEXTE><LIENS><LIEN sens="source" typelien="CITATION">Article 501 du code de procédure civile.</LIEN></LIENS>
</TEXTE_JURI_JUDI>"""


def read(body: str | bytes) -> Extraction:
    return Dila().extract(io.BytesIO(body if isinstance(body, bytes) else body.encode()), "JURITEXT000000000001.xml")


def test_the_fields_of_a_record_are_stated() -> None:
    """Identifier, numbers, date, chamber, solution and publication come from their tags, as stated."""
    about = read(RECORD).metadata
    assert (about.source, about.source_id, about.published) == ("dila", "JURITEXT000000000001", True)
    assert [(number.value, number.stated) for number in about.numbers] == [("2023523", True), ("2023524", True)]
    assert about.date is not None
    assert about.chamber is not None
    assert about.solution is not None
    assert about.solution_detail is not None
    assert (about.date.value, about.chamber.value, about.solution.value) == (date(2023, 10, 5), "civ2", "cassation")
    assert (about.solution_detail.value, about.solution.where) == ("Cassation partielle", "SOLUTION")
    assert [letter.value for letter in about.publication] == ["b"]
    assert about.president is not None
    assert about.president.value == "Mme Martinel"
    assert (about.themes, about.summary) == (("PRESCRIPTION - Délai",), "Le délai court.")
    assert about.visa == ("Article 501 du code de procédure civile.",)


def test_runs_of_breaks_and_wide_gaps_close_up() -> None:
    """Many `<br/>` make one empty line, a run of no-break spaces one space."""
    assert read(RECORD).text.startswith("CIV. 2\n\nR É P U B L I Q U E\nM. X... , demandeur & autres\n\nPAR CES MOTIFS")


def test_other_encodings_are_read() -> None:
    """The XML's own declaration of its encoding is believed."""
    body = RECORD.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    assert "R É P" in read(body).text
    assert looks_like(RECORD.encode("utf-16"))


def test_an_entity_bomb_is_refused() -> None:
    """A file with a DTD is refused before anything is expanded or fetched."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(Unreadable) as refused:
        read(RECORD.replace("<TEXTE_JURI_JUDI>", bomb + "<TEXTE_JURI_JUDI>", 1))
    assert refused.value.reason == "unsafe"


def test_a_cut_file_is_read_as_far_as_it_goes() -> None:
    """A record cut short gives what it holds, with a warning."""
    extraction = read(RECORD[: RECORD.index("PAR CES MOTIFS")])
    assert "demandeur" in extraction.text
    assert extraction.warnings


@pytest.mark.parametrize("body", [b"", b"<a/>", b"<TEXTE_JURI_JUDI", b"\0\0\0\0", b"not xml"])
def test_what_is_no_record_is_unreadable(body: bytes) -> None:
    """Anything but a record ends as one sentence for a clerk."""
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert refused.value.sentence.endswith(".")


def test_deep_nesting_is_survived() -> None:
    """Fifty thousand nested elements end in text or in a refusal, not in a crash."""
    deep = RECORD.replace("CASSE ;", "<i>" * 50_000 + "x" + "</i>" * 50_000)
    try:
        assert read(deep).warnings
    except Unreadable:
        return


@given(st.binary(max_size=200), st.integers(0, len(RECORD)))
def test_damaged_records_never_crash(noise: bytes, at: int) -> None:
    """Noise anywhere in a record ends in an extraction or a refusal."""
    body = RECORD.encode()
    try:
        read(body[:at] + noise + body[at:])
    except Unreadable:
        return
