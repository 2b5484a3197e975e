"""22. Zip and XML bombs, XXE, `../` in archives and names, symlinks, DTDs in feeds: by the command and the browser."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.portal.web.conftest import World
from tests.portal.web.test_pages import get, post, text_of

SECRET = "canari-du-serveur"
BOMB = '<!DOCTYPE a [<!ENTITY z "lol">' + "".join(
    f'<!ENTITY {chr(ord("a") + n)} "{("&" + (chr(ord("a") + n - 1) if n else "z") + ";") * 12}">' for n in range(9)
)
"""Entities that hold twelve of the one before: a thousand million words from a few lines."""


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return out.getvalue()


def docx(document: str) -> bytes:
    """A Word file whose document is this XML."""
    kinds = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    links = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r" Target="word/document.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    return zipped(
        ("[Content_Types].xml", kinds.encode()),
        ("_rels/.rels", links.encode()),
        ("word/document.xml", document.encode()),
    )


def word(head: str, text: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'{head}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'


def feed(head: str, text: str) -> bytes:
    """A decision of the DILA's feed with this head."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<TEXTE_JURI_JUDI><META><META_COMMUN><ID>JURITEXT000000000001</ID>'
        "</META_COMMUN></META><TEXTE><BLOC_TEXTUEL><CONTENU>"
        f"{text}</CONTENU></BLOC_TEXTUEL></TEXTE></TEXTE_JURI_JUDI>"
    ).encode()


def hostile(secret: Path) -> dict[str, bytes]:
    """By name, files whose author attacks; `secret` lies on the server."""
    outside = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>'
    remote = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">'
    links = io.BytesIO()
    with tarfile.open(fileobj=links, mode="w") as archive:
        link = tarfile.TarInfo("lien.txt")
        link.type, link.linkname = tarfile.SYMTYPE, str(secret)
        archive.addfile(link)
    nested = zipped(("a.bin", bytes(40 << 20)))
    for _ in range(4):
        nested = zipped(*((f"{n}.zip", nested) for n in range(4)))
    return {
        "bombe.zip": nested,
        "remonte.zip": zipped(("../../hors.txt", b"hors du dossier"), ("bon.txt", b"bon")),
        "lien.tar": links.getvalue(),
        "bombe.xml": feed(BOMB + "]>", "&i;"),
        "externe.xml": feed(outside, "&x;"),
        "dtd.xml": feed(remote, "texte"),
        "bombe.docx": docx(word(BOMB + "]>", "&i;")),
        "externe.docx": docx(word(outside, "&x;")),
        "page.html": f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]><p>&x;</p>'.encode(),
    }


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET, "utf-8")
    return path


def test_by_the_command_line(tmp_path: Path, secret: Path) -> None:
    """Each ends as text without a word of the server's, or in quarantine; nothing is written outside the home."""
    folder, home = tmp_path / "depot", tmp_path / "home"
    folder.mkdir()
    for name, body in hostile(secret).items():
        (folder / name).write_bytes(body)
    before = {path for path in tmp_path.rglob("*") if home not in path.parents}
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", "ingest", str(folder), "--json"],
        env={**os.environ, "MINUTIER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["files"] == counts["ingested"] + counts["quarantined"] + counts["duplicates"] + counts["skipped"]
    assert counts["quarantined"] >= 5
    assert {path for path in tmp_path.rglob("*") if home not in path.parents} - before <= {home}
    found = subprocess.run(
        [sys.executable, "-m", "portal.cli", "search", SECRET, "--mode", "lexical", "--json"],
        env={**os.environ, "MINUTIER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert json.loads(found.stdout.splitlines()[-1])["total"] == 0


@pytest.mark.parametrize("name", [name for name in hostile(Path("/x")) if not name.endswith((".zip", ".tar"))])
def test_by_the_browser(world: World, secret: Path, name: str) -> None:
    """A hostile file dropped on a case file is refused in a sentence, or read without a word of the server's."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    body = hostile(secret)[name]
    answer = post(world, "rapporteur", f"/dossiers/{case}/pieces", files={"fichiers": (f"../../{name}", body)})
    assert answer.status_code in {200, 303, 422}
    assert SECRET not in text_of(answer)
    with world.archive.database.read() as session:
        member = world.archive.people.get("rapporteur")
        assert member is not None
        rows = world.archive.documents.in_case_file(session, member, case)
    for row in rows:
        assert "/" not in row.title
        page = get(world, "rapporteur", f"/documents/{row.id}")
        assert SECRET not in page.text
        assert len(page.text) < 1_000_000


def test_names_stay_names(world: World) -> None:
    """A name with `../` is a name: no file of the server is called by it."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    post(world, "rapporteur", f"/dossiers/{case}/pieces", files={"fichiers": ("../../etc/passwd.txt", b"Bonjour")})
    home = world.archive.settings.home
    assert list(home.rglob("*passwd*")) == []
