"""Codes and texts that articles belong to (*codes, conventions, lois*): full names, abbreviations, one normal name."""

from __future__ import annotations

import re

from ingest.level import level

_CONVENTION = "convention de sauvegarde des droits de l'homme et des libertés fondamentales"
NAMES = (
    "code civil",
    "code de commerce",
    "code pénal",
    "code du travail",
    "code de procédure civile",
    "code de procédure pénale",
    "code de la consommation",
    "code de la sécurité sociale",
    "code des assurances",
    "code de la mutualité",
    "code monétaire et financier",
    "code de la construction et de l'habitation",
    "code de l'urbanisme",
    "code de l'environnement",
    "code rural et de la pêche maritime",
    "code rural (ancien)",
    "code rural",
    "code forestier (nouveau)",
    "code forestier",
    "code de la santé publique",
    "code de l'action sociale et des familles",
    "code de la famille et de l'aide sociale",
    "code de l'éducation",
    "code de la recherche",
    "code du sport",
    "code du tourisme",
    "code des transports",
    "code de la route",
    "code de la voirie routière",
    "code de l'aviation civile",
    "code des ports maritimes",
    "code minier (nouveau)",
    "code minier",
    "code de l'énergie",
    "code du patrimoine",
    "code du cinéma et de l'image animée",
    "code de la propriété intellectuelle",
    "code des postes et des communications électroniques",
    "code de l'organisation judiciaire",
    "code de justice administrative",
    "code des juridictions financières",
    "code de justice militaire (nouveau)",
    "code de justice militaire",
    "code de la justice pénale des mineurs",
    "code pénitentiaire",
    "code de la sécurité intérieure",
    "code de la défense",
    "code du service national",
    "code de l'entrée et du séjour des étrangers et du droit d'asile",
    "code électoral",
    "code général des collectivités territoriales",
    "code général de la propriété des personnes publiques",
    "code général de la fonction publique",
    "code général des impôts, annexe i",
    "code général des impôts, annexe ii",
    "code général des impôts, annexe iii",
    "code général des impôts, annexe iv",
    "code général des impôts",
    "code des impositions sur les biens et services",
    "livre des procédures fiscales",
    "code des douanes de mayotte",
    "code des douanes",
    "code des communes de la nouvelle-calédonie",
    "code des communes",
    "code de la commande publique",
    "code des marchés publics",
    "code des relations entre le public et l'administration",
    "code de l'artisanat",
    "code des procédures civiles d'exécution",
    "code de l'expropriation pour cause d'utilité publique",
    "code de l'expropriation",
    "code du domaine de l'état",
    "code du domaine public fluvial et de la navigation intérieure",
    "code des pensions civiles et militaires de retraite",
    "code des pensions militaires d'invalidité et des victimes de guerre",
    "code des pensions de retraite des marins français du commerce, de pêche ou de plaisance",
    "code du travail maritime",
    "code disciplinaire et pénal de la marine marchande",
    "code de déontologie des architectes",
    "code de déontologie médicale",
    "code de la nationalité française",
    "code de la nationalité",
    "code de l'industrie cinématographique",
    "code des débits de boissons",
    "code de la légion d'honneur, de la médaille militaire et de l'ordre national du mérite",
    "code des tribunaux maritimes",
    "nouveau code de procédure civile",
    "code d'instruction criminelle",
    "code de l'indigénat",
    "code du blé",
    "charte des droits fondamentaux de l'union européenne",
    "charte des droits fondamentaux",
    "traité sur le fonctionnement de l'union européenne",
    "traité sur l'union européenne",
    "déclaration des droits de l'homme et du citoyen",
    "convention de sauvegarde des droits de l'homme et des libertés fondamentales",
    "convention européenne de sauvegarde des droits de l'homme et des libertés fondamentales",
    "convention européenne des droits de l'homme",
    "convention internationale des droits de l'enfant",
    "convention de new york",
    "convention de genève",
    "convention de vienne",
    "convention de lugano",
    "convention de bruxelles",
    "convention de la haye",
    "convention de rome",
    "premier protocole additionnel",
    "protocole additionnel n° 1",
    "protocole additionnel",
    "protocole n° 1",
    "protocole n° 4",
    "protocole n° 7",
    "constitution",
    "préambule de la constitution",
)
ABBREVIATIONS = {
    "cpc": "code de procédure civile",
    "ncpc": "code de procédure civile",
    "c. pr. civ.": "code de procédure civile",
    "c. proc. civ.": "code de procédure civile",
    "cpp": "code de procédure pénale",
    "c. pr. pén.": "code de procédure pénale",
    "c. proc. pén.": "code de procédure pénale",
    "c. civ.": "code civil",
    "c. civil": "code civil",
    "c. com.": "code de commerce",
    "c. pén.": "code pénal",
    "c. pénal": "code pénal",
    "c. trav.": "code du travail",
    "c. travail": "code du travail",
    "c. cons.": "code de la consommation",
    "c. consom.": "code de la consommation",
    "c. conso.": "code de la consommation",
    "css": "code de la sécurité sociale",
    "c. séc. soc.": "code de la sécurité sociale",
    "csp": "code de la santé publique",
    "cch": "code de la construction et de l'habitation",
    "coj": "code de l'organisation judiciaire",
    "cpi": "code de la propriété intellectuelle",
    "cgi": "code général des impôts",
    "lpf": "livre des procédures fiscales",
    "cgct": "code général des collectivités territoriales",
    "cgppp": "code général de la propriété des personnes publiques",
    "cja": "code de justice administrative",
    "cjpm": "code de la justice pénale des mineurs",
    "cpce": "code des procédures civiles d'exécution",
    "ceseda": "code de l'entrée et du séjour des étrangers et du droit d'asile",
    "cmf": "code monétaire et financier",
    "comofi": "code monétaire et financier",
    "casf": "code de l'action sociale et des familles",
    "crpa": "code des relations entre le public et l'administration",
    "crpm": "code rural et de la pêche maritime",
    "c. rur.": "code rural et de la pêche maritime",
    "c. assur.": "code des assurances",
    "c. ass.": "code des assurances",
    "c. urb.": "code de l'urbanisme",
    "c. env.": "code de l'environnement",
    "c. route": "code de la route",
    "tfue": "traité sur le fonctionnement de l'union européenne",
    "tue": "traité sur l'union européenne",
    "cesdh": "convention de sauvegarde des droits de l'homme et des libertés fondamentales",
    "cedh": "convention de sauvegarde des droits de l'homme et des libertés fondamentales",
    "conv. edh": "convention de sauvegarde des droits de l'homme et des libertés fondamentales",
    "ddhc": "déclaration des droits de l'homme et du citoyen",
    "cide": "convention internationale des droits de l'enfant",
}
_SAME = {
    "nouveau code de procédure civile": "code de procédure civile",
    "convention européenne des droits de l'homme": _CONVENTION,
    "convention européenne de sauvegarde des droits de l'homme et des libertés fondamentales": _CONVENTION,
    "code de l'expropriation": "code de l'expropriation pour cause d'utilité publique",
}
_NORMAL = {level(name): _SAME.get(name, name) for name in NAMES} | {level(k): v for k, v in ABBREVIATIONS.items()}


