"""Office documents: what the reader of each sees is what is found."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import pytest

from ingest import Limits, Workers
from ingest.extraction import Extractor, Unreadable
from ingest.office import legacy
from ingest.office.docx import Docx
from ingest.office.legacy import Legacy
from ingest.office.numbering import write
from ingest.office.odt import Odt
from ingest.office.rtf import Rtf
from ingest.office.sheet import Sheet
from ingest.office.slides import Slides
from ingest.sandbox.programs import OUT_OF_TIME, NoPrograms, OwnPrograms, Ran, find
from ingest.walk import walk

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
CORPORA = Path(os.environ.get("MINUTIER_CORPORA", Path(__file__).parents[3] / "shared" / "data")) / "parser-files"
needs_office = pytest.mark.skipif(
    find(legacy.PROGRAM) is None, reason="LibreOffice is not installed: no soffice.bin in its usual places"
)


def zipped(files: Mapping[str, str | bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    buffer.seek(0)
    return buffer


def word(body: str, **parts: str) -> str:
    """The text of a DOCX with this body; parts by name without `.xml`."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
    }
    files |= {f"word/{name}.xml": f"<w:{name} {W}>{content}</w:{name}>" for name, content in parts.items()}
    return Docx().extract(zipped(files), "a.docx").text


def oasis(body: str, styles: str = "") -> str:
    content = (
        f"<office:document-content {OFFICE}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return Odt().extract(zipped({"content.xml": content}), "a.odt").text


def rich(body: bytes) -> str:
    return Rtf().extract(io.BytesIO(body), "a.rtf").text


def refusal(extractor: Extractor, body: bytes, name: str) -> str:
    with pytest.raises(Unreadable) as caught:
        extractor.extract(io.BytesIO(body), name)
    assert caught.value.sentence.endswith(".")
    return caught.value.reason


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def test_a_word_document_reads_in_body_order() -> None:
    """Headings, paragraphs, a table and a header come in the order of the page."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Pourvoi n° X 21-12.345"
    document.add_heading("Faits et procédure", 1)
    document.add_paragraph("Selon l'arrêt attaqué,")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Date", "Montant", "3 mars", "12 €"), strict=True
    ):
        cell.text = text
    document.add_paragraph("PAR CES MOTIFS")
    buffer = io.BytesIO()
    document.save(buffer)
    buffer.seek(0)
    found = Docx().extract(buffer, "arret.docx")
    assert found.text == (
        "Pourvoi n° X 21-12.345\n\nFaits et procédure\n\nSelon l'arrêt attaqué,\n\nDate | Montant\n3 mars | 12 €\n\n"
        "PAR CES MOTIFS"
    )
    assert [number.value for number in found.metadata.numbers] == ["2112345"]


def test_tracked_changes_read_as_accepted() -> None:
    """Inserted words stay, deleted and moved ones go, and a deleted paragraph end joins its neighbours."""
    text = word(
        "<w:p><w:r><w:t>casse </w:t></w:r><w:del><w:r><w:delText>et annule</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>partiellement</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>ailleurs</w:t></w:r></w:moveFrom></w:p>"
        + p("La cour ", "<w:rPr><w:del/></w:rPr>")
        + p("d'appel")
    )
    assert text == "casse partiellement\n\nLa cour d'appel"


def test_notes_follow_the_text() -> None:
    """A footnote's mark stands in its place and its words after the body."""
    text = word(
        "<w:p><w:r><w:t>Vu l'article 1240</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>" + p("suite"),
        footnotes="<w:footnote w:id='2'>" + p("Ancien 1382.") + "</w:footnote>",
    )
    assert text == "Vu l'article 1240 [1]\n\nsuite\n\n[1] Ancien 1382."


def test_a_text_box_reads_once() -> None:
    """A box drawn for new and old programs gives its words once, after its paragraph."""
    box = "<w:txbxContent>" + p("Encadré") + "</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    drawn = (
        f"<mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    assert word(f"<w:p><w:r><w:t>avant</w:t></w:r><w:r>{drawn}</w:r></w:p>" + p("après")) == "avant\n\nEncadré\n\naprès"


def test_automatic_numbers_are_written_out() -> None:
    """Numbers that Word draws stand in the text, with their levels and their own start."""
    level = "<w:lvl w:ilvl='{}'><w:start w:val='{}'/><w:numFmt w:val='{}'/><w:lvlText w:val='{}'/></w:lvl>"
    numbering = (
        "<w:abstractNum w:abstractNumId='7'>"
        + level.format(0, 3, "decimal", "%1.")
        + level.format(1, 1, "lowerLetter", "%2)")
        + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
    )  # fmt: skip
    listed = "<w:numPr><w:ilvl w:val='{}'/><w:numId w:val='1'/></w:numPr>"
    body = "".join(
        p(text, listed.format(depth)) for text, depth in (("un", 0), ("a", 1), ("b", 1), ("deux", 0), ("c", 1))
    )
    assert word(body, numbering=numbering) == "3. un\na) a\nb) b\n4. deux\na) c"


@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [(4, "upperRoman", "IV"), (27, "lowerLetter", "aa"), (1999, "lowerRoman", "mcmxcix"), (5, "decimalZero", "05"),
     (9, "cardinalText", "9"), (0, "upperRoman", "0"), (10**9, "upperLetter", "D" * 8)],
)  # fmt: skip
def test_numbers_in_every_style(number: int, style: str, shown: str) -> None:
    """Each style writes its number; what cannot be written is bounded or digits."""
    assert write(number, style) == shown


