"""The demo court, drawn whole from a seed: `generate(seed)` gives the same court on every machine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from portal.demo.decisions import SOLUTIONS, Sitting, decision_title
from portal.demo.disputes import Dispute, dispute
from portal.demo.dossier import Dossier, Precedent
from portal.demo.matters import Question, questions
from portal.demo.members import Bench, members
from portal.demo.numbering import show_number
from portal.demo.pieces import Writer
from portal.demo.published import record
from portal.demo.schedule import (
    CIVIL,
    CRIMINAL,
    ELECTORAL,
    Terms,
    Timeline,
    liberty_timeline,
    previous_working,
    sitting_day,
    timeline,
)
from portal.demo.shapes import CaseFile, Court, Piece, Published
from portal.demo.wording import capital, typography
from portal.nouns.case_file import CaseRole, Party

TODAY = date(2026, 11, 25)
STATES = (
    "audience",
    "rapport",
    "juge",
    "instruction",
    "audience",
    "rapport",
    "juge",
    "audience",
    "delibere",
    "rapport",
)
"""States dealt to the files in turn."""
AGAIN = ("heures-supplementaires", "copropriete-annulation-ag", "caution-disproportion")
"""Questions that two files raise."""
WITH_AUDITOR = {"soc": "rougemont", "civ1": "barthas"}


class _Numbers:
    """Gives appeal and decision numbers, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[object] = set()

    def appeal(self, question: Question, on: date) -> str:
        base = 60000 if question.key == "elections-parite" else 80000 if question.chamber == "cr" else 10000
        span = 400 if base == 60000 else 7600 if base == 80000 else 15000
        place = base + 10 + int(span * on.timetuple().tm_yday / 370)
        return self._free(f"{on.year % 100:02d}", place)

    def joined(self, first: str) -> str:
        return self._free(first[:2], int(first[2:]) + self._rng.randint(1, 4))

    def _free(self, year: str, place: int) -> str:
        while f"{year}{place:05d}" in self._taken:
            place += 1
        self._taken.add(f"{year}{place:05d}")
        return f"{year}{place:05d}"

    def decision(self, chamber: str, on: date) -> int:
        number = 3 + on.timetuple().tm_yday * 4 + self._rng.randint(0, 3)
        while (chamber, on.year, number) in self._taken:
            number += 1
        self._taken.add((chamber, on.year, number))
        return number


def _terms(question: Question) -> Terms:
    if question.key == "elections-parite":
        return ELECTORAL
    return CRIMINAL if question.chamber == "cr" else CIVIL


