"""What counsel writes: declaration of appeal, memorials of claimant and defendant (*mémoires*)."""

from __future__ import annotations

from portal.demo.decisions import CHAMBER_NAMES, branches_of, facts_of, of_visa
from portal.demo.dossier import Dossier, heading, numbered, paragraph
from portal.demo.matters import Question, developments, exhibits, show_article
from portal.demo.shapes import Block
from portal.demo.wording import NBSP, Wording, capital, demand, euros, long_date, lower_first, of, to

_ORDINALS = ("première", "deuxième", "troisième", "quatrième")


def declaration(dossier: Dossier) -> tuple[Block, ...]:
    """The declaration (CPC, art. 974, 975; CPP, art. 576)."""
    dispute, words = dossier.dispute, dossier.words(1)
    claimant, other = words.name("D"), words.name("F")
    day = long_date(dossier.timeline.days["declaration"])
    if dispute.question.chamber == "cr":
        return (
            heading("DÉCLARATION DE POURVOI EN CASSATION", 1),
            paragraph(f"L'an et le {day}, au greffe de la cour d'appel de {dispute.court}, devant nous, greffier,"),
            paragraph(
                f"a comparu le conseil {of(claimant.full)}, muni d'un pouvoir spécial annexé au présent acte, lequel a "
                f"déclaré se pourvoir en cassation contre l'arrêt n° {dispute.rg} rendu le "
                f"{long_date(dispute.contested_on)} par {dispute.judges}, {words(dispute.question.conviction)}."
            ),
            paragraph("Le pourvoi porte sur toutes les dispositions de l'arrêt faisant grief au demandeur."),
            paragraph(
                "Lecture faite, le déclarant a signé avec nous. Le présent acte a été inscrit au registre prévu par "
                "l'article 576 du code de procédure pénale."
            ),
        )
    return (
        heading("DÉCLARATION DE POURVOI", 1),
        paragraph(f"{capital(dossier.appeal)} – déposé au greffe de la Cour de cassation le {day}"),
        heading("Demandeur au pourvoi"),
        paragraph(f"{claimant.full}, ayant pour avocat la {dispute.counsel[0]}."),
        heading("Défendeur au pourvoi"),
        paragraph(f"{other.full}."),
        heading("Décision attaquée"),
        paragraph(f"{capital(dispute.ruling)} du {long_date(dispute.contested_on)} – {dispute.contested}."),
        paragraph(
            f"Le pourvoi est dirigé contre les dispositions par lesquelles la décision {words(dispute.question.chef)}."
        ),
        heading("État de la procédure d'exécution"),
        paragraph(
            dossier.rng.choice(
                (
                    "La décision attaquée a été signifiée à partie ; elle n'a pas, à ce jour, été exécutée.",
                    "La décision attaquée a été exécutée, sous réserve du présent pourvoi.",
                    (
                        "Aucune mesure d'exécution forcée n'a été engagée. Une demande d'aide juridictionnelle "
                        "n'a pas été "
                        "formée."
                    ),
                )
            )
        ),
    )


def _precedents(dossier: Dossier) -> list[Block]:
    if not dossier.precedents:
        return []
    cited = "; ".join(f"{one.title}, publié au Bulletin" for one in dossier.precedents).replace("; ", " ; ")
    first = dossier.precedents[0]
    return [
        paragraph(f"La jurisprudence de la chambre est en ce sens ({cited})."),
        paragraph(
            f"{'Cet arrêt' if len(dossier.precedents) == 1 else 'Le premier de ces arrêts'} énonce en effet : « "
            f"{first.summary} ». Rien ne justifie qu'il en aille "
            "différemment dans la présente affaire."
        ),
    ]


def _some(dossier: Dossier, kind: str, count: int) -> list[str]:
    """Some paragraphs of this kind, in the order in which an argument puts them."""
    offered = developments(kind)
    return [offered[rank] for rank in sorted(dossier.rng.sample(range(len(offered)), count))]


def _register(question: Question) -> str:
    return "memoire_penal" if question.chamber == "cr" else "memoire"


