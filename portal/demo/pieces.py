"""Every document of a file (*pièces*), from the declaration to the judgment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from portal.demo.correspondence import letters, order
from portal.demo.dossier import Dossier, heading, paragraph
from portal.demo.lower_courts import contested_ruling, first_judgment
from portal.demo.matters import Exhibit, exhibits
from portal.demo.pleadings import ampliative, declaration, defence
from portal.demo.reports import draft_judgment, final_judgment, note, opinion, report
from portal.demo.schedule import previous_working
from portal.demo.shapes import Block, Piece
from portal.demo.wording import long_date, typography


def _exhibit_blocks(dossier: Dossier, template: Exhibit, salt: int) -> tuple[str, tuple[Block, ...]]:
    words = dossier.words(salt)
    blocks = []
    for line in template.body:
        level = len(line) - len(line.lstrip("#"))
        text = words(line.lstrip("# "))
        blocks.append(heading(text, level) if level else paragraph(text))
    return words(template.title), tuple(blocks)


class Writer:
    """Builds one file's pieces in the order they came in, with ids `<number>-<rank>`."""

    def __init__(self, dossier: Dossier, today: date) -> None:
        self._dossier = dossier
        self._today = today
        self._rank = 0

    def _piece(
        self, kind: str, title: str, day: date, blocks: tuple[Block, ...], media: str, *,
        author: str | None = None, counsel: str = "", deposited: bool = True,
    ) -> Piece:  # fmt: skip
        self._rank += 1
        case = self._dossier.case
        return Piece(
            id=f"{case.number}-{self._rank:02d}",
            case_file=case.number,
            kind=kind,
            title=typography(title),
            author=author,
            counsel=counsel,
            date=day,
            deposited=deposited,
            media=media if deposited else "draft",
            blocks=blocks,
        )

    def all(self) -> Iterator[Piece]:
        yield from self._from_below()
        yield from self._pleadings()
        yield from self._letters()
        yield from self._magistrates()

    def _from_below(self) -> Iterator[Piece]:
        dossier = self._dossier
        dispute, rng = dossier.dispute, dossier.rng
        words = dossier.words(20)
        title = f"{dispute.ruling.capitalize()} attaqué du {long_date(dispute.contested_on)}"
        yield self._piece("arret_attaque", title, dispute.contested_on, contested_ruling(dispute, words, rng), "pdf")
        if not dispute.last_resort and not dispute.question.detention:
            blocks = first_judgment(dispute, words, rng)
            title = f"Jugement du {long_date(dispute.first_on)}"
            yield self._piece("jugement", title, dispute.first_on, blocks, rng.choice(("pdf", "pdf", "html", "txt")))

    def _pleadings(self) -> Iterator[Piece]:
        dossier = self._dossier
        days, counsel = dossier.timeline.days, dossier.dispute.counsel
        title = "Déclaration de pourvoi"
        yield self._piece("declaration", title, days["declaration"], declaration(dossier), "pdf", counsel=counsel[0])
        filed = days.get("memoire_ampliatif")
        keys = dossier.dispute.question.exhibits[:3] if filed else dossier.dispute.question.exhibits[:1]
        if filed:
            blocks = ampliative(dossier)
            yield self._piece("memoire_ampliatif", "Mémoire ampliatif", filed, blocks, "pdf", counsel=counsel[0])
        for rank, key in enumerate(keys):
            template = exhibits()[key]
            name, blocks = _exhibit_blocks(dossier, template, 30 + rank)
            day = filed or days["declaration"]
            yield self._piece("piece", f"Pièce n° {rank + 4} – {name}", day, blocks, template.media, counsel=counsel[0])
        answered = days.get("memoire_defense")
        if answered and not dossier.dispute.question.detention:
            blocks = defence(dossier)
            media = dossier.rng.choice(("pdf", "pdf", "docx"))
            yield self._piece("memoire_defense", "Mémoire en défense", answered, blocks, media, counsel=counsel[1])

    def _letters(self) -> Iterator[Piece]:
        dossier = self._dossier
        for title, author, counsel, blocks, day in letters(dossier, self._today):
            media = dossier.rng.choice(("docx", "docx", "pdf", "txt"))
            yield self._piece("courrier", title, day, blocks, media, author=author or None, counsel=counsel)
        if dossier.rng.random() < 0.25 and "memoire_ampliatif" in dossier.timeline.days:
            day = previous_working(dossier.timeline.days["memoire_ampliatif"] + timedelta(days=9))
            if day <= self._today:
                title, text = order(dossier)
                yield self._piece("ordonnance", title, day, text, "pdf", author=dossier.bench.clerk.id)

    def _magistrates(self) -> Iterator[Piece]:
        dossier = self._dossier
        case, days = dossier.case, dossier.timeline.days
        author = dossier.rapporteur.id
        if "designation" not in days:
            return
        reported = days.get("rapport")
        begun = reported or previous_working(self._today - timedelta(days=dossier.rng.randint(1, 9)))
        yield self._piece(
            "rapport", f"Rapport {_of(dossier)}", begun, report(dossier), "docx", author=author,
            deposited=reported is not None,
        )  # fmt: skip
        if case.state != "rapport" or dossier.rng.random() < 0.6:
            done = case.state in {"juge", "delibere"}
            yield self._piece("note", "Note du rapporteur", begun, note(dossier), "docx", author=author, deposited=done)
        if reported:
            done = case.state == "juge"
            yield self._piece(
                "projet_arret",
                "Projet d'arrêt",
                reported,
                draft_judgment(dossier),
                "docx",
                author=author,
                deposited=done,
            )
        yield from self._opinion()
        if case.state == "juge":
            on = days["arret"]
            title = f"Arrêt du {long_date(on)}"
            yield self._piece("arret", title, on, final_judgment(dossier), "docx", author=dossier.bench.clerk.id)

    def _opinion(self) -> Iterator[Piece]:
        dossier = self._dossier
        given = dossier.timeline.days.get("avis")
        general = dossier.bench.avocat_general
        if given:
            yield self._piece("avis_ag", f"Avis de {general.name}", given, opinion(dossier), "docx", author=general.id)
        elif dossier.case.state == "audience" and dossier.rng.random() < 0.5:
            day = previous_working(self._today - timedelta(days=1))
            yield self._piece(
                "avis_ag", f"Avis de {general.name}", day, opinion(dossier), "docx", author=general.id, deposited=False
            )


def _of(dossier: Dossier) -> str:
    return f"de {dossier.rapporteur.name}"
