"""Judgments of the court (*arrêts*), as written since 2019: original, draft and published version alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.demo.disputes import Dispute
from portal.demo.matters import Question
from portal.demo.members import Bench
from portal.demo.numbering import show_keyed
from portal.demo.shapes import Block, Member
from portal.demo.wording import Wording, capital, euros, long_date, lower_first, of, typography

Section = tuple[str, Block]
"""A block with the Judilibre zone that it belongs to."""

CHAMBER_NAMES = {
    "civ1": ("CIV. 1", "première chambre civile", "1re Civ."),
    "civ2": ("CIV. 2", "deuxième chambre civile", "2e Civ."),
    "civ3": ("CIV. 3", "troisième chambre civile", "3e Civ."),
    "comm": ("COMM.", "chambre commerciale, financière et économique", "Com."),
    "soc": ("SOC.", "chambre sociale", "Soc."),
    "cr": ("CRIM.", "chambre criminelle", "Crim."),
}
SOLUTIONS = {"cassation": "Cassation", "cassation_partielle": "Cassation partielle", "rejet": "Rejet"}
_INFINITIVE = re.compile(r"(?:(?<=, )|(?<= et ))d(?:e |')(?=(?:la |le |les |l')?\w+(?:er|ir|re)\b)")
_AMBIGUOUS = re.compile(r"\b(?:ses|sa|son|la condamner|le condamner|l'avoir|avoir|la révoquer)\b")


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the heading of a judgment needs beside the dispute."""

    numbers: tuple[str, ...]
    bench: Bench
    rapporteur: Member
    formation: str
    hearing: date
    on: date
    decision: int
    letter: str
    """Publication: B, L, C, R or D (*diffusé*)."""


def decision_title(chamber: str, on: date, number: str) -> str:
    """« 1re Civ., 12 janvier 2022, pourvoi n° 21-12.345 », as the court cites itself."""
    return typography(f"{CHAMBER_NAMES[chamber][2]}, {long_date(on)}, pourvoi n° {number}")


def statement(grief: str) -> str:
    """« de dire … et de débouter … » as the object of « Pour »: « dire … et débouter … »."""
    text = re.sub(r"^d(?:e |')", "", grief)
    return _INFINITIVE.sub("", text)


def branches_of(texts: Sequence[str], words: Wording) -> list[str]:
    """The branches of a plea, numbered where there are several, inside quotation marks."""
    if len(texts) == 1:
        return [typography(f"« {words(texts[0])}. »")]
    found = []
    for rank, text in enumerate(texts, 1):
        start, end = ("« " if rank == 1 else ""), (". »" if rank == len(texts) else " ;")
        found.append(typography(f"{start}{rank}°/ {words(text)}{end}"))
    return found


def _agree(woman: bool, masculine: str, feminine: str) -> str:
    return feminine if woman else masculine


def _present(sitting: Sitting) -> str:
    bench = sitting.bench
    seen = [f"{bench.president.name}, {bench.president.function}"]
    seen.append(f"{sitting.rapporteur.name}, {sitting.rapporteur.function} rapporteur")
    others = [one for one in (bench.doyen, *bench.conseillers) if one.id != sitting.rapporteur.id]
    if sitting.formation != "fs":
        others = others[:1]
    seen += [f"{one.name}, {one.function}" for one in others]
    seen.append(f"{bench.avocat_general.name}, {bench.avocat_general.function}")
    return ", ".join(seen) + f", et {bench.clerk.name}, {bench.clerk.function}"


def _heading(dispute: Dispute, sitting: Sitting) -> list[str]:
    chamber = dispute.question.chamber
    short, name, _ = CHAMBER_NAMES[chamber]
    president = sitting.bench.president
    shown = [show_keyed(number) for number in sitting.numbers]
    appeals = f"Pourvoi n° {shown[0]}" if len(shown) == 1 else f"Pourvois n° {' et '.join(shown)} (jonction)"
    initials = "".join(part[0] for part in (president.surname, sitting.rapporteur.surname))
    lines = [
        short,
        initials.upper(),
        "COUR DE CASSATION",
        f"Audience publique du {long_date(sitting.on)}",
        SOLUTIONS[dispute.outcome],
        f"{president.civility} {president.surname.upper()}, {president.function}",
        f"Arrêt n° {sitting.decision} {sitting.formation.upper()}-{sitting.letter}",
        appeals,
        "R É P U B L I Q U E F R A N Ç A I S E",
        "AU NOM DU PEUPLE FRANÇAIS",
        f"ARRÊT DE LA COUR DE CASSATION, {name.upper()}, DU {long_date(sitting.on).upper()}",
    ]
    return [typography(line) for line in lines]


