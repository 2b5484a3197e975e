"""No file can hurt, also none that nobody has made yet: small files of every format, changed at random."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import Unreadable, Workers
from tests.ingest.test_hostile import is_sentence

pytestmark = pytest.mark.corpora

LARGEST = 60_000
"""Bytes of the files that are changed: small ones, so that many are read."""
FORMATS = (".pdf", ".docx", ".odt", ".rtf", ".html", ".htm", ".xml", ".json", ".txt", ".xlsx", ".pptx", ".ods")


@pytest.fixture(scope="module")
def seeds(corpora: Path) -> dict[str, list[bytes]]:
    """Small files by format, of the decisions and of the files that parsers are tried on."""
    from ingest import walk

    found: dict[str, list[bytes]] = {}
    archives = sorted((corpora / "parser-files").glob("*.tar.zst"))
    folders = [corpora / "caselaw" / name for name in ("dila_cass_xml", "judilibre_html", "judilibre_api_samples")]
    paths = [path for path in (*folders, *archives) if path.exists()]
    if not paths:
        pytest.skip(f"no files to change in {corpora}")
    for leaf in walk(paths):
        suffix = Path(leaf.name).suffix.lower()
        if suffix in FORMATS and 0 < leaf.size <= LARGEST and len(found.get(suffix, [])) < 6 and not leaf.unreadable:
            with leaf.open() as file:
                found.setdefault(suffix, []).append(file.read())
    return found


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as pool:
        yield pool


def test_a_changed_file_ends_as_text_or_with_a_sentence(
    seeds: dict[str, list[bytes]], workers: Workers, soak: bool
) -> None:
    """Each changed file is read, or refused in a sentence; the workers read on, and nothing else comes out."""
    chance = random.Random(5)
    count = 100_000 if soak else 400
    endings: Counter[str] = Counter()

    def read(number: int) -> str:
        suffix, body = jobs[number]
        try:
            workers.extract(body, f"fichier{suffix}")
        except Unreadable as refusal:
            return f"{suffix} refused" if is_sentence(refusal.sentence) else f"no sentence: {refusal.sentence}"
        return f"{suffix} read"

    jobs = []
    for number in range(count):
        suffix = sorted(seeds)[number % len(seeds)]
        jobs.append((suffix, mutated(chance.choice(seeds[suffix]), chance)))
    with ThreadPoolExecutor(2) as pool:
        endings.update(pool.map(read, range(count)))
    print(f"\n{count} changed files: {dict(sorted(endings.items()))}")
    assert endings.total() == count
    assert [ending for ending in endings if ending.startswith("no sentence")] == []
    assert len(seeds) > 5
    assert workers.extract("Attendu que la requête est fondée.".encode(), "note.txt").text.strip()


def mutated(body: bytes, chance: random.Random) -> bytes:
    """A few bits, a cut, a stretch doubled, taken out, zeroed or made of another's bytes."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body) + 1)
        end = min(len(body), at + chance.choice([1, 4, 64, 2000]))
        match chance.randrange(5):
            case 0 if at < len(body):
                body = body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
            case 1:
                body = body[: max(at, len(body) // 4)]
            case 2:
                body = body[:end] + body[at:end] + body[end:]
            case 3:
                body = body[:at] + bytes(end - at) + body[end:]
            case _:
                body = body[:at] + chance.randbytes(end - at) + body[end:]
    return body
