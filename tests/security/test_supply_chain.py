"""What the product is made of: listed whole, pinned by hashes, under licences that a court may run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^\s;]+)", re.MULTILINE)
ALLOWED = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|MPL|LGPL|ISC|Unlicense|HPND|Zlib")
REFUSED = re.compile(r"AGPL|(?<!L)GPL")
"""AGPL may run as a server of its own, never inside ours."""


def pinned(lock: str) -> set[tuple[str, str]]:
    return set(PINNED.findall((ROOT / "requirements" / lock).read_text("utf-8")))


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The bill of materials of each side, as `make sbom` writes it."""
    if shutil.which("npm") is None and not (ROOT / ".venv" / "bin" / "npm").exists():
        pytest.skip("no npm: make install")
    folder = tmp_path_factory.mktemp("sbom")
    subprocess.run([ROOT / "scripts" / "sbom", folder], check=True, capture_output=True, timeout=300, cwd=ROOT)
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("python", "npm")}


def test_the_bill_lists_every_locked_package(bills: dict[str, Any]) -> None:
    """Every package of the run lock stands in the CycloneDX bill at its version, and so does every npm package."""
    python = bills["python"]
    assert python["bomFormat"] == bills["npm"]["bomFormat"] == "CycloneDX"
    assert {(one["name"], one["version"]) for one in python["components"]} >= pinned("run.lock")
    names = {one["name"] for one in bills["npm"]["components"]}
    manifests = [ROOT / "portal" / "frontend" / "package.json", ROOT / "editor_plugin" / "frontend" / "package.json"]
    wanted = {
        name.rpartition("/")[2]
        for manifest in manifests
        for name in json.loads(manifest.read_text("utf-8")).get("dependencies", {})
    }
    assert wanted
    assert {name.rpartition("/")[2] for name in names} >= wanted


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock"])
def test_every_package_is_pinned_by_hashes(lock: str) -> None:
    """Each line that names a package has its version, and hashes below it."""
    body = (ROOT / "requirements" / lock).read_text("utf-8")
    parts = re.split(r"^(?=[a-z0-9])", body, flags=re.MULTILINE)[1:]
    assert len(parts) > 50
    assert [part.splitlines()[0] for part in parts if "--hash=sha256:" not in part] == []
    assert [part.splitlines()[0] for part in parts if "==" not in part.splitlines()[0]] == []


def test_no_licence_binds_the_court(record_property: Any) -> None:
    """What runs inside the portal is under a permissive licence or a weak copyleft; none under GPL or AGPL."""
    odd = {}
    for name, _ in sorted(pinned("run.lock")):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system than this one
        classes = [one for one in about.get_all("Classifier") or () if one.startswith("License")]
        text = " ".join([about.get("License-Expression") or "", (about.get("License") or "")[:60], *classes])
        if REFUSED.search(text) or not ALLOWED.search(text):
            odd[name] = text[:200]
    record_property("packages", len(pinned("run.lock")))
    assert odd == {}


WEAK = '{"dependencies": [{"name": "alpha", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}]}'
SOUND = '{"dependencies": [{"name": "alpha", "version": "1.0", "vulns": []}]}'
UNKNOWN = '{"dependencies": [{"name": "alpha", "skip_reason": "not found"}]}'
COUNTS = '{"metadata": {"vulnerabilities": {"high": %d, "total": %d}}}'


@pytest.mark.parametrize(
    ("python", "npm", "strict", "code", "said"),
    [
        (SOUND, COUNTS % (0, 0), True, 0, "1 of 1 packages looked up"),
        (WEAK, COUNTS % (0, 0), False, 1, "alpha 1.0 PYSEC-1 mended in 1.1"),
        (SOUND, COUNTS % (2, 2), False, 1, "2 high"),
        (UNKNOWN, COUNTS % (0, 0), False, 0, "pip-audit: its advisories could not be asked for here"),
        (UNKNOWN, COUNTS % (0, 0), True, 2, "0 of 1 packages looked up"),
        (SOUND, '{"error": {"summary": "no"}}', False, 0, "npm audit: its advisories could not be asked for here"),
        ("", "", True, 2, "pip-audit: its advisories could not be asked for here"),
    ],
)
def test_a_known_weakness_stops_ci(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str, npm: str, strict: bool, code: int, said: str
) -> None:
    """A weakness on either side ends the audit with 1; advisories out of reach are said, never passed over."""
    for name, answer in (("pip-audit", python), ("npm", npm)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{answer}\nEND\n", "utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    command = [str(ROOT / "scripts" / "audit"), *(["--strict"] if strict else [])]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (code, "")
    assert said in ran.stdout
