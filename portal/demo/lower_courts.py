"""What the judges below decided: the first judgment (*jugement*) and the contested ruling (*arrêt attaqué*)."""

from __future__ import annotations

from random import Random

from portal.demo.decisions import facts_of, lower_name, of_visa, statement
from portal.demo.disputes import FIRST_JUDGES, Dispute
from portal.demo.matters import developments
from portal.demo.names import person
from portal.demo.shapes import Block
from portal.demo.wording import Wording, capital, demand, long_date, of, typography


def _names(rng: Random, count: int) -> list[str]:
    return [person(rng).full.split(",")[0] for _ in range(count)]


def _paragraphs(lines: list[str]) -> list[Block]:
    return [Block("paragraph", typography(line)) for line in lines]


def first_judgment(dispute: Dispute, words: Wording, rng: Random) -> tuple[Block, ...]:
    """The judgment of first instance; the side that won it may have lost on appeal."""
    judge = FIRST_JUDGES[dispute.question.premier]
    city = words("{ville}")
    president, clerk = _names(rng, 2)
    winner = words.name(dispute.first_won_by)
    one, two = words.name("A"), words.name("B")
    question = dispute.question
    criminal = question.chamber == "cr"
    claim = words(question.demande)
    ruled = "y fait droit pour l'essentiel" if dispute.first_won_by == "A" else "les rejette"
    reasons = (
        f"Il appartient {'au ministère public' if criminal else 'à celui qui agit'} de rapporter la preuve des "
        f"faits au "
        "soutien de ses prétentions. Les pièces versées aux débats, et notamment les premières d'entre elles, "
        f"permettent de tenir pour établi ce qui suit : {lower_name(words(question.facts[1]))}"
    )
    blocks = [
        Block("heading", f"{judge.upper()} DE {city.upper()}", 1),
        *_paragraphs(
            [
                f"Jugement du {long_date(dispute.first_on)} – {person_line(president, clerk)}",
                f"ENTRE : {one.full}, demandeur, ET : {two.full}, défendeur."
                if not criminal
                else f"Le tribunal, vu la procédure suivie contre {one.full}, en présence {of(two.short)} ;",
            ]
        ),
        Block("heading", "EXPOSÉ DU LITIGE", 2),
        *_paragraphs([words(text) for text in question.facts]),
        *_paragraphs(
            [
                f"{capital(one.short)} demande à la juridiction {demand(claim)}.",
                (
                    f"{capital(two.short)} conclut au rejet de l'ensemble de ces prétentions et sollicite, "
                    "reconventionnellement, une indemnité au titre de ses frais de procédure."
                ),
            ]
        ),
        Block("heading", "MOTIFS", 2),
        *_paragraphs(
            [
                reasons,
                rng.choice(
                    (
                        (
                            f"Après en avoir débattu, la juridiction considère que les demandes doivent être "
                            f"examinées au "
                            f"regard {of_visa(question.visa)} et {ruled}."
                        ),
                        (
                            f"Au vu {of_visa(question.visa)}, la juridiction, appréciant les éléments soumis à "
                            f"son examen, "
                            f"{ruled}."
                        ),
                    )
                ),
            ]
        ),
        Block("heading", "PAR CES MOTIFS", 2),
        *_paragraphs(
            [
                "Statuant publiquement, par jugement contradictoire et en premier ressort,",
                f"Dit que les prétentions {of(winner.short)} sont fondées dans la mesure qui suit ;",
                f"{'Accueille' if dispute.first_won_by == 'A' else 'Rejette'} les demandes {of(one.short)} ;",
                f"Condamne {two.short if dispute.first_won_by == 'A' else one.short} aux dépens.",
            ]
        ),
    ]
    return tuple(blocks)


def person_line(president: str, clerk: str) -> str:
    return f"président : {president} ; greffier : {clerk}."