def _spaced(name: str) -> str:
    """A name whose spaces may be line ends or doubled, and whose commas may be missing."""
    return re.escape(name).replace(",", ",?").replace(r"\ ", r"[ \n]{1,3}")


_LONGEST = sorted(_NORMAL, key=len, reverse=True)
NAMED = re.compile("(?:" + "|".join(_spaced(name) for name in _LONGEST) + r")(?![a-z0-9])")
"""A known code or convention, on levelled text."""
UNKNOWN = re.compile(r"code (?:(?:de|du|des|general|international|europeen|et|l'|d'|la|les|le) ?){0,4}[a-z'-]{3,25}")
_MONTHS = r"(?:1er|\d{1,2}) [a-z]{3,9} \d{4}"
STATUTE = re.compile(
    r"(?:loi(?: organique| constitutionnelle)?|decret|ordonnance|arrete|reglement|directive"
    r"|decision-cadre|accord national interprofessionnel|annexe)"
    rf"(?: \((?:ue|ce|cee|euratom)\))?(?: (?:n° ?|no )?(?P<number>\d{{1,4}}[-/]\d{{1,5}}"
    rf"(?:/[a-z]{{2,3}})?))?(?:,? (?:modifiee? )?du (?P<date>{_MONTHS}))?"
)
"""A law, decree, regulation or directive by number or date, on levelled text."""


def normal(found: str) -> str:
    """The one name of a code found by `NAMED`."""
    flat = re.sub(r"\s+", " ", found).strip()
    return _NORMAL.get(flat) or next((_NORMAL[name] for name in _LONGEST if re.fullmatch(_spaced(name), flat)), flat)
