"""Metadata out of prose: what is guessed says so, and what a file states wins."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import Extraction, Metadata, Value, Zone
from ingest.metadata import enrich
from ingest.taxonomy import (
    chamber_code,
    formation_code,
    jurisdiction_code,
    publication_codes,
    publication_letters,
    solution_code,
)

ARRET = """CIV. 1

MY1

COUR DE CASSATION
______________________

Audience publique du 1er février 2023

Cassation partielle
sans renvoi

Mme CHAMPALAUNE, président

Arrêt n° 387 FS-B+R

Pourvois n°
F 21-25.274
H 21-25.275 Jonction

R É P U B L I Q U E F R A N Ç A I S E

AU NOM DU PEUPLE FRANÇAIS

ARRÊT DE LA COUR DE CASSATION, PREMIÈRE CHAMBRE CIVILE, DU 1ER FÉVRIER 2023

1°/ la société Alpha, société anonyme, dont le siège est [Adresse 1],

2°/ M. [H] [F], domicilié [Adresse 2],

ont formé les pourvois n° F 21-25.274 et H 21-25.275 contre l'arrêt rendu le 30 juin 2021 par la cour d'appel de Lyon \
(1re chambre), dans le litige les opposant :

1°/ à Mme [K] [Z], domiciliée [Adresse 3],

2°/ à la société Bêta, dont le siège est [Adresse 4],

défenderesses à la cassation.

Sur le rapport de M. Fulchiron, conseiller, les observations de la SARL Meier-Bourdeau, Lécuyer et associés, avocat de \
la société Alpha, de la SCP Foussard et Froger, avocat de Mme [Z], et l'avis de Mme Caron-Déglise, avocat général, \
après débats en l'audience publique du 22 novembre 2022, a rendu le présent arrêt.

Faits et procédure

1. Selon l'arrêt attaqué, un prêt a été consenti.

Examen du moyen

Enoncé du moyen

2. La société fait grief à l'arrêt de la débouter.

Réponse de la Cour

Vu l'article 1240 du code civil :

3. La cour d'appel a violé le texte susvisé.

PAR CES MOTIFS, la Cour :

CASSE ET ANNULE, mais seulement en ce qu'il déboute la société, l'arrêt rendu le 30 juin 2021 ;

DIT n'y avoir lieu à renvoi ;"""


def read(text: str, name: str = "piece.txt", metadata: Metadata | None = None) -> Extraction:
    return enrich(Extraction(media_type="text/plain", text=text, metadata=metadata or Metadata()), name)


def plain(value: Value[str] | None) -> str | None:
    return value.value if value else None


def test_an_arret_is_read_from_its_header() -> None:
    """Numbers, date, chamber, formation, solution and publication of a bare arrêt are read, and its ECLI composed."""
    about = read(ARRET).metadata
    assert [number.value for number in about.numbers] == ["2125274", "2125275"]
    assert about.date is not None
    assert about.date.value == date(2023, 2, 1)
    assert (plain(about.kind), plain(about.jurisdiction), plain(about.chamber)) == ("arret", "cc", "civ1")
    assert (plain(about.formation), plain(about.decision_number)) == ("fs", "387")
    assert (plain(about.solution), plain(about.solution_detail)) == ("cassation", "Cassation partielle sans renvoi")
    assert [letter.value for letter in about.publication] == ["b", "r"]
    assert plain(about.ecli) == "ECLI:FR:CCASS:2023:C100387"
    assert plain(about.title) == "Cour de cassation, Première chambre civile, 1er février 2023, 21-25.274"


def test_people_are_read_from_the_introduction() -> None:
    """President, rapporteur, avocat général, counsel, parties and the decision below are read from fixed turns."""
    about = read(ARRET).metadata
    assert plain(about.president) == "Mme Champalaune"
    assert plain(about.rapporteur) == "M. Fulchiron"
    assert plain(about.advocate_general) == "Mme Caron-Déglise"
    assert plain(about.counsel) == "SARL Meier-Bourdeau, Lécuyer et associés, SCP Foussard et Froger"
    assert [party.value for party in about.parties] == [
        "La société Alpha",
        "M. [H] [F]",
        "Mme [K] [Z]",
        "La société Bêta",
    ]
    assert plain(about.contested) == "arrêt rendu le 30 juin 2021 par la cour d'appel de Lyon (1re chambre)"
    assert about.visa == ("l'article 1240 du code civil",)


def test_every_guess_says_that_it_is_one() -> None:
    """No value read out of prose claims to be stated, none makes a file published, and each tells where it stands."""
    about = read(ARRET).metadata
    values = [value for field in fields(Metadata) for value in _values(getattr(about, field.name))]
    assert len(values) >= 18
    assert not any(value.stated for value in values)
    assert all(value.where for value in values)
    assert not about.published