def _parties(dispute: Dispute, sitting: Sitting, words: Wording) -> list[str]:
    claimant, other = words.name("D"), words.name("F")
    numbers = " et ".join(show_keyed(number) for number in sitting.numbers)
    appeal = f"le pourvoi n° {numbers}" if len(sitting.numbers) == 1 else f"les pourvois n° {numbers}"
    against = f"contre {dispute.the_ruling} rendu le {long_date(dispute.contested_on)} {dispute.by_the_judges}"
    if dispute.question.chamber == "cr":
        lines = [
            (
                f"{capital(claimant.short)} a formé un pourvoi contre l'arrêt {of_the_judges(dispute)}, en date du "
                f"{long_date(dispute.contested_on)}, {words(dispute.question.conviction)}."
            ),
            "Un mémoire a été produit." if dispute.question.detention else "Des mémoires ont été produits.",
        ]
    else:
        ending = _agree(other.gender == "f", "défendeur", "défenderesse")
        invokes = _agree(claimant.gender == "f", "Le demandeur", "La demanderesse")
        pleas = "un moyen unique de cassation" if dispute.plea is None else "deux moyens de cassation"
        lines = [
            (
                f"{capital(claimant.full)}, a formé {appeal} {against}, dans le litige l'opposant à {other.full}, "
                f"{ending} à la cassation."
            ),
            f"{invokes} invoque, à l'appui de son pourvoi, {pleas}.",
            "Le dossier a été communiqué au procureur général.",
        ]
    return [typography(fix_articles(line)) for line in lines]


def fix_articles(text: str) -> str:
    """« à le syndicat » → « au syndicat »."""
    return text.replace(" à le ", " au ").replace(" de le syndicat", " du syndicat")


def of_the_judges(dispute: Dispute) -> str:
    if dispute.question.detention:
        return f"de {dispute.judges}"
    return f"de {dispute.judges}, {dispute.below}"


def _report(dispute: Dispute, sitting: Sitting, words: Wording) -> list[str]:
    name = CHAMBER_NAMES[dispute.question.chamber][1]
    claimant, other = words.name("D").short, words.name("F").short
    heard = f"les observations de la {dispute.counsel[0]}, avocat {of(claimant)}"
    if not dispute.question.detention:
        heard += f", de la {dispute.counsel[1]}, avocat {of(other)}"
    general = sitting.bench.avocat_general
    composed = "composée des président et conseillers précités"
    if sitting.formation == "fs":
        composed = (
            "composée, en application de l'article R. 431-5 du code de l'organisation judiciaire, "
            "des président et conseillers précités"
        )
    first = (
        f"Sur le rapport {of(sitting.rapporteur.name)}, {sitting.rapporteur.function}, {heard}, et l'avis "
        f"{of(general.name)}, {general.function}, après débats en l'audience publique du "
        f"{long_date(sitting.hearing)} où étaient présents {_present(sitting)},"
    )
    second = (
        f"la {name} de la Cour de cassation, {composed}, après en avoir délibéré conformément à la loi, "
        "a rendu le présent arrêt."
    )
    return [typography(first), typography(second)]


def facts_of(dispute: Dispute, words: Wording) -> list[str]:
    """The numbered paragraphs of « Faits et procédure »."""
    facts = [words(text) for text in dispute.question.facts]
    if dispute.question.chamber == "cr":
        return ["Il résulte de l'arrêt attaqué et des pièces de procédure ce qui suit.", *facts]
    place = f"({dispute.court}, {long_date(dispute.contested_on)})"
    facts[0] = typography(f"Selon {dispute.the_ruling} attaqué {place}{_last(dispute)}, {lower_name(facts[0])}")
    return facts


def _last(dispute: Dispute) -> str:
    return ", rendu en dernier ressort" if dispute.last_resort else ""


def lower_name(text: str) -> str:
    """The sentence inside another: « La société » → « la société », « M. Aubrac » unchanged."""
    return text if re.match(r"(?:M\.|Mme|Me)\s", text) else lower_first(text)


def grief_blocks(dispute: Dispute, words: Wording) -> list[Block]:
    question = dispute.question
    if question.chamber == "cr":
        head = f"Le moyen critique l'arrêt attaqué en ce qu'il {words(question.chef)}, alors :"
    else:
        claimant = capital(words.name("D").short)
        head = f"{claimant} fait grief {dispute.to_the_ruling} {words(question.grief)}, alors :"
    quoted = [Block("paragraph", text) for text in branches_of(question.branches, words)]
    return [Block("numbered", typography(head)), *quoted]