class _Builder:
    def __init__(self, seed: int, today: date) -> None:
        self._rng = Random(seed)  # noqa: S311
        self._today = today
        self._numbers = _Numbers(self._rng)
        self.members = members()
        self._benches = {
            chamber: Bench(chamber, self.members) for chamber in ("soc", "civ1", "civ2", "civ3", "comm", "cr")
        }
        self.precedents: dict[str, Precedent] = {}
        self.published: list[Published] = []

    def precedent(self, question: Question) -> None:
        """A decision of the past on this question, published in the Bulletin or at least diffused."""
        rng = self._rng
        latest = self._today - timedelta(days=240)
        earliest = max(question.since, date(2021, 9, 1))
        span = max((latest - earliest).days, 30)
        on = sitting_day(earliest + timedelta(days=rng.randrange(span)))
        contested = previous_working(
            on - timedelta(days=rng.randint(80, 110) if question.detention else rng.randint(520, 700))
        )
        drawn = dispute(rng, question, contested, rng.choice(("cassation", "cassation_partielle", "rejet")))
        bench = self._benches[question.chamber]
        number = self._numbers.appeal(question, contested + timedelta(days=4 if question.chamber == "cr" else 50))
        sitting = Sitting(
            numbers=(number,),
            bench=bench,
            rapporteur=rng.choice(bench.conseillers),
            formation=rng.choice(("fs", "f", "fs")),
            hearing=sitting_day(on - timedelta(days=37)),
            on=on,
            decision=self._numbers.decision(question.chamber, on),
            letter="B",
        )
        self.published.append(Published(record(drawn, sitting, self._cited(question))))
        title = decision_title(question.chamber, on, show_number(number))
        self.precedents[question.key] = Precedent(title, SOLUTIONS[drawn.outcome], question.summary, question.key)

    def _cited(self, question: Question) -> tuple[Precedent, ...]:
        """The same question's precedent first, then one of the same matter."""
        near = [one for one in questions() if one.matter == question.matter and one.key in self.precedents]
        near.sort(key=lambda one: one.key != question.key)
        return tuple(self.precedents[one.key] for one in near[:2])

    def case(self, question: Question, state: str, *, joined: bool) -> tuple[CaseFile, list[Piece]]:
        rng = self._rng
        if question.detention:
            dates = liberty_timeline(rng, self._today, 20 if state == "audience" else 34)
        else:
            dates = timeline(rng, state, self._today, _terms(question))
        drawn = dispute(rng, question, dates.contested)
        number = self._numbers.appeal(question, dates.days["declaration"])
        numbers = (number, self._numbers.joined(number)) if joined else (number,)
        bench = self._benches[question.chamber]
        rapporteur = rng.choice((*bench.conseillers, bench.conseillers[-1], bench.doyen))
        formation = rng.choice(("fs", "f", "f"))
        file = self._file(
            question=question,
            state=state,
            dates=dates,
            drawn=drawn,
            numbers=numbers,
            formation=formation,
            bench=bench,
            rapporteur=rapporteur.id,
        )
        sitting = None
        if dates.hearing:
            on = dates.days.get("arret") or dates.due["arret"]
            letter = rng.choice("BBBBD") if state == "juge" else "D"
            decision = self._numbers.decision(question.chamber, on) if state == "juge" else 0
            sitting = Sitting(numbers, bench, rapporteur, formation, dates.hearing, on, decision, letter)
        cited = self._cited(question)
        dossier = Dossier(file, drawn, dates, bench, rapporteur, cited, sitting, Random(drawn.seed))  # noqa: S311
        if state == "juge" and sitting is not None:
            self.published.append(Published(record(drawn, sitting, cited), file.number))
        return file, list(Writer(dossier, self._today).all())

    def _file(
        self, *, question: Question, state: str, dates: Timeline, drawn: Dispute, numbers: tuple[str, ...],
        formation: str, bench: Bench, rapporteur: str,
    ) -> CaseFile:  # fmt: skip
        roles: list[CaseRole] = []
        if "designation" in dates.days:
            others = [one for one in bench.conseillers if one.id != rapporteur][:2]
            roles = [
                CaseRole(rapporteur, "rapporteur"),
                CaseRole(bench.doyen.id, "doyen"),
                CaseRole(bench.president.id, "president"),
                *[CaseRole(one.id, "conseiller") for one in others],
                CaseRole(bench.avocat_general.id, "avocat_general"),
            ]
            if question.chamber in WITH_AUDITOR and state in {"rapport", "audience"}:
                roles.append(CaseRole(WITH_AUDITOR[question.chamber], "auditeur"))
        claimant, other = drawn.cast["D"], drawn.cast["F"]
        opposed = "" if question.detention else drawn.counsel[1]
        title = f"{capital(claimant.short)} c/ {other.short} – {question.title}"
        return CaseFile(
            numbers=numbers,
            chamber=question.chamber,
            formation=formation,
            title=typography(title),
            matter=question.matter,
            question=question.key,
            contested=drawn.contested,
            contested_on=drawn.contested_on,
            rg=drawn.rg,
            parties=(
                Party(claimant.full.split(",")[0], "demandeur", drawn.counsel[0]),
                Party(other.full.split(",")[0], "défendeur", opposed),
            ),
            stages=dates.stages(),
            roles=tuple(roles),
            state=state,
            hearing=dates.hearing,
            report_due=dates.report_due,
        )


def generate(seed: int = 1, today: date = TODAY) -> Court:
    """The whole court: members, case files, their pieces, published decisions. Same seed and day, same court."""
    builder = _Builder(seed, today)
    asked = list(questions())
    for question in asked:
        builder.precedent(question)
    asked += [one for one in asked if one.key in AGAIN]
    files: list[CaseFile] = []
    pieces: list[Piece] = []
    for rank, question in enumerate(asked):
        state = STATES[rank % len(STATES)] if not question.detention else "rapport"
        state = "juge" if rank >= len(questions()) else state
        file, written = builder.case(question, state, joined=rank % 11 == 4)
        files.append(file)
        pieces += written
    return Court(builder.members, tuple(files), tuple(_few_scans(pieces)), tuple(builder.published))


def _few_scans(pieces: list[Piece]) -> list[Piece]:
    """Two exhibits stay images without text, as a post room scans them; the others are printed."""
    kept: dict[str, str] = {}
    for piece in pieces:
        if piece.media == "scan" and len(kept) < 2:
            kept.setdefault(piece.title.split("–")[1], piece.id)
    chosen = set(kept.values())
    return [replace(one, media="pdf") if one.media == "scan" and one.id not in chosen else one for one in pieces]