def _values(held: object) -> list[Value[object]]:
    items = held if isinstance(held, tuple) else (held,)
    return [item for item in items if isinstance(item, Value)]


def test_what_the_file_states_wins() -> None:
    """A stated value stays, even against the prose; the rest is filled in."""
    stated = Metadata(
        chamber=Value("soc", stated=True, where="champ"), numbers=(Value("1234567", stated=True, where="champ"),)
    )
    about = read(ARRET, metadata=stated).metadata
    assert about.chamber == Value("soc", stated=True, where="champ")
    assert [number.value for number in about.numbers] == ["1234567"]
    assert plain(about.solution) == "cassation"


def test_zones_of_the_source_win() -> None:
    """Zones that come with a file are kept as they are, and the text is never changed."""
    given_zones = (Zone("dispositif", 3, 9),)
    extraction = enrich(Extraction(media_type="text/plain", text=ARRET, zones=given_zones), "a.txt")
    assert (extraction.zones, extraction.text) == (given_zones, ARRET)


def test_letters_mean_another_thing_before_june_2021() -> None:
    """B is the Bulletin since 2021-06-16; before it P was, and B the Bulletin d'information."""
    assert publication_letters("P+B+I", "2020-11-18") == ("b", "c")
    assert publication_letters("B", "2020-11-18") == ("n",)
    assert publication_letters("B+R", "2021-06-16") == ("b", "r")
    assert publication_letters("D", "2024-01-01") == ("n",)


def test_a_series_stands_for_all_its_appeals() -> None:
    """« Pourvois n° A à C » is the whole series."""
    text = ARRET.replace("F 21-25.274\nH 21-25.275 Jonction", "F 21-25.274 à J 21-25.277 JONCTION")
    assert [number.value for number in read(text).metadata.numbers] == ["2125274", "2125275", "2125276", "2125277"]


def test_an_old_arret_gives_date_and_solution_by_its_end() -> None:
    """Without a header, the last lines give chamber, date in words, and the dispositif the solution."""
    text = (
        "LA COUR DE CASSATION, CHAMBRE SOCIALE, a rendu l'arrêt suivant :\n\nJoint les pourvois"
        " n° C 16-28.333 et S 17-10.640 ;\n\n"
        "Sur le moyen unique :\n\nVu l'article L. 1234-1 du code du travail ;\n\nPAR CES MOTIFS :\n\n"
        "CASSE ET ANNULE, en toutes ses dispositions, l'arrêt rendu le 25 octobre 2016 ;\n\nAinsi"
        " fait et jugé par la Cour de "
        "cassation, chambre sociale, et prononcé par le président en son audience publique"
        " du quatorze mars deux mille dix-huit."
    )
    about = read(text).metadata
    assert about.date is not None
    assert about.date.value == date(2018, 3, 14)
    assert (plain(about.chamber), plain(about.solution)) == ("soc", "cassation")
    assert [number.value for number in about.numbers] == ["1628333", "1710640"]


def test_a_criminal_arret_has_its_own_header() -> None:
    """The criminal chamber's header gives number, letters, date and solution in another order."""
    text = (
        "N° M 22-86.509 F-B\n\nN° 01262\n\nMAS2\n7 NOVEMBRE 2023\n\nCASSATION PARTIELLE\n\nM. BONNAL président,\n\n"
        "R É P U B L I Q U E F R A N Ç A I S E\n\nARRÊT DE LA COUR DE CASSATION, CHAMBRE CRIMINELLE,\nDU"
        " 7 NOVEMBRE 2023\n\n"
        "M. [B] a formé un pourvoi, après débats en l'audience publique du 3 octobre 2023,"
        " a rendu le présent arrêt.\n\n"
        "PAR CES MOTIFS, la Cour :\n\nCASSE et ANNULE ;"
    )
    about = read(text).metadata
    assert about.date is not None
    assert (about.date.value, plain(about.chamber)) == (date(2023, 11, 7), "cr")
    assert plain(about.ecli) == "ECLI:FR:CCASS:2023:CR01262"
    assert plain(about.president) == "M. Bonnal"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("MÉMOIRE AMPLIATIF\n\nPOUR : M. X\n\nPourvoi n° J 21-20.723", "a.pdf", "memoire_ampliatif"),
        ("MÉMOIRE EN DÉFENSE\n\nPourvoi n° J 21-20.723", "a.pdf", "memoire_defense"),
        (
            "RAPPORT DE Mme MARTIN, CONSEILLÈRE\n\nPourvoi n° J 21-20.723\n\nARRÊT DE LA COUR DE CASSATION",
            "a.pdf",
            "rapport",
        ),
        ("AVIS DE M. DURAND, AVOCAT GÉNÉRAL\n\nArrêt n° 12\n\nPourvoi n° J 21-20.723", "a.pdf", "avis_ag"),
        ("CONCLUSIONS D'APPELANT\n\nRG n° 18/04351", "a.pdf", "conclusions"),
        (
            "Paris, le 12 janvier 2022\n\nObjet : pourvoi n° J 21-20.723\n\nMaître,\n\nVeuillez agréer",
            "a.pdf",
            "courrier",
        ),
        ("COUR D'APPEL DE LYON\n\nARRÊT DU 12 JANVIER 2022\n\nN° RG 18/04351", "a.pdf", "arret"),
        ("TRIBUNAL JUDICIAIRE DE LYON\n\nJUGEMENT DU 12 JANVIER 2022\n\nN° RG 18/04351", "a.pdf", "jugement"),
        ("Sans rien de particulier.", "Rapport_23-15.672.pdf", "rapport"),
    ],
)
def test_the_nature_of_a_piece_is_told_by_its_title(text: str, name: str, kind: str) -> None:
    """Title lines, then courtesies, then the file's name tell what a piece is."""
    assert plain(read(text, name).metadata.kind) == kind