def test_a_table_that_lays_out_a_page_is_prose() -> None:
    """Long cells become paragraphs; hidden words and deleted rows are left out."""
    long = "La cour d'appel a retenu que la preuve n'était pas rapportée. " * 6
    row = "<w:tr>{}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r></w:p>"
    table = row.format("", p("Motifs"), p(long)) + row.format("<w:trPr><w:del/></w:trPr>", p("x"), p("y"))
    assert word(f"<w:tbl>{table}</w:tbl>{hidden}") == f"Motifs\n\n{long.strip()}"


def test_hostile_packages_are_refused() -> None:
    """Bombs, entities, broken files and missing parts each say what they are."""
    head = f"<w:document {W}><w:body>"
    bomb = zipped({"word/document.xml": head + " " * (40 << 20)}).getvalue()
    assert refusal(Docx(), bomb, "a.docx") == "bomb"
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + head + p("&x;") + "</w:body></w:document>"
    assert refusal(Docx(), zipped({"word/document.xml": entity}).getvalue(), "a.docx") == "unsafe"
    assert refusal(Docx(), zipped({"a.xml": "<a/>"}).getvalue(), "a.docx") == "damaged"
    assert refusal(Docx(), b"PK\x03\x04 not a zip", "a.docx") == "damaged"
    assert refusal(Odt(), zipped({"a.xml": "<a/>"}).getvalue(), "a.odt") == "damaged"
    manifest = "<m:manifest xmlns:m='urn:m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    assert refusal(Odt(), zipped({"META-INF/manifest.xml": manifest}).getvalue(), "a.odt") == "encrypted"


def test_an_open_document_reads_in_body_order() -> None:
    """Headings, spaces, tabs, lists, notes and tables of ODT; deleted words are left out."""
    level = "<s:list-level-style-number s:level='1' s:num-format='1' s:num-suffix='.'/>"
    numbered = f"<s:list-style xmlns:s='urn:style' s:name='L'>{level}</s:list-style>"
    text = oasis(
        "<text:tracked-changes><text:p>supprimé</text:p></text:tracked-changes><text:h>Faits</text:h>"
        "<text:p>Attendu<text:s text:c='1'/>que<text:line-break/>la cour<text:note>"
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note></text:p>"
        "<text:list text:style-name='L'><text:list-item><text:p>un</text:p></text:list-item><text:list-item>"
        "<text:p>deux</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
        "<text:p>b</text:p></table:table-cell></table:table-row></table:table>",
        numbered,
    )
    assert text == "Faits\n\nAttendu que\nla cour [1]\n1. un\n2. deux\n\na | b\n\n[1] Note."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 arr\'eat de l\rquote appel\par suite}", "arrêt de l’appel\n\nsuite"),
        (rb"{\rtf1\ansi\uc1 c\u339?ur \u-10179?\u-8704?}", "cœur 😀"),
        (rb"{\rtf1\ansi\uc0 c\u339ur}", "cœur"),
        (rb"{\rtf1\mac \'8e}", "é"),
        (rb"{\rtf1{\fonttbl{\f0\fcharset238 A;}{\f1\fcharset0 B;}}\f0 \'b3\f1 \'b3}", "ł³"),
        (rb"{\rtf1 a{\*\unknown secret}{\v cach\'e9}{\deleted rature}{\info{\title t}}b}", "ab"),
        (rb"{\rtf1 a\cell b\cell\row c\cell d\cell\row}", "a | b\nc | d"),
        (rb"{\rtf1 corps{\footnote une note}.}", "corps [1] .\n\n[1] une note"),
        (rb"{\rtf1 a\bin3 }}}b}", "ab"),
        (rb"{\rtf1 \{a\}\~\\b}", "{a}\u00a0\\b"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt lien}}}", "lien"),
    ],
)
def test_rich_text_of_every_kind(body: bytes, text: str) -> None:
    """Code pages, Unicode, hidden parts, cells, notes and raw bytes of RTF."""
    assert rich(body) == text


