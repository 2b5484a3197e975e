"""Zones: the parts of decisions by their own structure."""

from __future__ import annotations

import textwrap
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.zones import split

MODERN = """CIV. 2

COUR DE CASSATION

Audience publique du 5 décembre 2024

Cassation partielle

Arrêt n° 1158 F-D

La caisse a formé le pourvoi n° T 22-22.690. Sur le rapport de M. Pédron, conseiller, la deuxième chambre civile, \
après en avoir délibéré conformément à la loi, a rendu le présent arrêt.

Faits et procédure

1. Selon l'arrêt attaqué, la caisse a notifié un indu.

Examen des moyens

Sur le premier moyen

2. En application de l'article 1014, alinéa 2, du code de procédure civile, il n'y a pas lieu de statuer.

Mais sur le second moyen

Enoncé du moyen

3. La caisse fait grief à l'arrêt de la débouter.

Réponse de la Cour

Vu l'article 1240 du code civil :

4. La cour d'appel a violé le texte susvisé.

PAR CES MOTIFS, la Cour :

CASSE ET ANNULE, mais seulement en ce qu'il déboute la caisse.

MOYENS ANNEXES au présent arrêt

PAR CES MOTIFS dit la cour d'appel"""

OLD = """LA COUR DE CASSATION, PREMIÈRE CHAMBRE CIVILE, a rendu l'arrêt suivant :

Attendu, selon l'arrêt attaqué, que Claude A... est décédé ;

Sur le moyen unique, pris en sa première branche :

Attendu que Mme X... fait grief à l'arrêt de rejeter ses demandes, alors, selon le moyen, que la loi est violée ;

Mais attendu qu'il résulte de l'article 752-2 du code civil que le moyen n'est pas fondé ; PAR CES MOTIFS :

REJETTE le pourvoi ;

Ainsi fait et jugé. MOYEN ANNEXE au présent arrêt

Moyen produit par la SCP Dupont."""


UNREASONED = """COUR DE CASSATION

Rejet non spécialement motivé

La troisième chambre civile, après en avoir délibéré conformément à la loi, a rendu la présente décision.

1. Le moyen de cassation n'est manifestement pas de nature à entraîner la cassation.

EN CONSÉQUENCE, la Cour :

REJETTE le pourvoi ;"""


def names(text: str, style: str = "cassation") -> list[str]:
    return [zone.name for zone in split(text, style)]


def test_the_headings_of_a_modern_arret_open_its_zones() -> None:
    """Since 2019 the fixed headings give the zones; a moyen without reasons is answered at « En application »."""
    assert names(MODERN) == [
        "introduction", "expose", "moyens", "motivations", "moyens", "motivations", "dispositif", "annexes",
    ]  # fmt: skip


def test_an_old_arret_is_told_by_its_sentences() -> None:
    """Before 2019 « Attendu… fait grief », « Mais attendu » and headings within a line give the zones."""
    assert names(OLD) == ["introduction", "expose", "moyens", "motivations", "dispositif", "annexes"]
    starts = [OLD[zone.start :][:14] for zone in split(OLD)]
    assert starts[-2:] == ["PAR CES MOTIFS", "MOYEN ANNEXE a"]


def test_an_order_has_two_zones() -> None:
    """An ordonnance of the first president is one motivation and one dispositif, as the court zones it."""
    text = "COUR DE CASSATION\n\nPremière présidence\n\nVu la requête ;\n\nEN CONSÉQUENCE :\n\nLa requête est rejetée."
    assert names(text, "ordonnance") == ["motivations", "dispositif"]


def test_a_court_of_appeal_has_its_own_headings() -> None:
    """A decision below is told by « Exposé du litige », « Motifs de la décision », « Par ces motifs »."""
    text = (
        "COUR D'APPEL DE LYON\n\nEXPOSÉ DU LITIGE\n\nLes faits.\n\nMOTIFS DE LA DÉCISION\n\nSur"
        " ce.\n\nPAR CES MOTIFS\n\nConfirme."
    )
    assert names(text, "fond") == ["introduction", "expose", "motivations", "dispositif"]


def test_a_text_without_structure_has_no_zone() -> None:
    """A letter is not cut up."""
    assert split("Madame,\n\nVeuillez trouver ci-joint le mémoire.") == ()


@given(st.text(), st.sampled_from(["cassation", "ordonnance", "fond"]))
def test_zones_cover_any_text_without_gap(text: str, style: str) -> None:
    """Whatever the text, zones are in order, touch each other and cover it, or there are none."""
    zones = split(text, style)
    if zones:
        assert (zones[0].start, zones[-1].end) == (0, len(text))
        assert all(left.end == right.start for left, right in pairwise(zones))


@given(st.lists(st.sampled_from(MODERN.split("\n\n") + OLD.split("\n\n")), max_size=25).map("\n\n".join))
def test_shuffled_decisions_keep_zones_whole(text: str) -> None:
    """Paragraphs in any order still give zones without gap or overlap."""
    zones = split(text)
    assert all(zone.start < zone.end for zone in zones)
    assert all(left.end == right.start for left, right in pairwise(zones))


def test_lines_cut_by_a_page_keep_their_zones() -> None:
    """The same arrêt with its lines wrapped, as PDF text comes, is cut into the same zones."""
    for text in (MODERN, UNREASONED):
        wrapped = "\n".join(textwrap.fill(line, 60) for line in text.split("\n"))
        assert wrapped != text
        assert names(wrapped) == names(text)
    assert names(UNREASONED) == ["introduction", "motivations", "dispositif"]
