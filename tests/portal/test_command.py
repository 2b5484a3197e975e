"""The command line: names and JSON that others rely on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal.nouns.member import Member

ROOT = Path(__file__).parent.parent.parent


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`minutier …` in a process of its own."""
    environment = {**os.environ, "MINUTIER_HOME": str(home), "MINUTIER_WORKERS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *words],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=300,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two texts, one of them twice, a file that no one reads, and a name that holds no document."""
    folder = tmp_path / "lot"
    folder.mkdir()
    (folder / "a.txt").write_text("Mémoire ampliatif sur la clause de non-concurrence", "utf-8")
    (folder / "b.txt").write_text("Courrier du greffe", "utf-8")
    (folder / "copie.txt").write_text("Courrier du greffe", "utf-8")
    (folder / "programme.exe").write_bytes(b"MZ" + bytes(200))
    (folder / ".DS_Store").write_bytes(b"x")
    return folder


def test_ingest_accounts_for_every_file(folder: Path, tmp_path: Path) -> None:
    """The last line's parts add up to the files; a second run finds everything there already."""
    done = run(tmp_path / "home", "ingest", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout.strip().splitlines()[-1])
    assert list(tally) == ["files", "ingested", "duplicates", "quarantined", "skipped", "seconds"]
    seconds = tally.pop("seconds")
    assert seconds >= 0
    assert tally == {"files": 5, "ingested": 2, "duplicates": 1, "quarantined": 1, "skipped": 1}
    again = json.loads(run(tmp_path / "home", "ingest", str(folder), "--json").stdout.strip().splitlines()[-1])
    assert (again["ingested"], again["duplicates"], again["quarantined"], again["skipped"]) == (0, 3, 1, 1)


def test_search_shows_published_decisions_alone_without_a_member(folder: Path, tmp_path: Path) -> None:
    """What a folder brought is the greffe's: found as a clerk, unknown to the public."""
    from portal.app import open_archive
    from portal.settings import read_settings

    home = tmp_path / "home"
    assert run(home, "ingest", str(folder)).returncode == 0
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    archive.people.add([Member("petit", "Mme", "Petit", frozenset({"greffe"}))])
    archive.close()
    assert json.loads(run(home, "search", "non-concurrence", "--json").stdout) == {"total": 0, "hits": []}
    found = json.loads(run(home, "search", "non-concurrence", "--as", "petit", "--mode", "lexical", "--json").stdout)
    assert found["total"] == 1
    assert list(found["hits"][0]) == ["id", "title", "kind", "ecli", "numbers", "date", "chamber", "extracts"]
    token = run(home, "token", "create", "petit")
    assert token.stdout.startswith("mnt_")
    assert run(home, "token", "create", "personne").returncode == 1


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A wrong path is named in a sentence, and nothing is made."""
    done = run(tmp_path / "home", "ingest", str(tmp_path / "rien"))
    assert done.returncode == 2
    assert "Introuvable" in done.stderr


def test_serve_offers_no_demo_sign_in(tmp_path: Path) -> None:
    """The page to sign in as anybody exists under `minutier demo` alone."""
    from starlette.testclient import TestClient

    from indexer.hashing import HashingEmbedder
    from portal.app import create_app
    from portal.settings import read_settings

    settings = read_settings({"MINUTIER_HOME": str(tmp_path / "home")})
    with TestClient(create_app(settings, embedder=HashingEmbedder()), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        answer = client.post("/demo/connexion", data={"member": "petit"}, headers={"Origin": "http://127.0.0.1:8000"})
        assert answer.status_code == 404
        assert client.get("/api/demo/members").status_code == 404


def test_compose_file_is_accepted() -> None:
    """`docker-compose config` takes compose.yaml, and each service's command is one of ours."""
    if shutil.which("docker-compose") is None:
        pytest.skip("docker-compose is not installed: apt-get install docker-compose")
    environment = {**os.environ, "POSTGRES_PASSWORD": "x"}
    done = subprocess.run(
        ["docker-compose", "-f", str(ROOT / "compose.yaml"), "config"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    from portal.cli import _parser

    for words in (["serve", "--no-feed"], ["index", "follow"]):
        assert _parser().parse_args(words).run
        assert all(word in done.stdout for word in words)