def test_a_piece_keeps_number_and_date() -> None:
    """A letter's dateline and the appeal it names are read; a name's number serves where the text has none."""
    about = read("Paris, le 12 janvier 2022\n\nObjet : pourvoi n° J 21-20.723\n\nVeuillez agréer").metadata
    assert about.date is not None
    assert (about.date.value, [number.value for number in about.numbers]) == (date(2022, 1, 12), ["2120723"])
    named = read("Sans rien.", "Rapport_23-15.672.pdf").metadata
    assert [(number.value, number.where) for number in named.numbers] == [("2315672", "nom du fichier")]


def test_nothing_is_made_up_from_an_empty_text() -> None:
    """A file without words has no metadata."""
    assert read("", "vide.txt").metadata == Metadata()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Cassation partielle sans renvoi", "cassation"), ("Rejet non spécialement motivé", "rejet"),
        ("QPC - Non-lieu à renvoi au Conseil constitutionnel", "qpcother"),
        ("Qpc incidente - irrecevabilité", "qpcother"),
        ("QPC renvoi", "qpc"), ("Avis sur saisine", "avis"), ("Annulation partielle", "annulation"),
        ("Non-lieu à statuer", "nonlieu"), ("Radiation", "other"), ("", None),
    ],
)  # fmt: skip
def test_solutions_have_the_codes_of_judilibre(words: str, code: str | None) -> None:
    """The file's words become one code of the court's list."""
    assert solution_code(words) == code


def test_other_lists_have_the_codes_of_judilibre() -> None:
    """Each source's spelling of chamber, formation, publication and court becomes Judilibre's code."""
    for text, code in (
        ("CHAMBRE_CIVILE_2", "civ2"), ("CIV. 2", "civ2"), ("Deuxième chambre civile - Formation de section", "civ2"),
        ("CHAMBRE_COMMERCIALE", "comm"), ("Chambre commerciale, financière et économique", "comm"), ("COMM.", "comm"),
        ("CHAMBRE_CRIMINELLE", "cr"), ("ASSEMBLEE_PLENIERE", "pl"), ("CHAMBRE_MIXTE", "mi"), ("SOC.", "soc"),
        ("Première présidence (Ordonnance)", "ordo"), ("civ3", "civ3"),
    ):  # fmt: skip
        assert chamber_code(text) == code
    assert formation_code("Formation restreinte hors RNSM/NA") == "frh"
    assert formation_code("Formation restreinte RNSM/NA") == "frr"
    assert formation_code("FS-B") == "fs"
    assert publication_codes("Publié au Bulletin - Publié au Rapport") == ("b", "r")
    assert jurisdiction_code("Cour d'appel de Paris") == "ca"


@given(st.text(), st.text(max_size=40))
def test_no_text_and_no_name_break_the_reading(text: str, name: str) -> None:
    """Arbitrary characters end as an extraction with the same text."""
    assert read(text, name).text == text


@given(st.lists(st.sampled_from(ARRET.split("\n")), max_size=40).map("\n".join))
def test_shuffled_arrets_are_read_without_error(text: str) -> None:
    """Lines of an arrêt in any order never break the reading."""
    assert read(text).text == text
