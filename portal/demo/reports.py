"""What magistrates write on a file: report, note, draft judgment and the advocate general's opinion."""

from __future__ import annotations

from portal.demo.decisions import CHAMBER_NAMES, SOLUTIONS, branches_of, facts_of, judgment, of_visa, stated_rules
from portal.demo.dossier import Dossier, Precedent, heading, numbered, paragraph
from portal.demo.matters import developments, show_article
from portal.demo.shapes import Block
from portal.demo.wording import Wording, capital, demand, long_date, lower_first, of

_NOTE_OPENINGS = (
    "Cette note, destinée à la seule formation, complète le rapport déposé ce jour. Elle n'a pas à être communiquée.",
    "Note confidentielle à l'attention du président, du doyen et des membres de la formation.",
    "Je livre ici, pour la conférence, les éléments d'appréciation qui n'avaient pas leur place dans le rapport.",
)
_DOUBTS = (
    (
        "Mon hésitation porte moins sur la règle que sur la lecture de l'arrêt. Si l'on tient les motifs pour "
        "un tout, on "
        "peut y trouver la recherche demandée ; si on les prend phrase à phrase, elle manque."
    ),
    (
        "La solution proposée me paraît s'imposer, mais je signale que la formation avait, il y a deux ans, retenu une "
        "approche un peu plus souple dans une espèce voisine, non publiée."
    ),
    (
        "Une cassation serait disciplinaire et n'apporterait rien à la doctrine de la chambre. Un rejet aurait "
        "le mérite de "
        "préciser la portée de la règle. J'ai donc préparé deux projets."
    ),
    (
        "J'hésite sur l'opportunité d'une publication. Le point a déjà été jugé ; seul l'ajout relatif à "
        "la charge de "
        "la preuve serait nouveau."
    ),
)
_ORIENTATIONS = (
    "Formation restreinte ; une réponse brève suffit.",
    "Formation de section, en raison de l'enjeu de la question et des divergences relevées entre cours d'appel.",
    "Formation ordinaire. Publication au Bulletin à débattre.",
    "Circuit intermédiaire. Je propose de ne pas publier.",
)


def _table(dossier: Dossier) -> list[Block]:
    timeline = dossier.timeline
    days = timeline.days
    terms = [f"déclaration de pourvoi : {long_date(days['declaration'])}"]
    terms.append(f"mémoire ampliatif : {long_date(days['memoire_ampliatif'])}")
    if "memoire_defense" in days and not dossier.dispute.question.detention:
        terms.append(f"mémoire en défense : {long_date(days['memoire_defense'])}")
    if timeline.hearing:
        terms.append(f"audience : {long_date(timeline.hearing)}")
    return [paragraph(capital(" ; ".join(terms)) + ".")]


def _moyens(dossier: Dossier, words: Wording) -> list[Block]:
    question = dossier.dispute.question
    blocks = [
        paragraph(
            f"Le moyen, divisé en {'deux' if len(question.branches) == 2 else 'trois'} branches, fait grief à "
            f"la décision attaquée "
            f"{words(question.grief)}."
            if len(question.branches) > 1
            else f"Le moyen unique, en une seule branche, fait grief à la décision attaquée {words(question.grief)}."
        ),
        *[paragraph(text) for text in branches_of(question.branches, words)],
    ]
    if dossier.dispute.plea is not None:
        blocks.append(
            paragraph(
                f"Le second moyen, accessoire, lui reproche {words(dossier.dispute.plea.grief)}. Il n'est "
                f"manifestement pas "
                "de nature à entraîner la cassation et pourrait faire l'objet d'un rejet non spécialement motivé."
            )
        )
    return blocks


def _cited(one: Precedent) -> Block:
    return numbered(f"{one.title}, publié ({lower_first(one.solution)}) : « {one.summary} ».")


def report(dossier: Dossier) -> tuple[Block, ...]:
    """The public report (*rapport*): facts, pleas, point of law, discussion."""
    dispute, words = dossier.dispute, dossier.words(5)
    question = dispute.question
    rapporteur = dossier.rapporteur
    general = dossier.rng.sample(developments("rapport"), dossier.rng.choice((2, 3, 4)))
    blocks = [
        heading(f"RAPPORT {of(rapporteur.name).upper()}, {rapporteur.function.upper()}", 1),
        paragraph(f"{capital(dossier.appeal)} – {words.name('D').short} c/ {words.name('F').short}"),
        paragraph(f"{capital(CHAMBER_NAMES[question.chamber][1])} – décision attaquée : {dispute.contested}"),
        heading("1. Rappel des faits et de la procédure"),
        *[numbered(text) for text in facts_of(dispute, words)],
        numbered(
            f"Les juges du fond, devant lesquels {words.name('A').short} demandait {demand(words(question.demande))}, "
            f"ont retenu {words(question.motifs)}."
        ),
        *_table(dossier),
        heading("2. Analyse succincte des moyens"),
        *_moyens(dossier, words),
        heading("3. Identification du point de droit"),
        paragraph(f"Le pourvoi pose la question suivante : {question.point}"),
        heading("4. Discussion"),
        heading("4.1. Les textes", 3),
        paragraph(f"La discussion est régie par les dispositions {of_visa(question.visa)}."),
        *[numbered(words(text)) for text in question.rule],
    ]
    if question.articles:
        shown = ", ".join(show_article(key) for key in question.articles)
        blocks.append(paragraph(f"Voir notamment : {shown}."))
    blocks.append(heading("4.2. La jurisprudence", 3))
    blocks += [_cited(one) for one in dossier.precedents]
    if not dossier.precedents:
        blocks.append(numbered("La recherche n'a pas fait apparaître de précédent publié directement topique."))
    blocks += [
        heading("4.3. Application à l'espèce", 3),
        *[numbered(words(text)) for text in question.debate],
        *[numbered(words(text)) for text in question.defense],
        *[numbered(text) for text in general],
        heading("5. Orientation proposée"),
        paragraph(dossier.rng.choice(_ORIENTATIONS)),
        paragraph(f"Nombre de projets préparés : {dossier.rng.choice(('un', 'deux'))}."),
    ]
    return tuple(blocks)


