"""The parts of a decision (*zones*): introduction, exposé, moyens, motivations, dispositif, annexes.

Read from the decision's own headings, as the court's zoning does: a heading opens its zone, a zone ends where the
next begins. Since 2019 the headings are fixed (« Faits et procédure », « Réponse de la Cour »); before, the sentences'
first words tell (« Attendu que… fait grief », « Mais attendu que »).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ingest.extraction import Zone
from ingest.level import level

Mark = tuple[int, str]
"""Where a zone begins, and its name."""

_LINE = re.compile(r"[^\n]+")
_START = r"^[ \t]*(?:\d{1,3}[.)] ?)?"
_MEANS = (
    r"(?:(?:mais|et|enfin|d'abord) )?sur (?:le|les|la|l'|chacun|ce|un) ?(?:[a-z0-9,'()-]{1,30} ){0,12}?"
    r"(?:moyens?|griefs?|branches?)\b"
)
_RULES = (
    (
        "expose",
        re.compile(_START + r"(?:rappel des )?(?:faits?(?:,| et)? (?:la )?procedures?|expose du litige)\b(?!.{60})"),
    ),
    (
        "moyens",
        re.compile(
            _START + r"(?:examen (?:du|des) (?:\w+ )?(?:moyens?|griefs?|pourvois?|recours)|enonce (?:du"
            r"|des|de la) (?:\w+ )?(?:moyens?|griefs?|questions?))\b(?!.{80})"
        ),
    ),
    (
        "motivations",
        re.compile(
            _START + r"(?:reponse (?:de la cour|au moyen|aux moyens)|examen d'office|portee et consequences"
            r" de la cassation|examen (?:de (?:la|l'|sa)|des) ?(?:question|demande|requete|recevabilite"
            r"|saisine|competence)s?|(?:sur la )?recevabilite d|motifs? (?:de la decision|de l'arret)"
            r"|motivation)\b(?!.{80})"
        ),
    ),
    ("moyens", re.compile(_START + _MEANS + r"[^.;:]{0,200}:?$")),
)
_NO_REASONS = re.compile(
    r"^[ \t]*\d{1,3}\. (?:en application de l'article (?:1014|567-1-1)|(?:ce|le|les|ces)"
    r" (?:\w+ ){0,3}(?:moyens?|griefs?)[^.]{0,200}"
    r"manifestement pas de nature)"
)
_HANDED_DOWN = re.compile(
    r"a\s+rendu\s+(?:le\s+present\s+arret|la\s+presente\s+(?:decision|ordonnance)|l'arret\s+suivant)\b"
)
_OPERATIVE = re.compile(
    r"PAR CES (?:SEULS )?MOTIFS?\b|^[ \t]*Par ces (?:seuls )?motifs?\b|EN CONS[ÉE]QUENCE(?=[ \u00a0]*(?:[:,\n]|$))",
    re.MULTILINE,
)
_VERBS = re.compile(
    r"^[ \t]*(?:REJETTE|CASSE|ANNULE|DÉCLARE|DECLARE|CONSTATE|DIT|RENVOIE|ORDONNE|DONNE ACTE)\b", re.MULTILINE
)
_MODERN = re.compile(
    r"^[ \t]*(?:\d\. )?(?:faits?(?: et|,) ?(?:la )?procedure|reponse de la cour|examen"
    r" (?:du|des) (?:\w+ )?(?:moyens?|griefs?))[^\n]{0,60}$"
    r"|^[ \t]*1\. [^\n]{20}",
    re.MULTILINE,
)
_ANNEX = re.compile(
    r"(?:^|(?<=[.;] )|(?<=\n))moyens? (?:annexes?|produits?\b(?! (?:a l'appui|par la requete)))"
    r"|^annexes?\s*(?:au present|a l'arret|\n|$)",
    re.MULTILINE,
)
_OLD_EXPOSE = re.compile(
    r"^[ \t]*(?:attendu,? (?:selon|qu'il resulte (?:de l'arret|du jugement|des productions))"
    r"|attendu que,? selon)[^.\n]{0,60}(?:attaque|defere|production|procedure)"
)
_OLD_COMPLAINT = re.compile(
    r"^[ \t]*attendu[^;\n]{0,400}?(?:font?(?: encore| egalement| aussi)? (?:le meme |les"
    r" memes )?griefs?|est fait grief|reprochent?|est reproche)\b|^[ \t]*(?:moyens? de"
    r" cassation|premier moyen|alors )"
)
_OLD_ANSWER = re.compile(
    r"^[ \t]*(?:mais attendu|attendu,? (?:cependant|d'abord|toutefois|en premier lieu|que"
    r" (?:ce|ces|le|les) (?:\w+ ){0,3}(?:moyens?|griefs?))|et attendu|vu (?:l'article|les"
    r" articles|la |le |l'|ensemble)|qu'en (?:statuant|se determinant|l'etat)|d'ou il suit)"
)
_APPEAL_COURT = (
    (
        "expose",
        re.compile(
            _START + r"(?:expose (?:du litige|des faits)|(?:rappel des )?faits(?:,| et)? (?:de la |la )?procedure"
            r"|faits et pretentions|procedure et pretentions|rappel de la procedure)\b(?!.{80})"
        ),
    ),
    (
        "moyens",
        re.compile(
            _START + r"(?:pretentions et moyens|moyens (?:et pretentions )?des parties|demandes des parties)\b"
            r"(?!.{60})"
        ),
    ),
    (
        "motivations",
        re.compile(
            _START + r"(?:motifs? de (?:la decision|l'arret)|motifs?|motivation|sur ce(?:,? la cour)?|discussion"
            r"|la cour,? sur ce)\s*[:,.]?\s*$"
        ),
    ),
)


def split(text: str, style: str = "cassation", plain: str | None = None) -> tuple[Zone, ...]:
    """The zones of a decision, in order and without gap; none where the text shows no dispositif or heading.

    `style` is `cassation`, `ordonnance` (of the first president's: one motivation, one dispositif) or `fond`
    (courts of appeal and first instance); `plain` is the text levelled, where the caller has it.
    """
    plain = level(text) if plain is None else plain
    end_of_reasons, annex = _operative(text, plain)
    if style == "ordonnance":
        marks: list[Mark] = [(0, "motivations")]
    elif style == "fond":
        marks = [(0, "introduction"), *_by_rules(plain, end_of_reasons, _APPEAL_COURT)]
    elif _MODERN.search(plain, 0, end_of_reasons):
        marks = _since_2019(plain, end_of_reasons)
    else:
        marks = _before_2019(plain, end_of_reasons)
    if end_of_reasons < annex:
        marks.append((end_of_reasons, "dispositif"))
    if annex < len(plain):
        marks.append((annex, "annexes"))
    found = any(name not in ("introduction", "motivations") for _, name in marks)
    return tuple(_zones(marks, len(text))) if found else ()


def _zones(marks: list[Mark], length: int) -> Iterator[Zone]:
    """Neighbours of one name become one zone."""
    kept: list[Mark] = []
    for at, name in marks:
        if not kept or kept[-1][1] != name:
            kept.append((at, name))
    for (start, name), (end, _) in pairwise([*kept, (length, "")]):
        if end > start:
            yield Zone(name, start, end)


def _operative(text: str, plain: str) -> tuple[int, int]:
    """Where the dispositif and the annexes begin; the text's end where there is none.

    Annexed moyens quote the dispositif of the decision below, so the court's own is the last before them.
    """
    first = _OPERATIVE.search(text) or _VERBS.search(text)
    if not first:
        return len(text), len(text)
    found = _ANNEX.search(plain, first.end())
    annex = found.start() if found else len(text)
    last = first
    for last in _OPERATIVE.finditer(text, first.start(), annex):  # noqa: B007  # the last one is wanted
        pass
    return last.start() + len(last[0]) - len(last[0].lstrip()), annex


def _by_rules(plain: str, end: int, rules: tuple[tuple[str, re.Pattern[str]], ...]) -> Iterator[Mark]:
    for line in _LINE.finditer(plain, 0, end):
        head = line[0][:400]
        name = next((name for name, pattern in rules if pattern.search(head)), "")
        if name:
            yield line.start(), name


def _since_2019(plain: str, end: int) -> list[Mark]:
    marks: list[Mark] = [(0, "introduction")]
    state = "introduction"
    handed = next((found.end() for found in _HANDED_DOWN.finditer(plain, 0, end)), end)
    told = re.search(r"^[ \t]*(?:\d\. )?faits? (?:et|,) ?procedure", plain[:end], re.MULTILINE) is not None
    answered = False
    for line in _LINE.finditer(plain, 0, end):
        head = line[0][:400]
        if not head.strip():
            continue
        # The answer may be told branch by branch under one « Réponse de la Cour ».
        name = "" if answered and head.lstrip().startswith("sur l") else _named(head, state)
        answered = head.strip().startswith("reponse de la cour")
        numbered = line.start() > handed and re.match(r"[ \t]*\d{1,3}\. ", head)
        if state == "introduction" and not name and not told and numbered:
            # A decision without reasons of its own goes from its header to its first numbered paragraph.
            name = "motivations"
        if name and name != state:
            marks.append((line.start(), name))
            state = name
    return marks


def _named(head: str, state: str) -> str:
    if state == "moyens" and _NO_REASONS.search(head):
        return "motivations"
    name = next((name for name, pattern in _RULES if pattern.search(head)), "")
    # « Sur le moyen… » inside the header's prose opens nothing before the facts are told.
    return "" if name == "moyens" and state == "introduction" and head.lstrip().startswith("sur le rapport") else name


def _before_2019(plain: str, end: int) -> list[Mark]:
    marks: list[Mark] = [(0, "introduction")]
    state = "introduction"
    for line in _LINE.finditer(plain, 0, end):
        head = line[0][:600]
        name = _old_name(head, state)
        if name and name != state:
            marks.append((line.start(), name))
            state = name
    return marks


def _old_name(head: str, state: str) -> str:
    if _OLD_EXPOSE.search(head) and state in ("introduction", "expose"):
        return "expose"
    if re.search(_START + _MEANS, head) and not head.lstrip().startswith("sur le rapport"):
        return "moyens"
    if state == "introduction":
        return ""
    if _OLD_COMPLAINT.search(head):
        return "moyens"
    return "motivations" if _OLD_ANSWER.search(head) and state != "motivations" else ""
