"""Who stands in a decision (*parties, avocats, magistrats*): read from the fixed turns of its introduction."""

from __future__ import annotations

import re

from ingest.level import level

REACH = 12_000
"""Characters of an introduction that are read: one real introduction names 900 parties."""
MAX_PARTIES = 60
_TITLE = r"(?:m\.|mm\.|mme|mmes|mlle|monsieur|madame)"
_PRESIDENT = (
    re.compile(rf"^[ \t]*(?P<name>{_TITLE} [^\n,]{{2,60}}?),?[ \t]+(?:premier |premiere )?(?:presidente?"
        rf"|conseill\w+(?: doyenne?)?[^\n]{{0,20}}\n?[^\n]{{0,10}}faisant fonction de president)", re.MULTILINE),
    re.compile(rf"president[^\n:]{{0,20}} : (?P<name>{_TITLE} [^\n,;.(]{{2,60}})"),
    re.compile(rf"(?:presents|presentes) :? ?(?P<name>{_TITLE} [^\n,;()]{{2,60}}), president"),
)  # fmt: skip
_RAPPORTEUR = re.compile(
    rf"sur le rapport (?:oral |ecrit )?(?:de |du )(?:le |la )?(?P<name>{_TITLE}(?: le conseiller"
    rf"| la conseillere)? [^\n,;]{{2,60}}?)(?=,| et les| conseill|;|\n)"
)
_ADVOCATE = re.compile(
    r"(?:l'avis|les conclusions|conclusions|avis)(?: ecrite?s?| orale?s?| complementaires?)?"
    rf" (?:de |du |par )(?P<name>{_TITLE} [^\n,;]{{2,60}}?), (?:premiere? )?avocate? generale?"
    rf"|avocate? generale? : (?P<other>{_TITLE} [^\n,;.]{{2,60}})"
)
_FIRM = re.compile(
    r"\b(?P<firm>(?:la |le )?(?:SCP|SARL|SAS|SELARL|SELAS|SCPI|AARPI|EURL|Cabinet|Me|Maître)\s+"
    r"(?:Cabinet\s+)?[A-ZÉÈÀÂÎÔÛÇ][^\n;()]{2,90}?)"
    r"(?=,?\s+avocate?s?\b|\s+pour avocate?s?\b|,? (?:et )?de (?:la|Me)\b|,? et l'avis)"
)
_CONTESTED = re.compile(
    r"(?:contre|a l'encontre de|sur renvoi de|cassation de) (?P<act>(?:l'|le |la |les "
    r"|un |une )(?:arrets?|jugements?|ordonnances?|decisions?|sentence)[^\n;]{0,320}?"
    r"(?:cour|tribunal|conseil|chambre|juge|president|juridiction|commission)[^\n;]{0,160}?)"
    r"(?=, dans (?:le litige|la procedure|l'affaire|l'instance)|, en date|, qui\b|, defend"
    r"|;|\.\s|\n|$)"
)
_OPPOSING = re.compile(
    r"dans (?:le litige|l'instance|la procedure)[^\n:]{0,60}?(?:l'|les )opposant\s?(?::\s*|(?=a |au |aux ))"
)
_FILED = re.compile(r"\b(?:a|ont) (?:forme|declare former|interjete)\b|se (?:sont|est) pourvue?s?")
_AFTER_NAME = re.compile(
    r"[, ]{1,2}(?:dont le siege|domiciliee?s?|"
    r"demeurant|agissant|prise?s? en|representee?s?|ayant|exercant|venant aux|es qualites)"
    r"|, ?(?:societe|association|syndicat|"
    r"etablissement|anonyme|mutuelle|entreprise|defende|demandeu?r|demanderesse|intervenant"
    r"|anciennement|titulaire|elisant|organisme|groupement|tous|toutes|aux droits|prise? dans)"
    r"|,$|;$"
)
_NOT_NAMES = ("tous ", "toutes ", "ayant", "[adresse", "[localite", "dont ", "en presence", "societe d'", "et autres")
_SHOUTED = re.compile(r"[^a-zà-ÿ]*[A-ZÀ-Þ]{4}[^a-zà-ÿ]*")
_NUMBERED = re.compile(r"^[ \t]*(?:\d{1,3} ?°/?|\d{1,3}[.)/]|-|–)\s*")
_PREPOSITION = re.compile(r"^(?:aux? |à |de |et )", re.IGNORECASE)


