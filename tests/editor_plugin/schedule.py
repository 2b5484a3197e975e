"""Random edits of a draft, with accents, emoji, marks, attributes and deletions, on pycrdt documents."""

from __future__ import annotations

import random
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from editor_plugin.protocol import vector

WORDS = ("Vu l’article 1240 ", "é", "été ", "😀", "👩‍⚖️ ", "« moyen » ", "n", "œ", "cassation ", "à ")
MARKS: tuple[dict[str, Any], ...] = (
    {},
    {"bold": {}},
    {"italic": {}},
    {"bold": None},
    {"link--a1b2": {"href": "https://www.courdecassation.fr"}},
)


def edit(chance: random.Random, body: XmlFragment) -> None:
    """One change, as an editor would make it."""
    count = len(body.children)
    choice = chance.random()
    if count == 0 or choice < 0.12:
        element = XmlElement("paragraph")
        body.children.insert(chance.randint(0, count), element)
        element.children.append(XmlText(chance.choice(WORDS)))
        return
    element = body.children[chance.randrange(count)]
    if choice < 0.18 and count > 1:
        del body.children[chance.randrange(count)]
    elif choice < 0.25:
        element.attributes["textAlign"] = chance.choice(["left", "right", "center"])
    elif isinstance(words := element.children[0], XmlText):
        _write(chance, words, choice)


def _write(chance: random.Random, words: XmlText, choice: float) -> None:
    plain = "".join(part for part, _ in words.diff())
    cuts = sorted((chance.randint(0, len(plain)), chance.randint(0, len(plain))))
    start, stop = (len(plain[:cut].encode()) for cut in cuts)  # pycrdt counts bytes
    if choice < 0.4:
        del words[start : min(stop, start + len(plain[cuts[0] : cuts[0] + 3].encode()))]
    elif choice < 0.55:
        words.format(start, stop, chance.choice(MARKS[1:]))
    else:
        words.insert(start, chance.choice(WORDS), chance.choice(MARKS))


def content(doc: Doc[Any]) -> list[list[list[tuple[str, dict[str, Any]]]]]:
    """Elements, their texts, each text's runs of equal marks."""
    body = doc.get("body", type=XmlFragment)
    return [[runs(words.diff()) for words in element.children] for element in body.children]


def runs(parts: Any) -> list[tuple[str, dict[str, Any]]]:
    merged: list[tuple[str, dict[str, Any]]] = []
    for text, marks in parts:
        kept = {name: value for name, value in (marks or {}).items() if value is not None}
        if merged and merged[-1][1] == kept:
            merged[-1] = (merged[-1][0] + text, kept)
        else:
            merged.append((text, kept))
    return merged


def clocks(doc: Doc[Any]) -> dict[int, int]:
    return vector(doc.get_state(), 1_000_000)
