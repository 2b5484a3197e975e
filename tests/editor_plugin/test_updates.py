"""What an update may be: its bytes, its place in the document, its names."""

from __future__ import annotations

import random

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from editor_plugin.schema import read
from editor_plugin.structure import Gap, Structure
from editor_plugin.update import Refused, parse
from tests.editor_plugin import forge
from tests.editor_plugin.forge import ANY, DELETED, FORMAT, GC, STRING, TYPE, after, at_root, element, inside, text

SCHEMA = read()


def examine(*updates: bytes) -> Structure:
    structure = Structure(SCHEMA)
    for update in updates:
        structure.commit(structure.examine(parse(update, SCHEMA.limits)))
    return structure


PARAGRAPH = forge.paragraph("texte")
HOSTILE = {
    "a number instead of an update": forge.uint(1 << 40),
    "more clients than bytes": forge.uint(10_000) + b"\x01",
    "structs that are not there": forge.uint(1) + forge.uint(300_000) + b"\x01\x00",
    "structs beyond the limit": forge.uint(1) + forge.uint(1 << 40) + b"\x01\x00",
    "bytes after the end": PARAGRAPH + b"\x00",
    "cut short": PARAGRAPH[:-3],
    "a run-length bomb of deleted characters": forge.update(at_root(DELETED, forge.uint(1 << 31))),
    "a run-length bomb of collected structs": forge.update(bytes([GC]) + forge.uint(1 << 31)),
    "a clock near its end": forge.update(at_root(TYPE, element("paragraph")), clock=(1 << 31) - 1),
    "elements nested 50,000 deep": forge.nested(50_000),
    "elements nested one too deep": forge.nested(SCHEMA.limits.depth + 1),
    "values nested 50,000 deep": forge.nested_any(50_000),
    "an unknown root": forge.update(at_root(TYPE, element("paragraph"), root="autre")),
    "an unknown node": forge.update(at_root(TYPE, element("iframe"))),
    "a node where it cannot stand": forge.update(at_root(TYPE, element("tableRow"))),
    "a paragraph in a paragraph": forge.update(
        at_root(TYPE, element("paragraph")), inside(TYPE, element("paragraph"), 7, 0)
    ),
    "text beside paragraphs": forge.update(at_root(TYPE, forge.XML_TEXT)),
    "letters beside a paragraph": forge.update(at_root(TYPE, element("paragraph")), after(STRING, text("a"), 7, 0)),
    "letters in the root": forge.update(at_root(STRING, text("a"))),
    "an element in a text": forge.update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, forge.XML_TEXT, 7, 0),
        inside(TYPE, element("footnote"), 7, 1),
    ),
    "a shared map": forge.update(at_root(TYPE, forge.uint(1))),
    "a subdocument": forge.update(at_root(9, text("guid") + bytes([126]))),
    "an embedded value": forge.update(at_root(5, text("{}"))),
    "an unknown attribute": forge.update(
        at_root(TYPE, element("paragraph")), inside(ANY, forge.uint(1) + bytes([120]), 7, 0, "onclick")
    ),
    "an attribute of another node": forge.update(
        at_root(TYPE, element("paragraph")), inside(ANY, forge.uint(1) + bytes([120]), 7, 0, "colspan")
    ),
    "a value outside its range": forge.update(
        at_root(TYPE, element("heading")), inside(ANY, forge.uint(1) + bytes([125, 9]), 7, 0, "level")
    ),
    "an attribute of the root": forge.update(at_root(ANY, forge.uint(1) + bytes([120]), key="a")),
    "an unknown mark": forge.update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, forge.XML_TEXT, 7, 0),
        inside(FORMAT, text("blink") + text("true"), 7, 1),
    ),
    "a link that runs code": forge.update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, forge.XML_TEXT, 7, 0),
        inside(FORMAT, text("link--abc") + text('{"href":"javascript:alert(1)"}'), 7, 1),
    ),
    "a mark that is not JSON": forge.update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, forge.XML_TEXT, 7, 0),
        inside(FORMAT, text("bold") + text("{"), 7, 1),
    ),
    "text that is not UTF-8": forge.update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, forge.XML_TEXT, 7, 0),
        inside(STRING, forge.buffer(b"\xff\xfe"), 7, 1),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_updates_are_refused(name: str) -> None:
    """Each is refused before pycrdt sees it, with a sentence for the screen."""
    with pytest.raises(Refused) as refused:
        examine(HOSTILE[name])
    assert refused.value.reason == "invalid"
    assert "intact" in refused.value.sentence


def test_a_plain_paragraph_passes() -> None:
    """The forge's honest update is let through, so that the hostile ones fail for their own reason."""
    assert examine(PARAGRAPH).clock(7) == 7


@pytest.mark.parametrize(
    "update",
    [
        forge.update(at_root(TYPE, element("paragraph")), clock=5),
        forge.update(at_root(TYPE, element("paragraph")), after(TYPE, element("paragraph"), 8, 3)),
        forge.update(at_root(TYPE, element("paragraph")), after(TYPE, element("paragraph"), 7, 2)),
        forge.gapped(100_000),
        forge.update(deletes=forge.uint(1) + forge.uint(7) + forge.uint(1) + forge.uint(0) + forge.uint(9)),
    ],
    ids=["its own clock", "a stranger's struct", "its own future", "100,000 gaps", "a deletion"],
)
def test_what_is_missing_is_a_gap(update: bytes) -> None:
    """An update that builds on what never came is a gap, wherever the hole is."""
    with pytest.raises(Gap):
        examine(update)


def test_structs_may_come_in_any_order_of_clients() -> None:
    """Inside one update a client's structs may build on those of a client that is written further back."""
    doc = _played(random.Random(1), 5)
    structure = examine(doc.get_update())
    assert structure.clock(1) > 0


@pytest.mark.parametrize("seed", range(20))
def test_honest_documents_pass(seed: int) -> None:
    """Whatever pycrdt's clients write within the schema passes, edit by edit and as a whole."""
    chance = random.Random(seed)
    doc = _played(chance, 60)
    examine(doc.get_update())
    examine(doc.get_update(), doc.get_update())


def _played(chance: random.Random, steps: int) -> Doc:
    """Three clients who edit one document in turns, each edit examined as it comes."""
    docs = [Doc(client_id=client) for client in (1, 2, 3)]
    structure = Structure(SCHEMA)
    for _ in range(steps):
        doc = chance.choice(docs)
        body = doc.get("body", type=XmlFragment)
        before = doc.get_state()
        _edit(chance, body)
        update = doc.get_update(before)
        structure.commit(structure.examine(parse(update, SCHEMA.limits)))
        for other in docs:
            other.apply_update(update)
    return docs[0]


def _edit(chance: random.Random, body: XmlFragment) -> None:
    count = len(body.children)
    choice = chance.random()
    if count == 0 or choice < 0.3:
        element = XmlElement(chance.choice(["paragraph", "heading"]))
        body.children.insert(chance.randint(0, count), element)
        element.attributes["textAlign"] = "center"
        element.children.append(XmlText("Vu l’article 😀"))
    elif choice < 0.4:
        del body.children[chance.randrange(count)]
    else:
        element = body.children[chance.randrange(count)]
        element.attributes["textAlign"] = chance.choice(["left", "right"])
        words = element.children[0]
        words.insert(len(words), "été ", {"bold": True})
        if choice > 0.8:
            first = words.diff()[0][0][0]
            del words[0 : len(first.encode())]  # pycrdt counts bytes
