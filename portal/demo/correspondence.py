"""Letters of a file (*courriers*) and orders given on it (*ordonnances*)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from portal.demo.decisions import CHAMBER_NAMES
from portal.demo.dossier import Dossier, heading, paragraph
from portal.demo.schedule import previous_working
from portal.demo.shapes import Block
from portal.demo.wording import capital, long_date, of

Letter = tuple[str, str, str, tuple[Block, ...], date]
"""Title, author (member id or empty), counsel, text, date."""

_CLOSINGS = (
    "Je vous prie d'agréer, {greeting}, l'expression de ma haute considération.",
    "Je vous prie de croire, {greeting}, à l'assurance de mes sentiments distingués.",
    "Je vous prie d'agréer, {greeting}, l'expression de mes salutations distinguées.",
    "Veuillez agréer, {greeting}, l'expression de ma considération respectueuse.",
)


def _letter(dossier: Dossier, sender: str, day: date, subject: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    return (
        paragraph(sender),
        paragraph(f"Paris, le {long_date(day)}"),
        heading(f"Objet : {subject}"),
        paragraph(f"Réf. : {dossier.appeal} – {dossier.case.title}"),
        *[paragraph(line) for line in lines],
        paragraph(dossier.rng.choice(_CLOSINGS).format(greeting=lines[0].rstrip(","))),
    )


def _near(dossier: Dossier, kind: str, low: int, high: int) -> date:
    days = dossier.timeline.days
    return previous_working(days.get(kind, days["declaration"]) + timedelta(days=dossier.rng.randint(low, high)))


def constitution(dossier: Dossier) -> Letter:
    day = _near(dossier, "declaration", 6, 20)
    firm = dossier.dispute.counsel[1]
    other = dossier.words(11).name("F").short
    lines = (
        "Monsieur le greffier en chef,",
        f"J'ai l'honneur de vous faire connaître que je me constitue en défense pour {other}.",
        (
            "Je vous serais obligé de bien vouloir m'adresser, par voie électronique, l'ensemble des actes "
            "déposés à ce jour "
            "et de noter que toute correspondance devra désormais m'être adressée."
        ),
    )
    return ("Constitution en défense", "", firm, _letter(dossier, firm, day, "constitution en défense", lines), day)


def transmission(dossier: Dossier) -> Letter:
    day = _near(dossier, "memoire_ampliatif", 1, 6)
    firm = dossier.dispute.counsel[0]
    words = dossier.words(12)
    lines = (
        "Monsieur le greffier en chef,",
        (
            "Je vous prie de trouver ci-joint, en complément des productions annexées au mémoire, les pièces "
            "suivantes, "
            "omises par suite d'une erreur matérielle lors de l'envoi :"
        ),
        f"– les dernières conclusions d'appel {of(words.name('D').short)} ;",
        "– l'acte de signification de la décision attaquée ;",
        "– le bordereau récapitulatif rectifié.",
        "Copie de la présente est adressée à mon confrère.",
    )
    block = _letter(dossier, firm, day, "transmission de productions complémentaires", lines)
    return ("Transmission de productions complémentaires", "", firm, block, day)


def designation_notice(dossier: Dossier) -> Letter:
    day = _near(dossier, "designation", 0, 2)
    clerk = dossier.bench.clerk
    rapporteur = dossier.rapporteur
    lines = (
        "Maître,",
        (
            f"J'ai l'honneur de vous informer que {rapporteur.name}, {rapporteur.function}, a été "
            f"désigné{'e' if rapporteur.civility == 'Mme' else ''} en qualité de "
            f"rapporteur de l'affaire citée en référence, distribuée à la {CHAMBER_NAMES[dossier.case.chamber][1]}."
        ),
        (
            "Le dossier a été communiqué au parquet général. Toute demande relative à la fixation devra être "
            "adressée au greffe "
            "de la chambre."
        ),
    )
    sender = f"{clerk.name}, {clerk.function}"
    block = _letter(dossier, sender, day, "désignation du rapporteur", lines)
    return ("Avis de désignation du rapporteur", clerk.id, "", block, day)


def hearing_notice(dossier: Dossier) -> Letter:
    hearing = dossier.timeline.hearing
    assert hearing is not None
    day = previous_working(min(hearing - timedelta(days=32), _near(dossier, "rapport", 1, 4)))
    clerk = dossier.bench.clerk
    lines = (
        "Maître,",
        (
            f"L'affaire citée en référence est inscrite au rôle de l'audience publique du {long_date(hearing)}, à "
            f"{dossier.rng.choice(('9 heures', '9 heures 30', '14 heures'))}, devant la "
            f"{CHAMBER_NAMES[dossier.case.chamber][1]}."
        ),
        (
            "Vous voudrez bien faire connaître, quinze jours avant cette date, si vous entendez présenter des "
            "observations "
            "orales."
        ),
    )
    block = _letter(dossier, f"{clerk.name}, {clerk.function}", day, "avis d'audience", lines)
    return ("Avis d'audience aux avocats", clerk.id, "", block, day)


def raised_plea(dossier: Dossier) -> Letter:
    day = _near(dossier, "rapport", 2, 12)
    clerk = dossier.bench.clerk
    visa = dossier.dispute.question.visa
    lines = (
        "Maître,",
        (
            "En application de l'article 1015 du code de procédure civile, j'ai l'honneur de vous informer que "
            "la Cour envisage "
            f"de relever d'office un moyen de pur droit, pris de la violation éventuelle des dispositions "
            f"suivantes : {visa}."
        ),
        (
            "Vous êtes invité à présenter vos observations éventuelles dans un délai de quinze jours à compter "
            "de la réception "
            "du présent avis."
        ),
    )
    block = _letter(dossier, f"{clerk.name}, {clerk.function}", day, "avis de moyen relevé d'office", lines)
    return ("Avis aux parties (article 1015)", clerk.id, "", block, day)


def observations(dossier: Dossier) -> Letter:
    day = _near(dossier, "rapport", 13, 26)
    firm = dossier.dispute.counsel[dossier.rng.randrange(2)]
    words = dossier.words(13)
    lines = (
        "Monsieur le Président,",
        "Le rapport de l'affaire appelle de ma part les brèves observations suivantes.",
        words(dossier.dispute.question.debate[0]),
        "Je m'en rapporte pour le surplus aux écritures déposées et me tiens à la disposition de la Cour à l'audience.",
    )
    return ("Observations sur le rapport", "", firm, _letter(dossier, firm, day, "observations", lines), day)


def postponement(dossier: Dossier) -> Letter:
    day = _near(dossier, "declaration", 30, 60)
    firm = dossier.dispute.counsel[0]
    lines = (
        "Monsieur le greffier en chef,",
        dossier.rng.choice(
            (
                (
                    "Mon client a formé une demande d'aide juridictionnelle, dont vous trouverez ci-joint le "
                    "récépissé. Cette "
                    "demande interrompt le délai imparti pour le dépôt du mémoire."
                ),
                (
                    "Des pourparlers sont en cours entre les parties, qui pourraient conduire à un désistement. "
                    "Je vous tiendrai "
                    "informé de leur issue avant l'expiration du délai."
                ),
                (
                    "La décision attaquée ayant fait l'objet d'une requête en rectification d'erreur "
                    "matérielle, je vous en "
                    "adresserai copie dès son prononcé."
                ),
            )
        ),
    )
    return ("Lettre relative au délai de dépôt", "", firm, _letter(dossier, firm, day, "délai de dépôt", lines), day)


def letters(dossier: Dossier, today: date) -> list[Letter]:
    """The letters that this file holds by now, never later than `today`."""
    days = dossier.timeline.days
    rng = dossier.rng
    criminal, liberty = dossier.case.chamber == "cr", dossier.dispute.question.detention
    writers: list[Callable[[Dossier], Letter]] = []
    if not liberty and rng.random() < 0.5:
        writers.append(constitution)
    if "memoire_ampliatif" in days and not criminal and rng.random() < 0.3:
        writers.append(transmission)
    if "memoire_ampliatif" not in days or (not criminal and rng.random() < 0.15):
        writers.append(postponement)
    if "designation" in days and rng.random() < 0.5:
        writers.append(designation_notice)
    if "rapport" in days and dossier.timeline.hearing is not None:
        if rng.random() < 0.6:
            writers.append(hearing_notice)
        if not criminal and rng.random() < 0.2:
            writers.append(raised_plea)
        if rng.random() < 0.3:
            writers.append(observations)
    return [letter for letter in (write(dossier) for write in writers) if letter[4] <= today]


def order(dossier: Dossier) -> tuple[str, tuple[Block, ...]]:
    """An order on the conduct of the appeal: its title and text."""
    words = dossier.words(14)
    claimant, other = words.name("D").short, words.name("F").short
    kind = dossier.rng.randrange(3) if dossier.case.chamber != "cr" else 2
    head = [
        heading("COUR DE CASSATION – PREMIÈRE PRÉSIDENCE", 1),
        heading("ORDONNANCE", 1),
        paragraph(f"{capital(dossier.appeal)} – {claimant} c/ {other}"),
        paragraph("Nous, délégataire du premier président de la Cour de cassation, assisté du greffier,"),
    ]
    if kind == 0:
        body = [
            paragraph(
                f"Vu la requête {of(other)} tendant à la radiation du pourvoi du rôle de la Cour, en application de "
                "l'article 1009-1 du code de procédure civile ;"
            ),
            paragraph(
                "Attendu qu'il est justifié de versements partiels et d'un échéancier accepté ; que ces circonstances "
                "manifestent la volonté d'exécuter et que l'exécution intégrale et immédiate aurait des conséquences "
                "manifestement excessives ;"
            ),
            paragraph("Rejetons la requête. Disons que l'instance se poursuivra."),
        ]
        return "Ordonnance rejetant une requête en radiation", tuple(head + body)
    if kind == 1:
        body = [
            paragraph(
                f"Vu la requête {of(claimant)} tendant à la réduction des délais prévus aux articles 978 et 982 "
                f"du code "
                "de procédure civile, présentée en application de l'article 1009 du même code ;"
            ),
            paragraph(
                "Attendu que l'urgence, tenant aux effets de la décision attaquée sur la situation des personnes "
                "concernées, est caractérisée ;"
            ),
            paragraph(
                "Disons que le mémoire en demande sera déposé dans un délai de deux mois et le mémoire en réponse dans "
                "un délai d'un mois ; disons que l'affaire sera fixée par priorité."
            ),
        ]
        return "Ordonnance de réduction des délais", tuple(head + body)
    body = [
        paragraph(f"Vu la demande {of(claimant)} tendant au versement aux débats d'une pièce complémentaire ;"),
        paragraph(
            "Attendu que la pièce, visée par la décision attaquée, figurait au dossier de la procédure ; que sa "
            "communication, à laquelle l'autre partie ne s'oppose pas, est utile à l'examen du moyen ;"
        ),
        paragraph(
            "Autorisons le dépôt de la pièce dans un délai de quinze jours ; disons que les parties pourront présenter "
            "leurs observations dans le même délai."
        ),
    ]
    return "Ordonnance autorisant le dépôt d'une pièce", tuple(head + body)
