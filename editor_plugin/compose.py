"""The first words of a draft whose text is generated: one Yjs update that writes blocks into a blank draft."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from portal.plugin import Block

_CLIENT_IDS = 1 << 31


def compose(blocks: Sequence[Block], root: str) -> bytes:
    """Under a fresh random client id; numbered paragraphs bear no number, which is counted when read."""
    doc: Doc[Any] = Doc(client_id=secrets.randbelow(_CLIENT_IDS - 1) + 1)
    body = doc.get(root, type=XmlFragment)
    with doc.transaction():
        for block in blocks:
            element = XmlElement("heading" if block.kind == "heading" else "paragraph")
            body.children.append(element)
            if block.kind == "heading":
                element.attributes["level"] = block.level
            elif block.kind == "numbered":
                element.attributes["numbered"] = True
            if block.text:
                element.children.append(XmlText(block.text))
    return doc.get_update()