def contested_ruling(dispute: Dispute, words: Wording, rng: Random) -> tuple[Block, ...]:
    """The ruling that the appeal attacks, in the form of a court of appeal."""
    question = dispute.question
    one, two = words.name("A"), words.name("B")
    loser, winner = words.name("D"), words.name("F")
    president, judge, third, clerk = _names(rng, 4)
    head = dispute.judges.split(" ", 1)[1].upper()
    confirmed = words.name(dispute.first_won_by).short == winner.short
    verb = "CONFIRME" if confirmed else "INFIRME"
    first = f"le jugement rendu le {long_date(dispute.first_on)} par le {FIRST_JUDGES[question.premier]} de {{ville}}"
    if question.detention:
        first = f"l'ordonnance rendue le {long_date(dispute.first_on)} par le juge des libertés et de la détention"
        verb = "CONFIRME"
    if question.incident:
        verb = "STATUANT SUR DÉFÉRÉ, MAINTIENT"
        first = "l'ordonnance du conseiller de la mise en état"
    developed = rng.sample(developments("attaque_penal" if question.chamber == "cr" else "attaque"), 3)
    opening = [
        f"N° RG {dispute.rg} – N° Portalis {_portalis(rng)}",
        f"{dispute.ruling.upper()} DU {long_date(dispute.contested_on).upper()}",
        f"Décision déférée : {words(first)}." if not dispute.last_resort else "Statuant en dernier ressort.",
        f"APPELANT : {loser.full}" if not dispute.last_resort else f"DEMANDEUR : {one.full}",
        f"INTIMÉ : {winner.full}" if not dispute.last_resort else f"DÉFENDEUR : {two.full}",
        f"COMPOSITION : {president}, président ; {judge} et {third}, conseillers ; greffier lors des débats : {clerk}.",
    ]
    result = statement(words(question.grief))
    blocks = [
        Block("heading", f"{head} – {dispute.below.upper()}", 1),
        *_paragraphs(opening),
        Block("heading", "FAITS ET PROCÉDURE", 2),
        *_paragraphs(facts_of(dispute, words)[1:] if question.chamber == "cr" else [words(t) for t in question.facts]),
        Block("paragraph", developed[0]),
        Block("heading", "PRÉTENTIONS DES PARTIES", 2),
        *_paragraphs(
            [
                f"{capital(one.short)} demande {demand(words(question.demande))}.",
                f"{capital(two.short)} requiert la confirmation de la décision entreprise."
                if question.detention
                else f"{capital(two.short)} s'y oppose et demande de rejeter les prétentions adverses, outre "
                f"l'allocation "
                "d'une indemnité de procédure.",
                *[words(text) for text in question.defense],
                developed[1],
            ]
        ),
        Block("heading", "MOTIFS DE LA DÉCISION", 2),
        *_paragraphs(
            [
                f"Le litige est soumis {visa_to(question.visa)}.",
                words(f"Il ressort des pièces de la procédure et des débats {question.motifs}."),
                "Ces éléments justifient la décision qui suit, sans"
                " qu'il soit nécessaire d'examiner les autres moyens, que cette solution prive d'objet."
                if question.chamber == "cr"
                else f"Ces éléments conduisent la juridiction à {result}, sans qu'il soit nécessaire d'examiner "
                f"les autres "
                "moyens, que cette solution prive d'objet.",
                developed[2],
            ]
        ),
        Block("heading", "PAR CES MOTIFS", 2),
        *_paragraphs(
            [
                "La juridiction, statuant publiquement, par décision contradictoire et mise à disposition au greffe,"
                if not question.detention
                else "La chambre de l'instruction, statuant en chambre du conseil,",
                f"{verb} {words(first)} ;" if not dispute.last_resort else "DIT la demande recevable ;",
                f"{_third_person(words(question.chef))} ;",
                "DIT que le présent arrêt sera notifié aux parties."
                if question.chamber == "cr"
                else f"CONDAMNE {loser.short} aux dépens.",
            ]
        ),
    ]
    return tuple(blocks)


def _third_person(chef: str) -> str:
    text = chef.removeprefix("a ") if not chef.startswith("a prononcé") else "prononce sur la peine"
    word, _, rest = text.partition(" ")
    word = {"déclaré": "déclare", "confirmé": "confirme"}.get(word, word)
    return f"{word.upper()} {rest}"


def visa_to(visa: str) -> str:
    """« l'article 1240 » → « à l'article 1240 »; « les articles » → « aux articles »."""
    return f"aux {visa[4:]}" if visa.startswith("les ") else f"à {visa}"


def _portalis(rng: Random) -> str:
    letters = "BCDFGHJKLMNPQRSTVWXZ"
    tail = "".join(rng.choice(letters + "123456789") for _ in range(4))
    head = rng.choice("DBV") + "".join(rng.choice(letters) for _ in range(3))
    return f"{head}-V-B7{rng.choice('EFG')}-{tail}"
