"""Marked-up text to lines (*XML, HTML*): parsers that fetch and expand nothing, and the flow of text."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from ingest.encoding import clean

_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_WIDE = re.compile(r"[ \t\u00a0\u202f]{2,}")
_BLANKS = re.compile(r"\n{3,}")
_EDGES = re.compile(r"[ \t\u00a0]*\n[ \t\u00a0]*")


def xml_parser(*, recover: bool = False) -> Any:
    """No DTD, no entity, no network, libxml2's own limits on depth and size."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, remove_comments=True
    )


def html_parser() -> Any:
    """For UTF-8 bytes; comments and processing instructions are dropped."""
    return etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)


def one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def tidy(text: str) -> str:
    """Lines without white edges or wide gaps, at most one empty line in a row, no white ends."""
    return _BLANKS.sub("\n\n", _EDGES.sub("\n", _WIDE.sub(" ", clean(text)))).strip("\n \t\u00a0")


def flow(element: Any) -> str:
    """The text of an element whose lines end at `<br/>` and `<p>` alone, tidied."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            parts.append(_SPACE.sub(" ", node.tail or "") if event == "end" else "")
            continue
        tag = node.tag.lower()
        if event == "start":
            parts.append("\n\n" if tag in ("p", "div") else "")
            parts.append(_SPACE.sub(" ", node.text or ""))
        elif node is not element:
            parts.append({"br": "\n", "p": "\n\n", "div": "\n\n"}.get(tag, ""))
            parts.append(_SPACE.sub(" ", node.tail or ""))
    return tidy("".join(parts))