def president(header: str) -> str | None:
    return next((found for pattern in _PRESIDENT if (found := _named(pattern, header))), None)


def rapporteur(introduction: str) -> str | None:
    return _named(_RAPPORTEUR, introduction[:REACH])


def advocate_general(introduction: str) -> str | None:
    return _named(_ADVOCATE, introduction[:REACH])


def counsel(introduction: str) -> str | None:
    """The firms that speak, each once, in the order of the text: `SCP Foussard et Froger, SARL Thouvenin`."""
    firms = (
        re.sub(r"^(?:la|le) ", "", re.sub(r"\s+", " ", found["firm"])) for found in _FIRM.finditer(introduction[:REACH])
    )
    return ", ".join(dict.fromkeys(firms)) or None


def contested(introduction: str) -> str | None:
    """« arrêt rendu le 14 décembre 2020 par la cour d'appel de Cayenne (chambre civile) »."""
    plain = level(introduction[:REACH])
    found = _CONTESTED.search(plain)
    if not found:
        return None
    words = re.sub(r"\s+", " ", introduction[found.start("act") : found.end("act")]).strip(" ,")
    return re.sub(r"^(?:l'|l’|le |la |les )", "", words)[:400]


def parties(introduction: str) -> list[str]:
    """Those who appeal and those they face, names alone."""
    introduction = introduction[:REACH]
    plain = level(introduction)
    filed = _FILED.search(plain)
    start = plain.rfind("\n\n", 0, plain.rfind("cour de cassation,", 0, filed.start()) + 1) if filed else -1
    names: list[str] = []
    if filed:
        head = plain.rfind("cour de cassation", 0, filed.start())
        line = plain.find("\n", max(head, start, 0))
        names += _names(introduction[line + 1 : filed.start()] if 0 <= line < filed.start() else "")
    opposing = _OPPOSING.search(plain)
    if opposing:
        end = re.search(
            r"defende(?:ur|resse)|\n[^\n]{0,80}(?:invoque|demandeu?r|demanderesse)|le dossier a ete",
            plain[opposing.end() :],
        )
        stop = opposing.end() + end.start() if end else opposing.end() + 300
        names += _names(introduction[opposing.end() : stop])
    return list(dict.fromkeys(names))[:MAX_PARTIES]


def _names(stretch: str) -> list[str]:
    found = []
    for line in stretch.split("\n"):
        words = _PREPOSITION.sub("", _NUMBERED.sub("", line.strip())).strip()
        cut = _AFTER_NAME.search(level(words))
        name = (words[: cut.start()] if cut else words).strip(" ,;:.-_")
        if level(name).startswith(_NOT_NAMES):
            continue
        if (
            2 < len(name) <= 160
            and re.match(r"(?:l['’]|la |le |les |[A-ZÉÈÀ\[])", name, re.IGNORECASE)
            and not _SHOUTED.fullmatch(name)
        ):
            found.append(name[0].upper() + name[1:])
    return found


def _named(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(level(text))
    if not found:
        return None
    group = "name" if found["name"] is not None else "other"
    name = re.sub(r"\s+", " ", text[found.start(group) : found.end(group)]).strip(" ,.")
    name = re.sub(r" (?:le conseiller|la conseillère)(?= )", "", name)
    return re.sub(r"(?<=\s)([A-ZÉÈÀÇÔ]{2,}(?:[-' ][A-ZÉÈÀÇÔ]{2,})*)", lambda upper: upper[1].title(), name)