def note(dossier: Dossier) -> tuple[Block, ...]:
    """The rapporteur's confidential note (*note*)."""
    dispute, words = dossier.dispute, dossier.words(6)
    question = dispute.question
    lean = "au rejet" if dispute.outcome == "rejet" else "à la cassation"
    proposed = words(question.rejet if dispute.outcome == "rejet" else question.cass)
    other = words(question.cass if dispute.outcome == "rejet" else question.rejet)
    return (
        heading(f"NOTE SUR LE {dossier.appeal.upper()}", 1),
        paragraph(dossier.rng.choice(_NOTE_OPENINGS)),
        heading("La difficulté"),
        paragraph(f"En une phrase : {question.point}"),
        *[paragraph(words(text)) for text in dossier.rng.sample(list(question.debate), min(2, len(question.debate)))],
        heading("Ce que je propose"),
        paragraph(f"J'incline {lean}. La réponse pourrait être ainsi rédigée :"),
        paragraph(f"« {proposed} »"),
        paragraph(dossier.rng.choice(_DOUBTS)),
        heading("La variante"),
        paragraph(f"En sens inverse, on écrirait : « {other} »"),
        paragraph(
            dossier.rng.choice(
                (
                    "Le doyen m'a indiqué préférer une motivation resserrée, sans reprise de la règle.",
                    "Je n'ai pas trouvé trace d'un autre pourvoi contre la même décision.",
                    (
                        "À vérifier avant l'audience : la signification de la décision attaquée et la date du "
                        "mémoire en "
                        "défense."
                    ),
                    (
                        "Point à évoquer en conférence : faut-il répondre à la branche restante si la première est "
                        "accueillie ?"
                    ),
                )
            )
        ),
    )


def draft_judgment(dossier: Dossier) -> tuple[Block, ...]:
    """A draft of the judgment (*projet d'arrêt*), before the hearing."""
    assert dossier.sitting is not None
    sections = judgment(dossier.dispute, dossier.sitting, dossier.words(7))
    head = (heading("PROJET", 1), paragraph(f"{capital(dossier.appeal)} – {SOLUTIONS[dossier.dispute.outcome]}"))
    start = next(rank for rank, (zone, _) in enumerate(sections) if zone == "expose")
    return (*head, *[block for _, block in sections[start:-1]])


def final_judgment(dossier: Dossier) -> tuple[Block, ...]:
    """The judgment itself (*arrêt*), with its parties' names: the original, not the published version."""
    assert dossier.sitting is not None
    return tuple(block for _, block in judgment(dossier.dispute, dossier.sitting, dossier.words(7)))


def opinion(dossier: Dossier) -> tuple[Block, ...]:
    """The advocate general's opinion (*avis*)."""
    dispute, words = dossier.dispute, dossier.words(8)
    question, author = dispute.question, dossier.bench.avocat_general
    agrees = dossier.rng.random() < 0.75
    quash = (dispute.outcome != "rejet") == agrees
    ending = "Avis de cassation." if quash else "Avis de rejet."
    reason = words(question.cass if quash else question.rejet)
    debate = question.debate[:2]
    cited = [
        paragraph(f"Cette lecture est celle qui se dégage de l'arrêt {one.title} ({lower_first(one.solution)}).")
        for one in dossier.precedents[:2]
    ]
    return (
        heading(f"AVIS {of(author.name).upper()}, {author.function.upper()}", 1),
        paragraph(f"{capital(dossier.appeal)} – {words.name('D').short} c/ {words.name('F').short}"),
        paragraph(f"Décision attaquée : {dispute.contested}"),
        heading("I. Faits, procédure et moyen"),
        paragraph(
            f"Je renvoie au rapport pour l'exposé complet. {words(question.facts[0])} La décision attaquée "
            f"{words(question.chef)}."
        ),
        heading("II. La question posée"),
        paragraph(
            f"Il s'agit de savoir si, au regard {of_visa(question.visa)}, la réponse des juges du fond peut être "
            f"approuvée. Formulée de manière plus générale : {question.point}"
        ),
        heading("III. Discussion"),
        *[paragraph(words(text)) for text in debate],
        *cited,
        *[paragraph(rule) for rule in stated_rules(question, words)],
        paragraph(
            dossier.rng.choice(
                (
                    (
                        "Le parquet général est attentif à la lisibilité de la solution pour les juridictions "
                        "du fond, qui "
                        "traitent chaque mois plusieurs dizaines d'affaires semblables."
                    ),
                    "Je ne crois pas que la Cour doive aller au-delà de ce que lui demande le pourvoi.",
                    (
                        "L'argument tiré de l'intention du législateur ne me convainc pas : les travaux "
                        "préparatoires sont "
                        "muets sur ce point précis."
                    ),
                )
            )
        ),
        heading("IV. Conclusion"),
        paragraph(f"La Cour pourrait retenir ce qui suit : « {reason} »"),
        paragraph(ending),
    )