def test_rich_text_that_breaks_off_is_read_as_far() -> None:
    """A truncated RTF gives its words with a warning; one without words or too deep is damaged."""
    found = Rtf().extract(io.BytesIO(rb"{\rtf1 le d\'e9but {\b et"), "a.rtf")
    assert found.text == "le début et"
    assert found.warnings
    assert refusal(Rtf(), b"{\\rtf1" + b"{" * 100_000, "a.rtf") == "damaged"


def test_a_spreadsheet_reads_row_by_row() -> None:
    """XLSX gives each sheet's name and one line a row, shared and inline strings alike; ODS too."""
    main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='urn:r'"
    book = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f"<workbook {main}><sheets><sheet name='Frais' r:id='r1'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": "<R xmlns='urn:p'><Relationship Id='r1' Target='worksheets/sheet1.xml'/></R>",
            "xl/sharedStrings.xml": f"<sst {main}><si><r><t>Dé</t></r><r><t>pens</t></r></si></sst>",
            "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData><row><c t='s'><v>0</v></c><c><v>12.5</v></c>"
            "<c t='inlineStr'><is><t>euros</t></is></c></row><row><c t='s'><v>99</v></c></row></sheetData></worksheet>",
        }
    )
    assert Sheet().extract(book, "a.xlsx").text == "Frais\nDépens | 12.5 | euros"
    content = (
        f"<office:document-content {OFFICE}><office:body><table:table table:name='Frais'><table:table-row>"
        "<table:table-cell><text:p>Dépens</text:p></table:table-cell><table:table-cell><text:p>12</text:p>"
        "</table:table-cell></table:table-row></table:table></office:body></office:document-content>"
    )
    assert Sheet().extract(zipped({"content.xml": content}), "a.ods").text == "Frais\nDépens | 12"


def test_slides_read_in_the_order_of_the_show() -> None:
    """PPTX gives each slide's words in the order of the presentation, not of file names."""
    main = "xmlns:p='urn:p' xmlns:a='urn:a' xmlns:r='urn:officeDocument/relationships'"
    slide = f"<p:sld {main}><p:txBody><a:p><a:r><a:t>{{}}</a:t></a:r></a:p></p:txBody></p:sld>"
    show = zipped(
        {
            "ppt/presentation.xml": f"<p:presentation {main}><p:sldId id='256' r:id='r2'/><p:sldId id='257' r:id='r1'/>"
            "</p:presentation>",
            "ppt/_rels/presentation.xml.rels": "<R xmlns='urn:p'><Relationship Id='r1' Target='slides/slide1.xml'/>"
            "<Relationship Id='r2' Target='slides/slide2.xml'/></R>",
            "ppt/slides/slide1.xml": slide.format("Le second"),
            "ppt/slides/slide2.xml": slide.format("Le premier"),
        }
    )
    assert Slides().extract(show, "a.pptx").text == "Le premier\n\nLe second"


def test_without_an_office_suite_old_formats_wait() -> None:
    """Where LibreOffice is missing, the sentence says to install it."""
    assert refusal(Legacy(NoPrograms()), b"\xdb\xa5 old word", "a.doc") == "office_missing"


