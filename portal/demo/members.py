"""The people of the demo court: invented magistrates, clerks, researchers, and the system's administrator."""

from __future__ import annotations

import unicodedata

from portal.demo.shapes import Member

_CHAMBERS = {
    "civ1": (
        ("Mme", "Hélène", "Montferrand"),
        ("M.", "Olivier", "Sarrazac"),
        ("Mme", "Claire", "Roy"),
        ("M.", "Tristan", "Beaulande"),
        ("Mme", "Nadia", "Cherkaoui"),
    ),
    "civ2": (
        ("M.", "Bertrand", "Galibier"),
        ("Mme", "Catherine", "Ollivault"),
        ("M.", "Julien", "Taravel"),
        ("Mme", "Sophie", "Lantelme"),
        ("M.", "Karim", "Oualid"),
    ),
    "civ3": (
        ("Mme", "Isabelle", "Vaucanson"),
        ("M.", "Pierre-Yves", "Landrecies"),
        ("Mme", "Anne-Laure", "Fresnaye"),
        ("M.", "Guillaume", "Orsoni"),
        ("Mme", "Delphine", "Pradère"),
    ),
    "comm": (
        ("M.", "Vincent", "Hautecombe"),
        ("Mme", "Brigitte", "Arzano"),
        ("M.", "Mathieu", "Delcourt-Prat"),
        ("Mme", "Caroline", "Esnault"),
        ("M.", "Samuel", "Benarroche"),
    ),
    "soc": (
        ("Mme", "Françoise", "Tilloy"),
        ("M.", "Laurent", "Quéméneur"),
        ("Mme", "Émilie", "Brossard-Lys"),
        ("M.", "Antoine", "Rivesalt"),
        ("Mme", "Leïla", "Mansouri"),
    ),
    "cr": (
        ("M.", "Philippe", "Casteljaloux"),
        ("Mme", "Véronique", "Daumesnil"),
        ("M.", "Christophe", "Larzac"),
        ("Mme", "Mélanie", "Saint-Yrieix"),
        ("M.", "Thibault", "Nogaret"),
    ),
}
"""Each chamber's president, doyen, two conseillers and conseiller référendaire, in that order."""

_OTHERS = (
    ("Mme", "Marie-Thérèse", "Valcourt", ("premier_president",), (), "première présidente"),
    ("M.", "Benoît", "Chazelle", ("avocat_general",), ("civ1", "civ2"), "avocat général"),
    ("Mme", "Agnès", "Rocheford", ("avocat_general",), ("civ3", "comm"), "avocate générale"),
    ("M.", "Emmanuel", "Pastourel", ("avocat_general",), ("soc", "cr"), "avocat général"),
    ("Mme", "Sylvie", "Dorléac", ("greffe",), (), "directrice des services de greffe judiciaires"),
    ("M.", "Patrick", "Lannemezan", ("greffe",), ("civ1", "civ2", "civ3"), "greffier de chambre"),
    ("Mme", "Amélie", "Goulven", ("greffe",), ("comm", "soc", "cr"), "greffière de chambre"),
    ("M.", "Rodolphe", "Kerhervé", ("sder",), (), "auditeur au service de documentation, des études et du rapport"),
    ("Mme", "Jade", "Villeret", ("sder",), (), "chargée d'études et de recherche"),
    ("M.", "Hugo", "Barthas", ("auditeur",), ("civ1",), "attaché de justice"),
    ("Mme", "Inès", "Rougemont", ("auditeur",), ("soc",), "auditrice à la Cour de cassation"),
    ("Mme", "Solange", "Périgny", ("habilitations", "greffe"), (), "chargée des habilitations"),
    ("M.", "Cédric", "Maupas", ("administrateur",), (), "administrateur du système"),
)


def slug(civility_free_name: str) -> str:
    """`Pierre-Yves Landrecies` → `pierre-yves-landrecies`: ASCII, lower case, hyphens."""
    folded = unicodedata.normalize("NFKD", civility_free_name).encode("ascii", "ignore").decode()
    return folded.lower().replace("'", "-").replace(" ", "-")


def _magistrate(chamber: str, rank: int, identity: tuple[str, str, str]) -> Member:
    civility, given, surname = identity
    woman = civility == "Mme"
    roles, function = (
        (("president",), "présidente" if woman else "président"),
        (("doyen", "conseiller", "rapporteur"), "doyenne" if woman else "doyen"),
        (("conseiller", "rapporteur"), "conseillère" if woman else "conseiller"),
        (("conseiller", "rapporteur"), "conseillère" if woman else "conseiller"),
        (("conseiller", "rapporteur"), "conseillère référendaire" if woman else "conseiller référendaire"),
    )[rank]
    return Member(
        id=slug(surname),
        civility=civility,
        given_name=given,
        surname=surname,
        roles=roles,
        chambers=(chamber,),
        function=function,
    )


def members() -> tuple[Member, ...]:
    """Everyone, those with a part outside the chambers first."""
    others = tuple(
        Member(
            id=slug(surname),
            civility=civility,
            given_name=given,
            surname=surname,
            roles=roles,
            chambers=chambers,
            function=function,
        )
        for civility, given, surname, roles, chambers, function in _OTHERS
    )
    sitting = tuple(
        _magistrate(chamber, rank, identity)
        for chamber, bench in _CHAMBERS.items()
        for rank, identity in enumerate(bench)
    )
    return others[:1] + sitting + others[1:]


class Bench:
    """Who sits in a chamber (*formation*): members by rank, and the prosecution and clerk who attend."""

    def __init__(self, chamber: str, people: tuple[Member, ...]) -> None:
        sitting = [one for one in people if one.chambers == (chamber,) and "auditeur" not in one.roles]
        self.president, self.doyen, *self.conseillers = sitting
        self.avocat_general = next(one for one in people if "avocat_general" in one.roles and chamber in one.chambers)
        self.clerk = next(one for one in people if one.roles == ("greffe",) and chamber in one.chambers)
