"""The court's lists (*taxonomies*): every spelling of a source to the code that Judilibre gives it, and back."""

from __future__ import annotations

import re
import unicodedata

CHAMBERS = {
    "pl": "Assemblée plénière",
    "mi": "Chambre mixte",
    "civ1": "Première chambre civile",
    "civ2": "Deuxième chambre civile",
    "civ3": "Troisième chambre civile",
    "comm": "Chambre commerciale financière et économique",
    "soc": "Chambre sociale",
    "cr": "Chambre criminelle",
    "creun": "Chambres réunies",
    "ordo": "Première présidence (Ordonnance)",
    "allciv": "Toutes les chambres civiles",
    "other": "Autre",
}
SHORT_CHAMBERS = {
    "pl": "Ass. plén.", "mi": "Ch. mixte", "civ1": "Civ. 1re", "civ2": "Civ. 2e", "civ3": "Civ. 3e",
    "comm": "Com.", "soc": "Soc.", "cr": "Crim.", "creun": "Ch. réun.", "ordo": "Ord.",
}  # fmt: skip
FORMATIONS = {
    "fp": "Formation plénière de chambre",
    "fm": "Formation mixte",
    "fs": "Formation de section",
    "f": "Formation restreinte",
    "frh": "Formation restreinte hors RNSM/NA",
    "frr": "Formation restreinte RNSM/NA",
}
SOLUTIONS = {
    "cassation": "Cassation", "rejet": "Rejet", "annulation": "Annulation", "avis": "Avis", "decheance": "Déchéance",
    "designation": "Désignation de juridiction", "irrecevabilite": "Irrecevabilité", "nonlieu": "Non-lieu à statuer",
    "qpc": "QPC renvoi", "qpcother": "QPC autres", "rabat": "Rabat", "reglement": "Règlement des juges",
    "renvoi": "Renvoi", "other": "Autre",
}  # fmt: skip
PUBLICATIONS = {
    "b": "Publié au Bulletin", "r": "Publié au Rapport", "l": "Publié aux Lettres de chambre", "c": "Communiqué",
    "n": "Non publié",
}  # fmt: skip
KINDS = {
    "arret": "Arrêt", "avis": "Demande d'avis", "qpc": "Question prioritaire de constitutionnalité",
    "ordonnance": "Ordonnance", "saisie": "Saisie", "other": "Autre",
}  # fmt: skip
JURISDICTIONS = {
    "cc": "Cour de cassation", "ca": "Cour d'appel", "tj": "Tribunal judiciaire", "tcom": "Tribunal de commerce",
    "cph": "Conseil de prud'hommes",
}  # fmt: skip

_CHAMBER_WORDS = (
    (r"ass(?:emblee)? plen|^pl$|^ap$", "pl"),
    (r"mixte|^mi$", "mi"),
    (r"chambres reunies|^creun$|ch reun", "creun"),
    (r"premiere presidence|premier president|ordonnance|^ordo$", "ordo"),
    (r"(?:premiere|1re|1ere|1e) (?:ch|civ)|(?:ch(?:ambre)? )?civ(?:ile)? ?(?:1(?!\d)|premiere)|^civ1$", "civ1"),
    (
        r"(?:deuxieme|seconde|2eme|2e|2nde) (?:ch|civ)|(?:ch(?:ambre)? )?civ(?:ile)? ?(?:2(?!\d)|deuxieme)|^civ2$",
        "civ2",
    ),
    (r"(?:troisieme|3eme|3e) (?:ch|civ)|(?:ch(?:ambre)? )?civ(?:ile)? ?(?:3(?!\d)|troisieme)|^civ3$", "civ3"),
    (r"\bcomm?\b|commerciale", "comm"),
    (r"\bsoc\b|sociale", "soc"),
    (r"\bcr(?:im)?\b|criminelle", "cr"),
)
_SOLUTION_WORDS = (
    (r"qpc|question prioritaire|conseil constitutionnel|lieu a renvoi|non.?renvoi", "qpc"),
    (r"\bcass", "cassation"),
    (r"annul", "annulation"),
    (r"^rejet|rejett?e|non.?admission|non specialement motive|rnsm", "rejet"),
    (r"irrecevab", "irrecevabilite"),
    (r"decheance|dechu", "decheance"),
    (r"non.?lieu|^nonlieu$", "nonlieu"),
    (r"rabat", "rabat"),
    (r"reglement", "reglement"),
    (r"designation|dessaisissement", "designation"),
    (r"\bavis\b", "avis"),
    (r"renvoi", "renvoi"),
)
_NO_REFERRAL = re.compile(r"non.?lieu|non.?renvoi|irrecevab|autre|sans objet|rejet")
REFORM = "2021-06-16"
"""From this day P/B/R/I became B/R/L/C: before it P is the Bulletin and B the Bulletin d'information."""


