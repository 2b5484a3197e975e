"""The solution (*sens de la décision*) read from a decision's header or from its dispositif."""

from __future__ import annotations

import re

from ingest.level import level
from ingest.taxonomy import solution_code

_LINE = re.compile(
    r"^[ \t]*((?:(?:arret|decision) (?:de|d') ?)?(?:qpc|cassation|rejet|annulation|irrecevabilite"
    r"|decheance|desistement|radiation|non[- ]lieu|"
    r"non[- ]admission|rabat|renvoi|reglement|designation|rectification|avis sur saisine"
    r"|irrecevable|sursis|interruption|"
    r"peremption|dessaisissement|rejet|caducite|reouverture|non[- ]renvoi|donne acte|jonction"
    r"|incompetence)\b[^\n.;:]{0,110})$",
    re.MULTILINE,
)
_MORE = re.compile(
    r"\n[ \t]*(?P<more>(?:(?:partiellement )?sans renvoi|partielle|et [a-z ]{3,40}|avec"
    r" renvoi|a renvoi|specialement motive|au conseil constitutionnel)[^\n.;:]{0,60})$",
    re.MULTILINE,
)
_OPERATIVE = (
    ((r"dit n'y avoir lieu (?:de |a )(?:renvoyer|renvoi)[^\n]{0,80}(?:question|conseil|prioritaire)"
        r"|n'y avoir lieu (?:de|a) renvoyer au conseil"), "QPC - Non-lieu à renvoi au Conseil constitutionnel"),
    (r"declare (?:irrecevables?|non transmise)[^\n]{0,40}questions? prioritaires?", "QPC - irrecevabilité"),
    (r"renvoie (?:au conseil constitutionnel|la question|les questions)", "QPC - Renvoi au Conseil constitutionnel"),
    (r"(?:est|emet l')? ?d'avis\b|est d'avis que", "Avis sur saisine"),
    (r"cass(?:e|ent|er) et annul", "Cassation"),
    (r"\bannul(?:e|ent)\b", "Annulation"),
    ((r"declare?s? (?:le pourvoi |les pourvois |la requete )?(?:non[- ]admis|irrecevable)"
        r"|dit (?:le pourvoi )?irrecevable"), "Irrecevabilité"),
    (r"decheance|\bdechue?s?\b", "Déchéance"),
    (r"non[- ]admis", "Non-admission"),
    (r"rejett?e|rejetee?s?\b", "Rejet"),
    (r"desist", "Désistement"),
    (r"peremption[^\n]{0,120}(?:constatee|acquise)|constate la peremption", "Péremption"),
    (r"\bradie|radiation (?:de|est)|est radiee", "Radiation"),
    (r"reinscription", "Réinscription"),
    (r"n'y (?:a|avoir) (?:pas |plus )?lieu", "Non-lieu à statuer"),
    (r"rabat", "Rabat d'arrêt"),
    (r"designe", "Désignation de juridiction"),
    (r"rectifi", "Rectification"),
)  # fmt: skip


def from_header(header: str) -> tuple[str, str] | None:
    """(code, the header's own words) of a decision's header, `Cassation partielle\\nsans renvoi` on one line or two."""
    plain = level(header)
    found = _LINE.search(plain)
    if not found:
        return None
    words = header[found.start(1) : found.end(1)].strip()
    more = _MORE.match(plain, found.end())
    if more:
        words = f"{words} {header[more.start('more') : more.end('more')].strip()}"
    words = words[0].upper() + (words[1:].lower() if words.isupper() else words[1:])
    code = solution_code(words)
    return (code, words) if code else None


def from_operative(operative: str) -> tuple[str, str] | None:
    """(code, words) from what the dispositif orders; the words are then ours, in the court's terms."""
    plain = level(operative[:3000])
    words = next((words for pattern, words in _OPERATIVE if re.search(pattern, plain)), "")
    if not words:
        return None
    if words == "Cassation":
        words += " partielle" if re.search(r"mais seulement|en ses seules|en sa seule|seulement en", plain) else ""
        words += " sans renvoi" if re.search(r"n'y avoir lieu a renvoi|sans renvoi", plain) else ""
    code = solution_code(words)
    return (code, words) if code else None
