"""`pip install .` yields a wheel that serves: the front end is inside, and it is not in git."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hatch_build import BUNDLES

ROOT = Path(__file__).parent.parent.parent


def test_wheel_holds_the_front_end_and_the_data(tmp_path: Path) -> None:
    """The wheel has both bundles, the theme, the templates, the table, the schema and the migrations."""
    if not all((ROOT / bundle).is_file() for bundle in BUNDLES):
        pytest.skip("the front end is not built: make install")
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder\n"
        "from hatch_build import FrontendBuild\n"
        "FrontendBuild.initialize = lambda *_: None\n"  # built by `make install` already
        "print(next(WheelBuilder(sys.argv[1]).build(directory=sys.argv[2], versions=['standard'])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(done.stdout.strip().splitlines()[-1]).namelist()
    wanted = [
        *BUNDLES,
        "editor_plugin/schema.json",
        "portal/policy/who_sees_what.toml",
        "portal/web/theme/theme.css",
        "portal/web/templates/error.html",
        "portal/store/migrations/versions/0001_first_schema.py",
    ]
    assert [name for name in wanted if name not in names] == []


def test_built_front_end_is_not_in_git() -> None:
    """What the build makes is never committed."""
    listed = subprocess.run(["git", "ls-files", *BUNDLES], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout")
    assert listed.stdout == ""