def folded(text: str) -> str:
    """Lower case without accents, runs of anything but letters and digits as one space."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def chamber_code(text: str) -> str | None:
    """`CHAMBRE_CIVILE_2`, `Deuxième chambre civile - Formation de section`, `CIV. 2`, `civ2` → `civ2`."""
    plain = folded(text[:200])
    if plain in CHAMBERS:
        return plain
    return next((code for words, code in _CHAMBER_WORDS if re.search(words, plain)), None)


def formation_code(text: str) -> str | None:
    """A label of Judilibre, a code, or the letters of an arrêt (`FS-B`, `FP-P+B+I`, `F-D`) → a code."""
    plain = folded(text[:200])
    letters = re.match(r"(fs|fp|fm|frh|frr|frnsm|f)(?: |$)", plain)
    if letters:
        return {"frnsm": "frr"}.get(letters[1], letters[1])
    for label, code in (
        ("formation restreinte hors", "frh"), ("formation restreinte rnsm", "frr"), ("formation restreinte", "f"),
        ("formation de section", "fs"), ("formation pleniere", "fp"), ("formation mixte", "fm"),
    ):  # fmt: skip
        if label in plain:
            return code
    return None


def solution_code(text: str) -> str | None:
    """The file's words, `Cassation partielle sans renvoi`, → a code; None where empty, `other` where unknown."""
    plain = folded(text[:300])
    if not plain:
        return None
    if plain in SOLUTIONS:
        return plain
    code = next((code for words, code in _SOLUTION_WORDS if re.search(words, plain)), "other")
    return "qpcother" if code == "qpc" and _NO_REFERRAL.search(plain) else code


def publication_codes(text: str) -> tuple[str, ...]:
    """`Publié au Bulletin - Publié au Rapport`, `oui`, `b` → codes in the order b r l c n."""
    plain = folded(text)
    found = {code for code, label in PUBLICATIONS.items() if folded(label) in plain}
    if plain in PUBLICATIONS:
        found.add(plain)
    if re.search(r"publie au bulletin|^publie$|^oui$", plain) and "non publie" not in plain:
        found.add("b")
    if re.search(r"inedit|^non$|non publie", plain):
        found = {"n"}
    return tuple(code for code in PUBLICATIONS if code in found)


def publication_letters(letters: str, day: str) -> tuple[str, ...]:
    """The letters after the formation (`FS-P+B+I`, `F-D`) → codes, as they were meant on `day` (ISO, or empty)."""
    now = not day or day >= REFORM
    meaning = (
        {"B": "b", "P": "b", "R": "r", "L": "l", "C": "c", "D": "n"}
        if now
        else {"P": "b", "R": "r", "I": "c", "D": "n"}
    )
    found = {meaning[letter] for letter in re.findall(r"[A-Z]", letters.upper()) if letter in meaning}
    return tuple(code for code in PUBLICATIONS if code in found) or ("n",)


def kind_code(text: str) -> str | None:
    plain = folded(text[:100])
    if plain in KINDS:
        return plain
    if "prioritaire" in plain or plain.startswith("qpc"):
        return "qpc"
    return next((code for code in ("arret", "ordonnance", "avis", "saisie", "jugement") if code in plain), None)


def jurisdiction_code(text: str) -> str | None:
    """`Cour d'appel de Paris` → `ca`; None where no code of Judilibre's fits."""
    plain = folded(text[:200])
    if plain in JURISDICTIONS:
        return plain
    for words, code in (
        ("cour de cassation", "cc"), ("cour d appel", "ca"), ("tribunal judiciaire", "tj"),
        ("tribunal de grande instance", "tj"), ("tribunal de commerce", "tcom"),
        ("tribunal des activites economiques", "tcom"), ("prud hommes", "cph"),
    ):  # fmt: skip
        if words in plain:
            return code
    return None
