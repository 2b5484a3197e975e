"""A draft as text."""

from __future__ import annotations

import asyncio
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from editor_plugin.compose import compose
from editor_plugin.document import Document
from editor_plugin.render import render
from editor_plugin.schema import read
from portal.plugin import Block, Rendition


def element(tag: str, *children: XmlElement | XmlText | str, **attributes: Any) -> XmlElement:
    contents = [XmlText(child) if isinstance(child, str) else child for child in children]
    return XmlElement(tag, attributes, contents)


def rendered(*blocks: XmlElement) -> Rendition:
    doc: Doc[Any] = Doc({"body": XmlFragment(list(blocks))})
    return render("d1", doc.get_update(), 3, "body")


def paragraph(text: str, **attributes: Any) -> XmlElement:
    return element("paragraph", text, **attributes)


def row(tag: str, *cells: str) -> XmlElement:
    return element("tableRow", *(element(tag, paragraph(cell)) for cell in cells))


def test_numbers_are_counted() -> None:
    """Numbered paragraphs bear their number, those between them none, and headings do not start it again."""
    assert (
        rendered(
            paragraph("Selon l’arrêt", numbered=True),
            paragraph("sans numéro", numbered=False),
            element("heading", "Moyen", level=2.0),
            paragraph("La société", numbered=True),
        ).text
        == "1. Selon l’arrêt\nsans numéro\nMoyen\n2. La société"
    )


def test_blocks_follow_the_courts_headings() -> None:
    """Each of the court's headings opens a block; others only divide it; the text is the blocks in order."""
    rendition = rendered(
        paragraph("En-tête"),
        element("heading", "Faits et procédure", level=1),
        paragraph("a"),
        element("heading", "Examen du moyen", level=1),
        element("heading", "Sur le premier moyen", level=2),
        paragraph("b"),
        element("heading", "Réponse de la Cour", level=2),
        paragraph("c"),
        element("heading", "PAR CES MOTIFS", level=1),
        paragraph("CASSE"),
    )
    assert rendition.blocks == (
        ("", "En-tête"),
        ("Faits et procédure", "Faits et procédure\na"),
        ("Examen du moyen", "Examen du moyen\nSur le premier moyen\nb"),
        ("Réponse de la Cour", "Réponse de la Cour\nc"),
        ("PAR CES MOTIFS", "PAR CES MOTIFS\nCASSE"),
    )
    assert rendition.text == "\n".join(text for _, text in rendition.blocks)
    assert rendition.upto == 3


def test_lists_tables_quotations_and_breaks() -> None:
    """List items bear their marks, rows are lines of cells, a break breaks the line, marks leave no trace."""
    bold = XmlText()
    nested = element("listItem", paragraph("trois"), element("bulletList", element("listItem", paragraph("x"))))
    quotation = element("blockquote", element("paragraph", bold))
    doc: Doc[Any] = Doc(
        {
            "body": XmlFragment(
                [
                    element("bulletList", element("listItem", paragraph("un"), paragraph("suite"))),
                    element("orderedList", nested, element("listItem", paragraph("quatre")), start=3.0),
                    element("table", row("tableHeader", "Année", "€"), row("tableCell", "2024", "")),
                    quotation,
                    element("paragraph", "avant", element("hardBreak"), "après"),
                ]
            )
        }
    )
    bold.insert(0, "l’employeur")
    bold.insert(len(bold), " doit", {"bold": {}})
    assert render("d1", doc.get_update(), 1, "body").text.split("\n") == [
        "– un",
        "  suite",
        "3. trois",
        "   – x",
        "4. quatre",
        "Année | €",
        "2024 | ",
        "l’employeur doit",
        "avant",
        "après",
    ]


def test_footnotes_do_not_cut_the_text() -> None:
    """A note leaves the sentence whole and follows the draft in a block of its own, numbered."""
    rendition = rendered(
        element("paragraph", "le contrat", element("footnote", "Soc., 3 mai 2023"), " de travail"),
        element("paragraph", "fin", element("footnote", "Ibid.")),
    )
    assert rendition.blocks == (
        ("", "le contrat de travail\nfin"),
        ("notes", "Note 1 : Soc., 3 mai 2023\nNote 2 : Ibid."),
    )


def test_an_empty_draft_has_no_text() -> None:
    """A blank draft renders to nothing."""
    assert rendered() == Rendition("d1", "", (), 3)
    assert rendered(element("paragraph")).text == ""


def test_composed_blocks_are_within_the_schema() -> None:
    """What compose writes passes the rooms' own checks and renders to its words."""
    update = compose(
        [
            Block("heading", "Faits et procédure"),
            Block("numbered", "Selon l’arrêt attaqué"),
            Block("paragraph", ""),
            Block("heading", "Moyen", 2),
            Block("numbered", "La cour"),
        ],
        "body",
    )
    document = Document(read())
    assert document.apply(asyncio.run(document.examine(update)))
    text = render("d1", document.whole(), 1, "body").text
    assert text == "Faits et procédure\n1. Selon l’arrêt attaqué\n\nMoyen\n2. La cour"
