"""A court's texts made by dice: legal words and invented ones, as frequent as in French (Zipf)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from indexer import Record

_GRAMMAR = (
    "de la le et à les des du que en un une dans pour au qui par sur pas a ne est se il son ce plus cette ou sont aux "
    "été sa avec dont ses sans entre ont être elle était avait comme leur si mais ces même"
)
_LEGAL = (
    "cour cassation arrêt pourvoi moyen demandeur défendeur chambre article code civil procédure travail pénal "
    "commerce contrat employeur salarié licenciement cause réelle sérieuse indemnité préjudice dommages intérêts "
    "société gérant bail bailleur preneur loyer congé servitude copropriété syndicat vente acheteur vendeur "
    "garantie vice caché obligation exécution inexécution résolution nullité prescription délai appel jugement "
    "tribunal juge conseiller audience rapport avis motif dispositif rejet annulation renvoi dépens frais partie "
    "procès litige demande recevabilité irrecevable fondement responsabilité faute lien causalité assureur assuré "
    "sinistre police prime banque crédit caution débiteur créancier créance saisie mesure conservatoire "
    "immobilier hypothèque succession héritier donation testament divorce époux prestation compensatoire enfant "
    "autorité parentale résidence pension accord convention collective durée temps heures repos congés maladie "
    "accident professionnelle faute inexcusable élection comité établissement représentant discrimination "
    "harcèlement moral sécurité santé prévention retraite cotisation sociale union recouvrement mise demeure "
    "contrainte notification signification huissier greffe dossier mémoire ampliatif défense observations avocat "
    "général rapporteur président doyen formation restreinte délibéré"
)
_ONSETS = (
    "b",
    "c",
    "d",
    "f",
    "g",
    "j",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "v",
    "ch",
    "br",
    "cr",
    "pr",
    "tr",
    "gl",
    "pl",
)
_VOWELS = ("a", "e", "i", "o", "u", "é", "è", "ou", "ai", "an", "on", "in", "eau")
_ENDS = ("", "r", "l", "t", "s", "x", "tion", "ment", "ance", "eur", "able", "age", "ité", "ure")

_CHAMBERS = ("soc", "civ1", "civ2", "civ3", "comm", "cr")
_SHARES = {"introduction": 0.06, "expose": 0.17, "moyens": 0.25, "motivations": 0.45, "dispositif": 0.07}
DOSSIERS = 400


def _zipf(size: int) -> NDArray[np.float64]:
    """Cumulative shares of `size` words by rank."""
    share = 1 / (np.arange(size) + 2.7)
    return np.cumsum(share / share.sum())


def vocabulary(size: int = 40_000) -> list[str]:
    """Most frequent first: grammar, law, then invented words. Always the same."""
    rng = random.Random(7)
    known = dict.fromkeys([*_GRAMMAR.split(), *_LEGAL.split()])
    while len(known) < size:
        syllables = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(rng.randint(1, 3)))
        known[syllables + rng.choice(_ENDS)] = None
    return list(known)


@dataclass(frozen=True, slots=True)
class Corpus:
    """`words` words a text, near 10 KB at 1,600."""

    size: int
    words: int = 1600
    restricted: float = 0.2

    def records(self) -> Iterator[Record]:
        """Grammar, a theme a text, and the whole vocabulary: as many distinct words as real decisions hold."""
        known = np.array(vocabulary(), dtype=object)
        grammar = len(dict.fromkeys(_GRAMMAR.split()))
        common, content, themed = _zipf(grammar), _zipf(len(known) - grammar), _zipf(240)
        dice, rng = np.random.default_rng(11), random.Random(11)

        def draw(bounds: NDArray[np.float64], count: int) -> NDArray[np.int64]:
            return np.minimum(np.searchsorted(bounds, dice.random(count)), len(bounds) - 1)

        for number in range(self.size):
            length = max(60, int(self.words * rng.lognormvariate(-0.08, 0.4)))
            theme = grammar + draw(content, 240)
            kind = dice.random(length)
            drawn = np.where(kind < 0.47, draw(common, length), theme[draw(themed, length)])
            drawn = np.where(kind > 0.88, grammar + draw(content, length), drawn)
            yield self._record(number, known[drawn].tolist(), rng)

    def _record(self, number: int, drawn: list[str], rng: random.Random) -> Record:
        published = rng.random() >= self.restricted
        dossier = str(rng.randrange(DOSSIERS))
        zones, start = {}, 0
        for name, share in _SHARES.items():
            stop = start + max(1, int(share * len(drawn)))
            zones[name] = _prose(drawn[start:stop])
            start = stop
        return Record(
            id=f"doc-{number}",
            document=f"doc-{number}",
            kind=rng.choice(["arret", "ordonnance", "avis"] if published else ["note", "rapport", "memoire", "projet"]),
            title=f"{rng.choice(_CHAMBERS)}, {number}",
            labels=frozenset({"public"} if published else {f"dossier:{dossier}"}),
            published=published,
            case_file=None if published else dossier,
            zones=zones if published else {"texte": "\n".join(zones.values())},
            numbers=(f"{number:07d}",),
            date=date(1995, 1, 1) + timedelta(rng.randrange(10_500)),
            chamber=rng.choice(_CHAMBERS),
            formation=rng.choice(["fp", "fm", "fs", "frh", "frr"]),
            solution=rng.choice(["cassation", "rejet", "irrecevabilite", "nonlieu"]) if published else None,
            publication=(rng.choices("bn", [1, 9])[0],) if published else (),
            state=None if published else rng.choice(["redaction", "relecture", "valide"]),
            summary=" ".join(drawn[:40]) if published and number % 10 == 0 else "",
        )


def _prose(words: list[str]) -> str:
    return "\n".join(
        ". ".join(" ".join(words[at : at + 22]).capitalize() for at in range(start, min(start + 88, len(words)), 22))
        + "."
        for start in range(0, len(words), 88)
    )


def queries(count: int, words: int = 2) -> list[str]:
    """Words that people look for: legal ones and less frequent ones, none grammatical."""
    rng = random.Random(5)
    known = vocabulary()
    grammar = len(dict.fromkeys(_GRAMMAR.split()))
    common, rarer = known[grammar : grammar + 150], known[grammar + 150 : 3000]
    return [
        " ".join([rng.choice(common), *(rng.choice(common + rarer[:600]) for _ in range(words - 1))])
        for _ in range(count)
    ]


READER = frozenset({"public", *(f"dossier:{n}" for n in range(0, DOSSIERS, 8))})
"""51 labels: a member of an eighth of the case files."""