def _argument(dossier: Dossier, words: Wording, count: int) -> list[Block]:
    question = dossier.dispute.question
    general = [words(text) for text in _some(dossier, _register(question), count)]
    blocks: list[Block] = []
    for rank, branch in enumerate(question.branches):
        name = "l'unique branche" if len(question.branches) == 1 else f"la {_ORDINALS[rank]} branche"
        blocks.append(heading(f"Sur {name}", 4))
        first, _, rest = words(branch).partition(f"{NBSP}; ")
        if first.startswith("que "):
            blocks.append(paragraph(f"Il faut partir de ce {first}."))
        else:
            rest = first
        if rank == 0:
            blocks.append(paragraph(f"Tel est le sens {of_visa(question.visa)}. {words(question.rule[0])}"))
            blocks += _precedents(dossier)
        if rest:
            blocks.append(paragraph(f"Or la décision attaquée encourt la critique en ce {rest}."))
        share = general[rank :: len(question.branches)]
        blocks += [paragraph(text) for text in share]
        if rank < 2:
            blocks.append(paragraph(words(question.debate[rank])))
    return blocks


def _ample(dossier: Dossier, words: Wording, count: int) -> list[Block]:
    """What the longest memorials add: history of the text, method, objections met beforehand."""
    question = dossier.dispute.question
    if count < 9 or question.chamber == "cr":
        return []
    texts = _some(dossier, "ample", 5 if count == 9 else 8)
    return [
        heading("Sur la portée de la censure", 4),
        paragraph(f"La question posée peut être ainsi résumée : {question.point}"),
        *[paragraph(words(text)) for text in texts],
    ]


def _accessory(dossier: Dossier, words: Wording) -> list[Block]:
    plea = dossier.dispute.plea
    if plea is None:
        return []
    return [
        heading("SECOND MOYEN DE CASSATION"),
        paragraph(f"{capital(words.name('D').short)} fait grief à l'arrêt attaqué {words(plea.grief)} :"),
        paragraph(f"alors {words(plea.branch)}."),
        *[paragraph(words(text)) for text in plea.discussion],
    ]


def productions(dossier: Dossier) -> list[tuple[str, str]]:
    """The list of exhibits (*bordereau*): number and title."""
    words = dossier.words(3)
    names = [f"{capital(dossier.dispute.ruling)} attaqué", "Jugement de première instance", "Conclusions d'appel"]
    if dossier.dispute.question.detention:
        names[1:] = ["Ordonnance entreprise", "Mémoire devant la chambre de l'instruction"]
    if dossier.dispute.last_resort:
        names[1:] = ["Requête introductive", "Bordereau de communication des pièces"]
    names += [words(exhibits()[key].title) for key in dossier.dispute.question.exhibits]
    return [(str(rank), name) for rank, name in enumerate(names, 1)]


def _first_ruling(dossier: Dossier) -> str:
    dispute = dossier.dispute
    if dispute.last_resort or dispute.question.incident:
        return "Le litige se présente aujourd'hui devant la Cour dans les termes suivants."
    kind = "ordonnance" if dispute.question.detention else "jugement"
    return f"Les premiers juges ont statué par {kind} du {long_date(dispute.first_on)}, dont appel a été relevé."


