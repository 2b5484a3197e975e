"""Web pages (*pages HTML*): the text that a reader would see, without menus, scripts and hidden parts."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from lxml import etree

from ingest import judilibre_page
from ingest.encoding import decode
from ingest.extraction import Extraction, Metadata, Unreadable, Value
from ingest.markup import html_parser, one_line, tidy
from ingest.metadata import enrich

MEDIA_TYPE = "text/html"
MAX_BYTES = 64 * 1024 * 1024
DAMAGED = "Cette page HTML est abîmée et n'a pas pu être lue : elle est gardée telle quelle, enregistrez-la de nouveau."
DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "option",
        "datalist",
        "input",
        "textarea",
        "head",
        "link",
        "meta",
        "dialog",
    ]
)
ROLES = frozenset(
    ["navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog", "alert"]
)
PARAGRAPHS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "table",
        "figure",
        "fieldset",
        "form",
        "address",
        "pre",
        "center",
        "hr",
        "body",
        "details",
        "summary",
    ]
)
LINES = frozenset(["li", "dt", "dd", "tr", "caption", "legend", "figcaption", "option"])
CELLS = frozenset(("td", "th"))
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|breadcrumbs?|fil-ariane|menu|navbar|sidebar|share|partage|pagination|skip|newsletter"
    r"|popup|modal|visually-hidden|sr-only|screen-reader)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_ROOT = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<(?:div|p|table|h1|meta|title|br)[\s/>]", re.IGNORECASE
)
_EMPTY_CELLS = re.compile(r"(?: ?\|)+ ?$", re.MULTILINE)
MAIN_SHARE = 0.4
"""A `<main>` or `<article>` stands for the page where it holds this share of its text."""


class Html:
    media_types = frozenset({MEDIA_TYPE, "application/xhtml+xml"})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Unreadable("too-large", DAMAGED)
        root = parse(data)
        if root is None:
            raise Unreadable("damaged", DAMAGED)
        record = judilibre_page.read(root)
        if record is not None:
            return enrich(record, name)
        title = one_line("".join(root.xpath("string(.//title)")))[:300]
        metadata = Metadata(title=Value(title, stated=True, where="titre de la page") if title else None)
        return enrich(Extraction(media_type=MEDIA_TYPE, text=readable(root), metadata=metadata), name)


def looks_like(head: bytes) -> bool:
    return bool(_ROOT.search(head.replace(b"\0", b"")[:4096]))


def parse(data: bytes) -> Any:
    """The root element, or None where there is none. Nothing is fetched."""
    hint = _CHARSET.search(data[:4096])
    text = decode(data, hint[1].decode("ascii") if hint else "").text
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), html_parser())
    except (etree.XMLSyntaxError, ValueError):
        return None


def readable(root: Any) -> str:
    """The page's own text: the main part where the page marks one that holds enough, else the whole."""
    whole = _lines(root)
    for path in (".//main", ".//*[@role='main']", ".//article"):
        parts = root.xpath(path)
        if len(parts) == 1:
            text = _lines(parts[0])
            if len(text) >= MAIN_SHARE * len(whole):
                return text
    return whole


def _lines(root: Any) -> str:
    """One pass without recursion: hostile pages nest deep."""
    parts: list[str] = []
    skipping: Any = None
    preformatted = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        element = isinstance(node.tag, str)
        if skipping is None and event == "start" and element and node is not root and _unseen(node):
            skipping = node
        if skipping is None and element:
            preformatted += (1 if event == "start" else -1) if node.tag == "pre" else 0
            parts.append(_opening(node) if event == "start" else _closing(node))
            if event == "start":
                parts.append(_words(node.text, preformatted))
        if node is skipping and event == "end":
            skipping = None
        if skipping is None and event != "start" and node is not root:
            parts.append(_words(node.tail, preformatted))
    return _EMPTY_CELLS.sub("", tidy("".join(parts)))


def _words(text: str | None, preformatted: int) -> str:
    return (text or "") if preformatted else _SPACE.sub(" ", text or "")


def _opening(node: Any) -> str:
    tag = node.tag
    if tag == "br":
        return "\n"
    if tag in PARAGRAPHS and node.getparent() is not None and node.getparent().tag not in CELLS:
        return "\n\n"
    if tag == "li":
        return "\n- "
    return "\n" if tag in LINES else ""


def _closing(node: Any) -> str:
    tag = node.tag
    if tag in CELLS:
        return " | "
    if tag in PARAGRAPHS:
        return " " if node.getparent() is not None and node.getparent().tag in CELLS else "\n\n"
    return ""


def _unseen(node: Any) -> bool:
    """Not shown, or the site's furniture."""
    if node.tag in DROPPED or node.get("hidden") is not None or node.get("role", "").lower() in ROLES:
        return True
    if node.get("aria-hidden") == "true" or _HIDDEN.search(node.get("style", "")):
        return True
    return bool(node.tag in ("div", "ul", "section", "p", "span", "a") and _FURNITURE.search(node.get("class", "")))
