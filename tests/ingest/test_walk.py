"""Walking over folders and archives."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import zstandard

from ingest.walk import Leaf, clean_name, walk


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return buffer.getvalue()


def listed(*paths: Path) -> list[tuple[str, bytes]]:
    """Names and bytes, each opened before the walk goes on."""
    found = []
    for leaf in walk(paths):
        assert not leaf.skipped
        assert leaf.unreadable is None
        with leaf.open() as file:
            found.append((leaf.name, file.read()))
    return found


def only(path: Path) -> Leaf:
    (leaf,) = walk([path])
    return leaf


def test_a_folder_gives_its_files_in_order(tmp_path: Path) -> None:
    """Files below a folder come sorted, named from that folder on, with their bytes."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.txt").write_bytes(b"deux")
    (tmp_path / "1.txt").write_bytes(b"un")
    base = tmp_path.name
    assert listed(tmp_path) == [(f"{base}/1.txt", b"un"), (f"{base}/b/2.txt", b"deux")]


@pytest.mark.parametrize(
    ("ending", "compress"),
    [
        (".tar", bytes),
        (".tar.gz", gzip.compress),
        (".tgz", gzip.compress),
        (".tar.bz2", bz2.compress),
        (".tar.xz", lzma.compress),
        (".tar.zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_every_archive_gives_its_members(tmp_path: Path, ending: str, compress: object) -> None:
    """TAR under each compression gives the members' names and bytes."""
    path = tmp_path / f"lot{ending}"
    path.write_bytes(compress(tarred({"a/1.txt": b"un" * 40_000, "2.txt": b"deux"})))
    assert listed(path) == [(f"lot{ending}/a/1.txt", b"un" * 40_000), (f"lot{ending}/2.txt", b"deux")]


def test_a_file_compressed_alone_is_one_leaf(tmp_path: Path) -> None:
    """A single file under GZIP comes out under its own name."""
    path = tmp_path / "arret.xml.gz"
    path.write_bytes(gzip.compress(b"<TEXTE/>"))
    assert listed(path) == [("arret.xml.gz/arret.xml", b"<TEXTE/>")]


def test_archives_nest_to_three(tmp_path: Path) -> None:
    """The third archive inside one another opens, the fourth is one file in quarantine."""
    path = tmp_path / "a.zip"
    three = tarred({"arret.txt": b"PAR CES MOTIFS"})
    path.write_bytes(zipped({"b.zip": zipped({"c.tar": three})}))
    assert listed(path) == [("a.zip/b.zip/c.tar/arret.txt", b"PAR CES MOTIFS")]
    path.write_bytes(zipped({"b.zip": zipped({"c.tar": tarred({"d.zip": zipped({"e.txt": b"e"})})}), "f.txt": b"f"}))
    deep, beside = walk([path])
    assert deep.unreadable is not None
    assert (deep.name, deep.unreadable.reason) == ("a.zip/b.zip/c.tar/d.zip", "depth")
    assert beside.name == "a.zip/f.txt"


def test_documents_made_of_zip_stay_whole(tmp_path: Path) -> None:
    """DOCX and ODT are documents, not archives, also inside an archive."""
    docx = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    odt = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<o/>"})
    path = tmp_path / "lot.zip"
    path.write_bytes(zipped({"a.docx": docx, "b.odt": odt}))
    assert listed(path) == [("lot.zip/a.docx", docx), ("lot.zip/b.odt", odt)]


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini", "._arret.pdf", "~$arret.docx"])
def test_what_systems_leave_behind_is_skipped(tmp_path: Path, name: str) -> None:
    """Furniture of systems and locks counts as skipped, in folders and archives."""
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "lot.zip").write_bytes(zipped({name: b"x", "__MACOSX/a.pdf": b"x", "a.pdf": b"%PDF"}))
    leaves = list(walk([tmp_path]))
    assert [bool(leaf.skipped) for leaf in leaves if "lot.zip" not in leaf.name] == [True]
    assert [leaf.name for leaf in leaves if not leaf.skipped] == [f"{tmp_path.name}/lot.zip/a.pdf"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mrouge\x1b[0m.pdf", "arouge.pdf"),
        ("fdp.\u202egnp.exe", "fdp.gnp.exe"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("a\\b.pdf", "a/b.pdf"),
        ("\u200b\x00", "sans nom"),
        ("x\udce9.pdf", "x?.pdf"),
    ],
)
def test_names_cannot_hurt_a_screen(given: str, shown: str) -> None:
    """Escapes, line ends, directions and invisible signs leave a name."""
    assert clean_name(given) == shown


def test_links_and_pipes_are_told(tmp_path: Path) -> None:
    """A link that leads nowhere and a pipe are each one unreadable leaf; a linked folder is not entered."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "loop").symlink_to(tmp_path)
    (tmp_path / "here" / "nowhere").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "here" / "pipe")
    loop, nowhere, pipe = walk([tmp_path / "here"])
    assert loop.skipped
    assert nowhere.unreadable is not None
    assert pipe.unreadable is not None
    assert (nowhere.unreadable.reason, pipe.unreadable.reason) == ("out-of-reach", "not-a-file")
    assert only(tmp_path / "gone").unreadable is not None


def test_a_member_damaged_alone_costs_itself_alone(tmp_path: Path) -> None:
    """A ZIP member whose bytes fail their checksum is one unreadable leaf; its neighbours are read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1.txt", b"premier")
        archive.writestr("2.txt", b"second")
    path = tmp_path / "lot.zip"
    path.write_bytes(buffer.getvalue().replace(b"premier", b"prxmier", 1))
    leaves = walk([path])
    first = next(leaves)
    assert first.unreadable is not None
    assert first.unreadable.reason == "damaged"
    assert next(leaves).open().read() == b"second"
    assert not list(leaves)