def ampliative(dossier: Dossier) -> tuple[Block, ...]:
    """The ampliative memorial (*mémoire ampliatif*, CPC, art. 978)."""
    dispute, words = dossier.dispute, dossier.words(2)
    question = dispute.question
    claimant, other = words.name("D"), words.name("F")
    rank = "PREMIER MOYEN" if dispute.plea else "MOYEN UNIQUE"
    count = dossier.rng.choice((3, 4, 5, 7, 9, 12))
    quoted = [paragraph(text.strip("« »\u00a0")) for text in branches_of(question.branches, words)]
    applicable = [paragraph(f"– {capital(show_article(key))} ;") for key in question.articles]
    return (
        heading(f"COUR DE CASSATION – {CHAMBER_NAMES[question.chamber][1].upper()}", 1),
        heading("MÉMOIRE AMPLIATIF", 1),
        paragraph(f"POUR : {claimant.full}"),
        paragraph(f"CONTRE : {other.full}"),
        paragraph(f"Sur le {dossier.appeal}" if len(dossier.case.numbers) == 1 else f"Sur les {dossier.appeal}"),
        paragraph(f"{dispute.counsel[0]}, avocat au Conseil d'État et à la Cour de cassation"),
        heading("FAITS"),
        *[paragraph(words(text)) for text in question.facts],
        paragraph(
            f"{capital(words.name('A').short)} demandait aux juges du fond {demand(words(question.demande))}. "
            f"{_first_ruling(dossier)}"
        ),
        paragraph(
            f"C'est {dispute.the_ruling} du {long_date(dispute.contested_on)}, rendu {dispute.by_the_judges}, qui est "
            f"ici attaqué en ce qu'il {words(question.chef)}."
        ),
        heading("DISCUSSION"),
        heading(f"{rank} DE CASSATION"),
        paragraph(
            f"{capital(claimant.short)} fait grief {dispute.to_the_ruling} attaqué {words(question.grief)}, alors :"
        ),
        *quoted,
        heading("Textes applicables", 3),
        *(applicable or [paragraph(f"Le moyen est pris de la violation {of_visa(question.visa)}.")]),
        heading("Développements", 3),
        *_argument(dossier, words, count),
        *_ample(dossier, words, count),
        *_accessory(dossier, words),
        heading("PAR CES MOTIFS"),
        paragraph(
            "et tous autres à produire, déduire ou suppléer, au besoin même d'office, "
            f"{words('{la partie D}')} conclut qu'il plaise à la Cour de cassation : CASSER ET ANNULER la décision "
            "attaquée, avec toutes conséquences de droit."
        ),
        heading("PRODUCTIONS"),
        *[paragraph(f"{number}. {name}") for number, name in productions(dossier)],
        paragraph(f"{dispute.counsel[0]}"),
    )


def defence(dossier: Dossier) -> tuple[Block, ...]:
    """The defence (*mémoire en défense*, CPC, art. 982)."""
    dispute, words = dossier.dispute, dossier.words(4)
    question = dispute.question
    claimant, other = words.name("D"), words.name("F")
    opening, *general = _some(dossier, "defense", dossier.rng.choice((3, 4, 5)))
    blocks = [
        heading("MÉMOIRE EN DÉFENSE", 1),
        paragraph(f"POUR : {other.full}, {'défenderesse' if other.gender == 'f' else 'défendeur'} au pourvoi"),
        paragraph(f"CONTRE : {claimant.full}, {'demanderesse' if claimant.gender == 'f' else 'demandeur'} au pourvoi"),
        paragraph(f"{capital(dossier.appeal)} – {dispute.counsel[1]}"),
        heading("FAITS ET PROCÉDURE"),
        paragraph(
            f"L'exposé des faits du mémoire ampliatif appelle peu de réserves. On rappellera seulement que "
            f"{lower_first_safe(facts_of(dispute, words)[-1])}"
        ),
        heading("DISCUSSION"),
        paragraph(f"Le moyen reproche à la décision attaquée {words(question.grief)}. Il ne saurait être accueilli."),
        numbered(opening),
        *[numbered(words(text)) for text in question.defense],
        paragraph(
            f"La décision attaquée a en effet retenu {words(question.motifs)}. Ces constatations, qui relèvent de "
            "l'appréciation souveraine des juges du fond, suffisent à la justifier."
        ),
        *[numbered(text) for text in general],
    ]
    if dossier.precedents:
        one = dossier.rng.choice(dossier.precedents)
        blocks.append(
            numbered(
                f"L'arrêt invoqué par le pourvoi ({one.title}) a statué sur une espèce différente, où les juges du "
                "fond s'étaient abstenus de toute constatation sur le point débattu."
            )
        )
    blocks += [
        heading("PAR CES MOTIFS"),
        paragraph(
            f"{capital(other.short)} conclut au REJET du pourvoi et à la condamnation {of(claimant.short)} à lui payer "
            f"une somme de {euros(3000 + 500 * (dispute.seed % 4))} en application de l'article 700 du code de "
            f"procédure "
            "civile."
            if question.chamber != "cr"
            else f"{capital(other.short)} conclut au REJET du pourvoi et demande l'application de l'article "
            f"618-1 du code "
            "de procédure pénale."
        ),
        paragraph(f"Avec copie {to(claimant.short)} par l'intermédiaire de son avocat. {dispute.counsel[1]}"),
    ]
    return tuple(blocks)


def lower_first_safe(text: str) -> str:
    """The sentence after « que »: names keep their capitals."""
    return text if text.startswith(("M.", "Mme")) else lower_first(text)