def _dismissed(dispute: Dispute, words: Wording) -> list[Section]:
    if dispute.plea is None:
        return []
    claimant = capital(words.name("D").short)
    if dispute.question.chamber == "cr":
        reply = (
            "Les griefs ne sont pas de nature à permettre l'admission du pourvoi au sens de l'article 567-1-1 du code "
            "de procédure pénale."
        )
        return [
            ("moyens", Block("heading", "Sur le second moyen", 3)),
            ("motivations", Block("numbered", typography(reply))),
        ]
    reply = (
        "En application de l'article 1014, alinéa 2, du code de procédure civile, il n'y a pas lieu de statuer par une "
        "décision spécialement motivée sur ce moyen qui n'est manifestement pas de nature à entraîner la cassation."
    )
    grief = f"{claimant} fait grief à l'arrêt {words(dispute.plea.grief)}, alors :"
    return [
        ("moyens", Block("heading", "Sur le second moyen", 3)),
        ("moyens", Block("heading", "Énoncé du moyen", 4)),
        ("moyens", Block("numbered", typography(grief))),
        ("moyens", Block("paragraph", branches_of([dispute.plea.branch], words)[0])),
        ("motivations", Block("heading", "Réponse de la Cour", 4)),
        ("motivations", Block("numbered", typography(reply))),
    ]


def of_visa(visa: str) -> str:
    """« l'article 1240 » → « de l'article 1240 »; « les articles » → « des articles »."""
    return f"des {visa[4:]}" if visa.startswith("les ") else f"de {visa}"


def stated_rules(question: Question, words: Wording) -> list[str]:
    """The rules that can be stated without a visa before them: those that name no « premier de ces textes »."""
    found = []
    for rule in question.rule:
        if not re.search(r"premier|second|deuxième|troisième|dernier|autres", rule[:45]):
            named = re.sub(r"de ces textes|de ce texte", of_visa(question.visa), rule, count=1)
            named = re.sub(r"^Selon ce texte", f"Selon {question.visa}", named)
            found.append(words(named))
    return found[:1]


def answer(dispute: Dispute, words: Wording) -> list[Block]:
    """« Réponse de la Cour »: visa, rule and application on a cassation; reasons alone on a dismissal."""
    question = dispute.question
    rules = [Block("numbered", words(text)) for text in question.rule]
    if dispute.outcome == "rejet":
        stated = [Block("numbered", rule) for rule in stated_rules(question, words)]
        return [*stated, Block("numbered", words(question.rejet)), Block("numbered", _unfounded(dispute))]
    grief = statement(words(question.grief))
    verb = "énonce" if question.chamber == "cr" else "retient"
    below = f"{dispute.the_ruling} attaqué" if question.chamber == "cr" else dispute.the_ruling
    purpose = "statuer ainsi" if _AMBIGUOUS.search(grief) else grief
    reasons = words(f"Pour {purpose}, {below} {verb} {question.motifs}.")
    return [
        Block("paragraph", typography(f"Vu {question.visa} :")),
        *rules,
        Block("numbered", reasons),
        Block("numbered", words(question.cass)),
    ]


def _unfounded(dispute: Dispute) -> str:
    if dispute.question.chamber == "cr":
        return "Ainsi, le moyen doit être écarté."
    return "Le moyen n'est donc pas fondé."


def dispositif(dispute: Dispute, words: Wording) -> list[str]:
    """« PAR CES MOTIFS » and what follows."""
    claimant, other = words.name("D"), words.name("F")
    criminal = dispute.question.chamber == "cr"
    amount = euros(1500 + 500 * (dispute.seed % 5))
    if dispute.outcome == "rejet":
        lines = ["PAR CES MOTIFS, la Cour :", "REJETTE le pourvoi ;"]
        loser, winner = claimant, other
    else:
        lines = ["PAR CES MOTIFS, la Cour :", *_quashing(dispute, words)]
        loser, winner = other, claimant
    if not criminal:
        lines += [
            f"Condamne {loser.short} aux dépens ;",
            (
                "En application de l'article 700 du code de procédure civile, rejette la demande formée par "
                f"{loser.short} et {'la' if loser.gender == 'f' else 'le'} condamne à payer à {winner.short} "
                f"la somme de {amount} ;"
            ),
        ]
    if dispute.outcome != "rejet" and not criminal:
        lines.append(
            "Dit que sur les diligences du procureur général près la Cour de cassation, le présent arrêt sera transmis "
            f"pour être transcrit en marge ou à la suite {'du jugement' if dispute.last_resort else 'de l’arrêt'} "
            f"{'partiellement ' if dispute.outcome == 'cassation_partielle' else ''}cassé ;".replace("’", "'")
        )
    return [typography(fix_articles(line)) for line in lines]