class StuckPrograms:
    """A machine on which nothing ends in time, after one wish to be started again."""

    def __init__(self) -> None:
        self.codes = [legacy.NEW_PROFILE, OUT_OF_TIME]

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:
        return Ran(self.codes.pop(0))


def test_an_office_suite_that_hangs_is_told() -> None:
    """A new profile is tried again, and at the time limit the sentence asks for another format."""
    programs = StuckPrograms()
    assert refusal(Legacy(programs), b"\xdb\xa5 old word", "a.doc") == "slow"
    assert programs.codes == []


def test_protected_old_documents_are_told() -> None:
    """An OLE file with an encrypted package asks for a copy without protection, without starting anything."""
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refusal(Legacy(), body, "a.doc") == "encrypted"


@needs_office
@pytest.mark.office
def test_an_old_document_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A DOC made by the office suite itself comes back with its words, and the scratch folder is left empty."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    document = docx.Document()
    document.add_paragraph("La cour d'appel d'Orléans a relevé la nullité.")
    buffer = io.BytesIO()
    document.save(buffer)
    with legacy.converted(buffer.getvalue(), ".docx", "doc", OwnPrograms()) as old:
        body = old.read()
    found = Legacy().extract(io.BytesIO(body), "a.doc")
    assert found.text == "La cour d'appel d'Orléans a relevé la nullité."
    assert found.media_type == "application/msword"
    assert list(tmp_path.iterdir()) == []


@needs_office
@pytest.mark.office
def test_an_old_document_opens_without_bubblewrap() -> None:
    """Where bubblewrap may not run, LibreOffice still reads a DOC, behind the kernel's own walls and limits."""
    document = docx.Document()
    document.add_paragraph("La cour d'appel d'Orléans a relevé la nullité.")
    buffer = io.BytesIO()
    document.save(buffer)
    with legacy.converted(buffer.getvalue(), ".docx", "doc", OwnPrograms()) as old:
        body = old.read()
    with Workers(count=1, bubblewrap=False) as workers:
        assert workers.extract(body, "a.doc").text == "La cour d'appel d'Orléans a relevé la nullité."
        assert "bubblewrap" not in workers.walls
    with Workers(count=1, limits=Limits(memory=400 << 20), bubblewrap=False) as workers:
        with pytest.raises(Unreadable) as refused:
            workers.extract(body, "a.doc")
        assert refused.value.sentence.endswith(".")


READ_ALL = """
import resource, sys
from pathlib import Path
from ingest.extraction import Unreadable
from ingest.office.docx import Docx
from ingest.office.odt import Odt
from ingest.office.rtf import Rtf
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (240, 240))
for line in sys.stdin:
    path = Path(line.strip())
    reader = {".docx": Docx, ".docm": Docx, ".dotx": Docx, ".odt": Odt, ".rtf": Rtf}[path.suffix]()
    with path.open("rb") as file:
        try:
            print(path.name, "text", len(reader.extract(file, path.name).text))
        except Unreadable as refusal:
            print(path.name, refusal.reason, 0)
"""


@pytest.mark.corpora
@pytest.mark.parametrize("collection", ["legal-fr", "haiti-cassation", "poi", "tika"])
def test_real_and_hostile_files_end_as_text_or_with_a_reason(tmp_path: Path, collection: str) -> None:
    """Every document of a collection becomes text or is refused by name: none crashes, hangs or eats the memory."""
    source = CORPORA / f"{collection}.tar.zst"
    if not source.exists():
        pytest.skip(f"no corpora at {CORPORA}: set MINUTIER_CORPORA")
    paths = []
    for place, leaf in enumerate(walk([source])):
        suffix = Path(leaf.name).suffix.lower()
        if not leaf.unreadable and suffix in (".docx", ".docm", ".dotx", ".odt", ".rtf"):
            path = tmp_path / f"{place}{suffix}"
            with leaf.open() as file:
                path.write_bytes(file.read())
            paths.append(path)
    if not paths:
        pytest.skip(f"{collection} holds no office document")
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    assert len(lines) == len(paths)
    refused = [line for line in lines if " text " not in line]
    assert len(refused) <= len(paths) // 5, refused
