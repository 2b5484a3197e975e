"""Archives that mean harm, or are harmed."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from ingest.archives import Budget, recognise
from ingest.archives.zips import Zip
from ingest.extraction import Unreadable
from ingest.walk import walk
from tests.ingest.test_walk import tarred, zipped


def reason(path: Path) -> str:
    """Why the archive is one leaf in quarantine; its bytes can still be kept."""
    (leaf,) = walk([path])
    assert leaf.unreadable is not None
    with leaf.open() as file:
        assert file.read() == path.read_bytes()
    assert leaf.unreadable.sentence.endswith(".")
    assert "posez" in leaf.unreadable.sentence
    return leaf.unreadable.reason


def linked(kind: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("avant.txt"))
        info = tarfile.TarInfo("lien")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "/etc/passwd", "C:\\evil.txt", "..\\evil.txt"])
def test_a_path_out_of_the_archive_stops_all_of_it(tmp_path: Path, name: str) -> None:
    """One dangerous name makes the archive one file in quarantine, though good members come before it."""
    path = tmp_path / "lot.zip"
    path.write_bytes(zipped({"avant.txt": b"a", name: b"x"}))
    assert reason(path) == "unsafe"
    path = tmp_path / "lot.tar"
    path.write_bytes(tarred({"avant.txt": b"a", name: b"x"}))
    assert reason(path) == "unsafe"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_stop_an_archive(tmp_path: Path, kind: bytes) -> None:
    """A link, device or pipe in a TAR makes it one file in quarantine."""
    path = tmp_path / "lot.tar.gz"
    path.write_bytes(gzip.compress(linked(kind)))
    assert reason(path) == "unsafe"


def test_a_link_in_a_zip_stops_it(tmp_path: Path) -> None:
    """A ZIP member marked as a link makes the archive one file in quarantine."""
    path = tmp_path / "lot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("lien")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    assert reason(path) == "unsafe"


def test_bombs_are_left_closed(tmp_path: Path) -> None:
    """A hundred megabytes of nothing, in ZIP, GZIP or TAR, are refused before anything is read out."""
    zeros = bytes(100 << 20)
    for name, body in {
        "b.zip": zipped({"zeros": zeros}),
        "b.gz": gzip.compress(zeros),
        "b.tar.gz": gzip.compress(tarred({"zeros": zeros})),
    }.items():
        (tmp_path / name).write_bytes(body)
        assert reason(tmp_path / name) == "bomb"


def test_a_header_cannot_fill_the_memory(tmp_path: Path) -> None:
    """A TAR whose long name claims megabytes is refused."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 32 << 20
    path = tmp_path / "long.tar"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"a" * (32 << 20))
    assert reason(path) == "bomb"


def test_damage_and_emptiness_are_told_apart(tmp_path: Path) -> None:
    """A truncated archive is damaged, one without files is empty, a broken document is spoken of as one."""
    body = gzip.compress(tarred({"a.txt": os.urandom(4096)}))
    for name, content, wanted in (
        ("cut.tar.gz", body[:-2000], "damaged"),
        ("cut.zip", zipped({"a": b"a" * 100})[:-40], "damaged"),
        ("cut.docx", zipped({"a": b"a" * 100})[:-40], "damaged"),
        ("none.zip", zipped({}), "empty"),
        ("folders.zip", zipped({"a/": b""}), "empty"),
        ("none.tar.gz", gzip.compress(tarred({})), "empty"),
    ):
        (tmp_path / name).write_bytes(content)
        assert (name, reason(tmp_path / name)) == (name, wanted)


def test_what_only_begins_like_an_archive_is_a_file(tmp_path: Path) -> None:
    """A PDF behind the first bytes of a ZIP, or the whole header of a TAR, is left to its own reader."""
    path = tmp_path / "garbage.pdf"
    path.write_bytes(b"PK\x03\x04 garbage %PDF-1.4")
    (leaf,) = walk([path])
    assert leaf.unreadable is None
    path.write_bytes(tarred({"a.txt": b"a"})[:1000] + b"%PDF-1.4")
    (leaf,) = walk([path])
    assert (leaf.name, leaf.unreadable) == ("garbage.pdf", None)
    path = path.rename(tmp_path / "lot.tar")
    path.write_bytes(tarred({"a.txt": b"%PDF-1.4"}))
    (leaf,) = walk([path])
    assert leaf.name.endswith("a.txt")


def test_a_way_of_packing_that_is_unknown_costs_its_member(tmp_path: Path) -> None:
    """A member packed by a method that is not known is one leaf that asks for the bare file."""
    body = bytearray(zipped({"a.txt": b"a" * 99}))
    body[body.index(b"PK\x03\x04") + 8] = body[body.index(b"PK\x01\x02") + 10] = 9
    (tmp_path / "lot.zip").write_bytes(body)
    (leaf,) = walk([tmp_path / "lot.zip"])
    assert leaf.unreadable is not None
    assert leaf.unreadable.reason == "unsupported"


def test_an_encrypted_zip_is_one_leaf(tmp_path: Path) -> None:
    """A ZIP with a protected member asks for a copy without protection."""
    body = bytearray(zipped({"a.txt": b"secret"}))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "lot.zip").write_bytes(body)
    assert reason(tmp_path / "lot.zip") == "encrypted"


def test_budget_is_shared_by_what_is_nested() -> None:
    """Members and bytes of one archive are charged, so that the next has less left."""
    budget = Budget(members=3, total=1000)
    body = zipped({"a": b"a" * 400, "b": b"b" * 100})
    archive = recognise(io.BytesIO(body), "a.zip", len(body))
    assert isinstance(archive, Zip)
    archive.survey(budget)
    assert (budget.members, budget.total) == (1, 500)
    with pytest.raises(Unreadable) as refusal:
        archive.survey(budget)
    assert refusal.value.reason == "too-many"


def test_old_names_keep_their_accents() -> None:
    """Names without the UTF-8 mark are read as UTF-8, else in the code page of French Windows."""
    for raw in ("été.txt".encode(), "été.txt".encode("cp850")):
        body = zipped({"x" * len(raw): b"x"}).replace(b"x" * len(raw), raw)
        archive = recognise(io.BytesIO(body), "a.zip", len(body))
        assert archive is not None
        assert [member.name for member in archive.members()] == ["été.txt"]