def _quashing(dispute: Dispute, words: Wording) -> list[str]:
    judges, when = dispute.judges, long_date(dispute.contested_on)
    partial = dispute.outcome == "cassation_partielle"
    chef = words(dispute.question.chef)
    next_court = dispute.judges_at(dispute.referral)
    if dispute.question.chamber == "cr":
        limit = f", mais en ses seules dispositions par lesquelles elle {chef}" if partial else ""
        composed = f"devant {next_court}"
        return [
            f"CASSE et ANNULE l'arrêt susvisé de {judges}, en date du {when}{limit} ;",
            (
                "Et pour qu'il soit à nouveau statué, conformément à la loi, dans les limites de la cassation ainsi "
                f"prononcée, RENVOIE la cause et les parties {composed}, à ce désignée par délibération "
                f"spéciale prise en "
                "chambre du conseil ;"
            ),
            (
                "ORDONNE l'impression du présent arrêt, sa transcription sur les registres du greffe de la juridiction "
                "concernée et sa mention en marge ou à la suite de l'arrêt annulé."
            ),
        ]
    what = "mais seulement en ce qu'il " + chef if partial else "en toutes ses dispositions"
    back = "Remet, sur ce point, l'affaire" if partial else "Remet l'affaire"
    return [
        f"CASSE ET ANNULE, {what}, {dispute.the_ruling} rendu le {when}, entre les parties, par {judges} ;",
        (
            f"{back} et les parties dans l'état où elles se trouvaient avant "
            f"{'ce jugement' if dispute.last_resort else 'cet arrêt'}"
            f" et les renvoie devant {next_court} ;"
        ),
    ]


def _close(dispute: Dispute, sitting: Sitting) -> str:
    name = CHAMBER_NAMES[dispute.question.chamber][1]
    return typography(
        f"Ainsi fait et jugé par la Cour de cassation, {name}, et prononcé publiquement le "
        f"{long_date(sitting.on)} par mise à disposition de l'arrêt au greffe de la Cour, les parties ayant été "
        "préalablement avisées dans les conditions prévues au deuxième alinéa de l'article 450 du code de procédure "
        "civile."
        if dispute.question.chamber != "cr"
        else f"Ainsi fait et jugé par la Cour de cassation, {name}, et prononcé en audience publique le "
        f"{long_date(sitting.on)}."
    )


def judgment(dispute: Dispute, sitting: Sitting, words: Wording) -> list[Section]:
    """The whole judgment, block by block, each with its zone."""
    branch = "" if len(dispute.question.branches) == 1 else ", pris en sa première branche"
    several = dispute.plea is not None
    intro = [
        *_heading(dispute, sitting),
        *_parties(dispute, sitting, words),
        *_report(dispute, sitting, words),
    ]
    sections: list[Section] = [("introduction", Block("paragraph", line)) for line in intro]
    sections.append(("expose", Block("heading", "Faits et procédure", 2)))
    sections += [("expose", Block("numbered", text)) for text in facts_of(dispute, words)]
    sections.append(("moyens", Block("heading", "Examen des moyens" if several else "Examen du moyen", 2)))
    sections += _dismissed(dispute, words)
    name = "premier moyen" if several else "moyen"
    chosen = branch if dispute.outcome != "rejet" else ""
    if several or chosen:
        sections.append(("moyens", Block("heading", f"Sur le {name}{chosen}", 3)))
    sections.append(("moyens", Block("heading", "Énoncé du moyen", 4)))
    sections += [("moyens", block) for block in grief_blocks(dispute, words)]
    sections.append(("motivations", Block("heading", "Réponse de la Cour", 4)))
    sections += [("motivations", block) for block in answer(dispute, words)]
    closing = dispositif(dispute, words)
    sections.append(("dispositif", Block("heading", closing[0], 2)))
    if dispute.outcome != "rejet" and branch:
        closing[0] = typography("PAR CES MOTIFS, et sans qu'il y ait lieu de statuer sur les autres griefs, la Cour :")
        sections[-1] = ("dispositif", Block("heading", closing[0], 2))
    sections += [("dispositif", Block("paragraph", line)) for line in (*closing[1:], _close(dispute, sitting))]
    return sections
