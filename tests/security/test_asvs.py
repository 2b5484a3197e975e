"""The evidence of docs/security/asvs.md: every requirement once, every file that it names there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHAPTERS = (30, 13, 31, 16, 13, 47, 19, 13, 7, 36, 24, 12, 21, 13, 21, 17, 12)
"""Requirements in each chapter of ASVS 5.0.0, V1 to V17."""
FOLDERS = "tests|portal|ingest|indexer|editor_plugin|docs|scripts|requirements"
NAMED = re.compile(rf"`((?:{FOLDERS})/[\w./-]+)`")
LINE = re.compile(r"^\| V(\d+)\.(\d+)\.(\d+) \| ([^|]+) \| (test|code|n/a|\*\*open\*\*) \| ([^|]+) \|$", re.MULTILINE)


def lines() -> list[tuple[str, ...]]:
    found = LINE.findall((ROOT / "docs" / "security" / "asvs.md").read_text("utf-8"))
    return [tuple(one) for one in found]


def test_every_requirement_stands_once() -> None:
    """345 requirements in 17 chapters, none twice, each with a status and a reason."""
    numbers = [tuple(map(int, one[:3])) for one in lines()]
    assert len(numbers) == len(set(numbers)) == 345
    assert tuple(sum(one[0] == chapter for one in numbers) for chapter in range(1, 18)) == CHAPTERS
    assert numbers == sorted(numbers)


def test_every_file_named_exists() -> None:
    """A test that is claimed is a test there is; a place in the code is there; « test » names a test."""
    missing = []
    for *number, _, status, where in lines():
        named = NAMED.findall(where)
        missing += [(".".join(number), name) for name in named if not (ROOT / name).exists()]
        if status == "test" and not any(name.startswith("tests/") for name in named):
            missing.append((".".join(number), "no test named"))
    assert missing == []
