"""What a document is (*nature de la pièce*) and which court's, by its title lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.level import close_up

HEAD = 4000
"""Characters of a document's beginning that may hold its title."""
DECISIONS = frozenset({"arret", "ordonnance", "avis", "qpc", "jugement", "decision"})


@dataclass(frozen=True, slots=True)
class Nature:
    kind: str = ""
    jurisdiction: str = ""
    style: str = ""
    """How its zones are told: cassation, ordonnance, fond, or empty where it has none."""
    where: str = ""


_L = r"^[ \t*#>_=-]*"
_TITLES = (
    ("projet_arret", _L + r"projet d['e] ?arret\b"),
    ("memoire_ampliatif", _L + r"memoires? ampliatifs?\b"),
    ("memoire_defense", _L + r"memoires? en (?:defense|reponse)\b|" + _L + r"observations en defense\b"),
    ("memoire", _L + r"memoires? (?:personnel|complementaire|additionnel|special|distinct|incident|en )"
        r"|" + _L + r"memoire[ .:]*$"),
    ("avis_ag", _L + r"avis (?:ecrit |complementaire |oral )?(?:de |du )[^\n]{0,80}avocate?s? generale?"
        r"|" + _L + r"conclusions (?:de |du )[^\n]{0,80}avocate?s? generale?"),
    ("rapport", _L + r"rapport (?:complementaire |oral )?(?:de |du |d')(?:m\.|mme|madame|monsieur|conseill"
        r"|[^\n]{0,60}(?:conseill|rapporteur))|" + _L + r"rapport (?:public|complementaire)?[ .:]*$"),
    ("declaration", _L + r"declaration de pourvoi\b"),
    ("conclusions", _L + r"conclusions (?:d'|de l'|en |recapitulatives|devant|n°|responsives|aux fins)|"
        + _L + r"conclusions[ .:]*$"),
    ("deliberation", _L + r"(?:note de )?delibere[ .:]*$"),
    ("note", _L + r"note (?:du |de |a l'|a la |au |relative|explicative|juridique|interne|d')|" + _L + r"note[ .:]*$"),
)  # fmt: skip
_CASSATION = re.compile(
    r"arret de la cour de cassation|cour de cassation[^\n]{0,120}a rendu l'(?:arret|avis"
    r"|ordonnance)|^[ \t]*cour de cassation[ _*-]*$"
    r"|decision de la cour de cassation|avis de la cour de cassation|prononce[^\n]{0,60}par la cour de cassation",
    re.MULTILINE,
)
_ORDER = re.compile(
    r"^[ \t]*premiere presidence\b|^[ \t]*ordonnance(?: de [a-z ]{3,40}| du premier president[^\n]{0,40})?[ _]*$",
    re.MULTILINE,
)
_FIRST_PRESIDENT = re.compile(
    r"premiere presidence|delegue(?:e)?s? par (?:le|la) premi|premier president de la cour de cassation"
)
_QPC = re.compile(
    r"questions? prioritaires?\s+(?:de\s+)?constitutionnalite|(?:non-lieu|renvoi) (?:a renvoi"
    r" )?[^\n]{0,20}conseil constitutionnel"
)
_OPINION = re.compile(
    r"^[ \t]*(?:avis de la cour de cassation|demande d'avis|avis n°)|a rendu (?:l'avis|le present avis)", re.MULTILINE
)
_LOWER = (
    ("ca", "arret", re.compile(r"cour d'appel d(?:e |u |')")),
    ("tcom", "jugement", re.compile(r"tribunal de commerce|tribunal des activites economiques")),
    ("cph", "jugement", re.compile(r"conseil de prud'? ?hommes")),
    ("tj", "jugement", re.compile(r"tribunal (?:judiciaire|de grande instance|d'instance|de proximite|correctionnel|de"
        r" police)")),
)  # fmt: skip
_LOWER_ACT = re.compile(
    r"^[ \t]*(?:arret|jugement|ordonnance|decision)\b|republique francaise|au nom du peuple"
    r" francais|minute n|rg n|n° ?rg|r\.g\.",
    re.MULTILINE,
)
_LETTER = re.compile(
    r"^[ \t]*objet ?:|veuillez agreer|je vous prie (?:d'agreer|de bien vouloir)|^[ \t]*"
    r"(?:madame|monsieur|maitre|cher maitre|cher confrere)[^\n]{0,60},[ ]*$",
    re.MULTILINE,
)
_NAMES = (
    ("projet_arret", r"projet"), ("memoire_ampliatif", r"ampliatif"), ("memoire_defense", r"memoire.{0,12}defense"),
    ("memoire", r"memoire"), ("avis_ag", r"\bavis\b|conclusions.{0,5}ag\b"), ("rapport", r"rapport"),
    ("declaration", r"declaration"), ("conclusions", r"conclusions"), ("ordonnance", r"ordonnance"),
    ("jugement", r"jugement"), ("arret", r"\barret"), ("courrier", r"courrier|lettre"), ("note", r"\bnote\b"),
)  # fmt: skip


def nature(plain: str, name: str) -> Nature:
    """What a levelled text is; its levelled file name helps where the text says nothing."""
    head = "\n".join(close_up(line.strip()) for line in plain[:HEAD].split("\n"))
    titled = _titled(head[:2000])
    court = _cassation(head, plain)
    if titled and (not court or not court.where or titled[1] < _place(head)):
        kind = titled[0]
        return Nature(
            kind,
            "cc" if kind in ("rapport", "avis_ag", "projet_arret") else "",
            "cassation" if kind == "projet_arret" else "",
            "titre",
        )
    if court:
        return court
    return _lower_court(head) or _other(plain, name)


def _titled(head: str) -> tuple[str, int] | None:
    """The kind whose title stands first; of two at one place, the more precise, listed first."""
    found = [(kind, match.start()) for kind, words in _TITLES if (match := re.search(words, head, re.MULTILINE))]
    return min(found, key=lambda title: title[1], default=None)


def _place(head: str) -> int:
    found = _CASSATION.search(head)
    return found.start() if found else len(head)


def _cassation(head: str, plain: str) -> Nature | None:
    if not _CASSATION.search(head):
        return None
    judged = re.search(
        r"a rendu (?:l'|le |la )|par ces motifs|en consequence|ainsi (?:fait et )?(?:juge|decide)"
        r"|rejette|casse et annule",
        plain,
    )
    if not judged:
        return None
    if _ORDER.search(head) and _FIRST_PRESIDENT.search(head):
        return Nature("ordonnance", "cc", "ordonnance", "en-tête")
    kind = "qpc" if _QPC.search(head[:900]) else "avis" if _OPINION.search(head[:2500]) else "arret"
    return Nature(kind, "cc", "cassation", "en-tête")


def _lower_court(head: str) -> Nature | None:
    if not _LOWER_ACT.search(head):
        return None
    found = [(match.start(), code, kind) for code, kind, words in _LOWER if (match := words.search(head[:1500]))]
    if not found:
        return None
    _, code, kind = min(found)
    act = re.search(r"^[ \t]*(arret|jugement|ordonnance)\b", head, re.MULTILINE)
    return Nature(act[1] if act else kind, code, "fond", "en-tête")


def _other(plain: str, name: str) -> Nature:
    spaced = re.sub(r"[_.-]+", " ", name)
    named = next((kind for kind, words in _NAMES if re.search(words, spaced)), "")
    if named:
        return Nature(named, where="nom du fichier")
    return Nature("courrier", where="formules de politesse") if _LETTER.search(plain[:HEAD]) else Nature()
