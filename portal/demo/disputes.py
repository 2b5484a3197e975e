"""A dispute (*litige*): one question of law with its parties, dates, sums and the decision that is contested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.matters import Plea, Question, pleas, voices
from portal.demo.names import CITIES, COURTS, FIRMS, Name, address, make, person
from portal.demo.schedule import previous_working
from portal.demo.wording import Wording, euros, long_date, of

FIRST_JUDGES = {
    "prudhommes": "conseil de prud'hommes",
    "tj": "tribunal judiciaire",
    "tc": "tribunal de commerce",
    "jcp": "juge des contentieux de la protection",
    "jaf": "juge aux affaires familiales",
    "pole_social": "pôle social du tribunal judiciaire",
    "correctionnel": "tribunal correctionnel",
    "jld": "juge des libertés et de la détention",
}
CHAMBERS_BELOW = {
    "soc": ("chambre sociale", "chambre sociale, section A", "4e chambre prud'homale"),
    "civ1": ("1re chambre civile", "chambre civile, section 1", "1re chambre, section B"),
    "civ2": ("2e chambre civile", "3e chambre, section 2", "chambre de la protection sociale"),
    "civ3": ("3e chambre civile", "chambre des baux", "1re chambre, section A"),
    "comm": ("chambre commerciale", "13e chambre", "chambre commerciale, section 2"),
    "cr": ("chambre correctionnelle", "10e chambre", "7e chambre des appels correctionnels"),
}


@dataclass(frozen=True, slots=True)
class Dispute:
    question: Question
    cast: Mapping[str, Name]
    slots: Mapping[str, str]
    court: str
    """Seat of the court that gave the contested decision."""
    below: str
    """Its chamber."""
    contested_on: date
    first_on: date
    rg: str
    outcome: str
    """cassation, cassation_partielle or rejet."""
    counsel: tuple[str, str]
    plea: Plea | None
    referral: str
    """Seat of the court that the case goes to after a cassation."""
    first_won_by: str
    seed: int

    @property
    def last_resort(self) -> bool:
        return self.question.last_resort

    @property
    def ruling(self) -> str:
        """« arrêt » or, in last resort, « jugement »."""
        return "jugement" if self.last_resort else "arrêt"

    @property
    def the_ruling(self) -> str:
        return "le jugement" if self.last_resort else "l'arrêt"

    @property
    def to_the_ruling(self) -> str:
        return "au jugement" if self.last_resort else "à l'arrêt"

    @property
    def judges(self) -> str:
        """« la cour d'appel de Lyon » or the tribunal or chamber that gave the contested decision."""
        return self.judges_at(self.court)

    def judges_at(self, seat: str) -> str:
        """The judges of the same kind who sit in that city."""
        where = of(seat)
        if self.last_resort:
            return f"le tribunal judiciaire {where}"
        if self.question.detention:
            return f"la chambre de l'instruction de la cour d'appel {where}"
        return f"la cour d'appel {where}"

    @property
    def by_the_judges(self) -> str:
        return f"par {self.judges} ({self.below})" if not self.question.detention else f"par {self.judges}"

    @property
    def contested(self) -> str:
        head = self.judges.split(" ", 1)[1]
        head = head[:1].upper() + head[1:]
        shown = head if self.question.detention else f"{head} ({self.below})"
        return f"{shown}, {long_date(self.contested_on)}, RG n°\u00a0{self.rg}"

    def wording(self, salt: int = 0, *, hidden: bool = False) -> Wording:
        """Fills templates with this dispute's names, or with the letters of its published version."""
        cast = dict(self.cast)
        if hidden:
            for letter, number, key in (("X", 1, "A"), ("Y", 2, "B")):
                cast[key] = cast[key].hidden(letter, number)
            cast["D"], cast["F"] = _sides(self.question, cast)
        return Wording(cast, self.slots, Random(self.seed * 1009 + salt))  # noqa: S311


def _sides(question: Question, cast: Mapping[str, Name]) -> tuple[Name, Name]:
    other = "B" if question.demandeur == "A" else "A"
    return cast[question.demandeur], cast[other]


