"""Invented people, companies and places. None of them exists; a likeness would be chance."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files
from random import Random

FORMS = ("société par actions simplifiée", "société anonyme", "société à responsabilité limitée")
_POOLS = tomllib.loads(files("portal.demo").joinpath("prose", "names.toml").read_text("utf-8"))


def _pool(name: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in " ".join(_POOLS[name].split()).split(";"))


WOMEN, MEN, SURNAMES = _pool("women"), _pool("men"), _pool("surnames")
CITIES = _pool("cities")
COURTS = _pool("courts")
"""Seats of courts of appeal (*cours d'appel*)."""
STREETS, BRANDS = _pool("streets"), _pool("brands")
FIRMS = _pool("firms")
"""Invented firms of *avocats au Conseil d'État et à la Cour de cassation*."""


@dataclass(frozen=True, slots=True)
class Name:
    """Someone or something named in a text; `short` carries its article: « la société Brévanne », « M. Aubrac »."""

    short: str
    full: str
    """As a decision's heading introduces the party, address included."""
    gender: str
    """m or f: what agrees with `short`."""
    natural: bool
    greeting: str = "Madame, Monsieur"

    def hidden(self, letter: str, address: int) -> Name:
        """The name as a published version shows it: natural persons by a letter, every address by a number."""
        if not self.natural:
            head = self.full.rsplit(", dont le siège est ", 1)[0].rsplit(", ayant son siège ", 1)[0]
            return replace(self, full=f"{head}, dont le siège est [Adresse {address}]")
        short = f"{self.short.split(' ')[0]} [{letter}]"
        domiciled = "domiciliée" if self.gender == "f" else "domicilié"
        civility = self.short.split(" ")[0]
        return replace(self, short=short, full=f"{civility} [O] [{letter}], {domiciled} [Adresse {address}]")


def address(rng: Random) -> str:
    return f"{rng.randint(1, 148)} {rng.choice(STREETS)}, {rng.choice(CITIES)}"


def person(rng: Random, gender: str | None = None) -> Name:
    gender = gender or rng.choice("mf")
    given, surname = rng.choice(WOMEN if gender == "f" else MEN), rng.choice(SURNAMES)
    civility, domiciled = ("Mme", "domiciliée") if gender == "f" else ("M.", "domicilié")
    full = f"{civility} {given} {surname}, {domiciled} {address(rng)}"
    return Name(f"{civility} {surname}", full, gender, natural=True, greeting="Madame" if gender == "f" else "Monsieur")


def _company(rng: Random) -> Name:
    name = f"la société {rng.choice(BRANDS)}"
    return Name(name, f"{name}, {rng.choice(FORMS)}, dont le siège est {address(rng)}", "f", natural=False)


def _branded(rng: Random, names: tuple[str, ...], form: str) -> Name:
    name = f"la société {rng.choice(names)}"
    return Name(name, f"{name}, {form}, dont le siège est {address(rng)}", "f", natural=False)


def _bank(rng: Random) -> Name:
    names = ("Banque du Rivage", "Crédit des Terroirs", "Comptoir bancaire ligérien", "Caisse d'avances du Ponant")
    return _branded(rng, names, "société anonyme coopérative")


def _insurer(rng: Random) -> Name:
    names = ("Alizé assurances", "La Prévoyance armoricaine", "Septentrion IARD", "Mutuelle du Causse")
    return _branded(rng, names, "société d'assurance")


def _sci(rng: Random) -> Name:
    names = ("des Quatre Tilleuls", "du Moulin-Neuf", "Les Hauts de Brenne", "Belle Ormoie", "du Pré-aux-Clercs")
    return _branded(rng, names, "société civile immobilière")


def _liquidator(rng: Random) -> Name:
    names = ("Carsac-Vérines", "Hébrard et associés", "Lorgnes-Matheron", "Sautereau")
    short = f"la société {rng.choice(names)}"
    full = f"{short}, société d'exercice libéral à responsabilité limitée, dont le siège est {address(rng)}"
    return Name(short, full, "f", natural=False, greeting="Maître")


def _association(rng: Random) -> Name:
    names = ("Le Relais des Deux-Rives", "Horizons partagés", "L'Abri du Coudray", "Tremplin Jeunesse", "La Passerelle")
    short = f"l'association {rng.choice(names)}"
    return Name(short, f"{short}, dont le siège est {address(rng)}", "f", natural=False)


def _union(rng: Random) -> Name:
    names = ("Union des métiers du commerce", "Solidarité ouvrière des services", "Fédération libre de l'industrie")
    short = f"le syndicat {rng.choice(names)}"
    return Name(short, f"{short}, dont le siège est {address(rng)}", "m", natural=False)


def _commune(rng: Random) -> Name:
    place = rng.choice(("Vaucresne", "Montfavoir", "Sainte-Lheurine-le-Bas", "Courvallon", "Brigueuil-les-Eaux"))
    short = f"la commune de {place}"
    return Name(short, f"{short}, représentée par son maire, dont le siège est en l'hôtel de ville", "f", natural=False)


def _co_owners(rng: Random) -> Name:
    short = f"le syndicat des copropriétaires de la résidence {rng.choice(('Les Acacias', 'Le Mirador', 'Clair Bois'))}"
    full = f"{short}, représenté par son syndic, dont le siège est {address(rng)}"
    return Name(short, full, "m", natural=False)


def _health_fund(rng: Random) -> Name:
    short = f"la caisse primaire d'assurance maladie de {rng.choice(('la Basse-Vienne', 'la Haute-Sèvre', 'la Rance'))}"
    return Name(short, f"{short}, dont le siège est {address(rng)}", "f", natural=False)


def _prosecution(_rng: Random) -> Name:
    return Name("le ministère public", "le procureur général près la cour d'appel", "m", natural=False)


MAKERS = {
    "company": _company,
    "bank": _bank,
    "insurer": _insurer,
    "sci": _sci,
    "liquidator": _liquidator,
    "association": _association,
    "union": _union,
    "commune": _commune,
    "copropriete": _co_owners,
    "caisse": _health_fund,
    "parquet": _prosecution,
}


def make(rng: Random, kind: str) -> Name:
    """An invented party of this kind: man, woman, company, bank, insurer, sci, commune, union…"""
    if kind in {"man", "woman"}:
        return person(rng, "f" if kind == "woman" else "m")
    return MAKERS[kind](rng)
