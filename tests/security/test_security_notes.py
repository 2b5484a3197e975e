"""SECURITY.md names what exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_file_that_the_threat_model_names_exists() -> None:
    """A test or module that the threat model leans on is there under that name."""
    named = set(
        re.findall(r"`((?:tests|portal|ingest|editor_plugin)/[\w/.]+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    )
    assert len(named) > 25
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