def story_dates(rng: Random, question: Question, contested_on: date) -> tuple[list[date], date]:
    """The five dates of the story and that of the first judgment, all before the contested decision."""
    gaps = [gap if gap <= 100 else round(gap * rng.uniform(1, 1.04)) for gap in question.gaps]
    if question.incident:
        start = contested_on - timedelta(days=gaps[4] + rng.randint(50, 90))
        first = start - timedelta(days=rng.randint(22, 40))
    elif question.premier == "jld":
        start = contested_on - timedelta(days=gaps[4])
        first = start + timedelta(days=gaps[2])
    elif question.last_resort:
        start = contested_on - timedelta(days=gaps[4] + rng.randint(12, 35))
        first = contested_on
    else:
        first = contested_on - timedelta(days=rng.randint(350, 560))
        start = first - timedelta(days=gaps[4] + rng.randint(180, 320))
    return [start + timedelta(days=gap) for gap in gaps], previous_working(first)


def _testified(rng: Random, question: Question, days: list[date]) -> date:
    if question.last_resort or question.incident or question.premier == "jld":
        return days[3]
    return days[4] + timedelta(days=rng.randint(10, 50))


def _slots(rng: Random, question: Question, days: list[date], first: date) -> dict[str, str]:
    slots = {f"d{rank + 1}": long_date(day) for rank, day in enumerate(days)}
    city = rng.choice(CITIES)
    slots |= {
        "jug": long_date(first),
        "m1": euros(rng.randrange(1450, 4800, 10)),
        "m2": euros(rng.randrange(5200, 28000, 100)),
        "m3": euros(rng.randrange(12500, 96000, 500)),
        "g1": euros(rng.randrange(112000, 480000, 1000)),
        "n1": str(rng.randint(34, 180)),
        "n2": str(rng.randint(5, 24)),
        "ville": city,
        "VILLE": city.upper(),
        "adresse": address(rng),
        "adresse2": address(rng),
        "jp": long_date(_testified(rng, question, days)),
        "fait1": question.facts[0],
        "fait2": question.facts[1],
        "objet": question.title,
        "message": f"Notre échange porte toujours sur le même point : {question.title}.",
        "testimony": question.facts[0],
        "letter": question.facts[1],
    }
    slots |= voices(question.key)
    for role in ("médecin", "expert", "huissier", "notaire"):
        slots[role] = person(rng).full.split(",")[0].split(" ", 1)[1]
    return slots


def _outcome(rng: Random, forced: str | None) -> str:
    return forced or rng.choice(("cassation", "cassation_partielle", "rejet", "rejet"))


def dispute(rng: Random, question: Question, contested_on: date, outcome: str | None = None) -> Dispute:
    """An invented dispute raising this question, decided below on that day."""
    days, first = story_dates(rng, question, contested_on)
    one, two = make(rng, question.a), make(rng, question.b)
    while two.short == one.short:
        two = make(rng, question.b)
    witness = person(rng)
    cast = {"A": one, "B": two, "T": witness}
    cast["D"], cast["F"] = _sides(question, cast)
    slots = _slots(rng, question, days, first)
    slots["témoin"] = witness.full.split(",")[0]
    court = rng.choice(CITIES if question.last_resort else COURTS)
    registered = (contested_on - timedelta(days=20)) if question.last_resort else first + timedelta(days=25)
    slots["cour"] = court
    slots["rg"] = f"{registered.year % 100:02d}/{rng.randint(120, 8900):05d}"
    below = "contentieux des élections professionnelles" if question.chamber == "soc" else "juge du surendettement"
    if question.detention:
        below = "chambre de l'instruction"
    elif not question.last_resort:
        below = rng.choice(CHAMBERS_BELOW[question.chamber])
    offered = [plea for plea in pleas() if question.chamber in plea.chambers]
    plain = question.last_resort or question.detention
    return Dispute(
        question=question,
        cast=cast,
        slots=slots,
        court=court,
        below=below,
        contested_on=contested_on,
        first_on=first,
        rg=slots["rg"],
        outcome=_outcome(rng, outcome),
        counsel=tuple(rng.sample(FIRMS, 2)),  # type: ignore[arg-type]  # two are drawn
        plea=None if plain or rng.random() < 0.3 else rng.choice(offered),
        referral=rng.choice([seat for seat in (CITIES if question.last_resort else COURTS) if seat != court]),
        first_won_by=rng.choice("AB"),
        seed=rng.randrange(1 << 30),
    )
