"""Files of many Judilibre records are taken apart, each record a file of its own."""

from __future__ import annotations

import gzip
import io
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import Workers
from ingest.archives import Budget, records
from ingest.archives.records import Scan
from ingest.extraction import Unreadable
from tests.ingest.test_archives import reason
from tests.ingest.test_judilibre import RECORD
from tests.ingest.test_walk import listed, zipped

TRICKY = {**RECORD, "id": "deux", "text": 'Il dit : « "results" » [ { \\" \\ ] } é', "zones": {"moyens": [[], {}]}}
BOTH = [RECORD, TRICKY]


def written(path: Path, body: str | bytes) -> Path:
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return path


def read(path: Path) -> list[Any]:
    return [json.loads(body) for _, body in listed(path)]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_gives_its_records(tmp_path: Path, indent: int | None) -> None:
    """Each record of a list or of a page of search results is a leaf with that record alone."""
    page = {"page": 0, "query": {"operator": "or", "results": 3}, "total": 2, "results": BOTH, "next": [{"id": "x"}]}
    for held in (BOTH, page):
        path = written(tmp_path / "lot.json", json.dumps(held, indent=indent, ensure_ascii=False))
        assert read(path) == BOTH
    assert [name for name, _ in listed(path)] == ["lot.json/notice-00001.json", "lot.json/notice-00002.json"]


@pytest.mark.parametrize("ending", [".jsonl", ".ndjson", ".JSONL"])
def test_lines_give_their_records(tmp_path: Path, ending: str) -> None:
    """Each line that is not blank is a leaf, also under GZIP and in a ZIP; a broken line costs itself alone."""
    body = ("\n".join(["", *map(json.dumps, BOTH), '{"id": ', ""])).encode()
    one = written(tmp_path / f"lot{ending}", body)
    assert [json.loads(held) for _, held in listed(one)[:2]] == BOTH
    assert listed(one)[2][1].strip() == b'{"id":'
    packed = written(tmp_path / f"lot{ending}.gz", gzip.compress(body))
    assert [held for _, held in listed(packed)] == [held for _, held in listed(one)]
    assert [held for _, held in listed(written(tmp_path / "a.zip", zipped({f"lot{ending}": body})))] == [
        held for _, held in listed(one)
    ]


def test_one_record_and_other_json_stay_whole(tmp_path: Path) -> None:
    """A record alone, and JSON that holds no record, are each one file."""
    for name, body in (("a.json", json.dumps(RECORD)), ("b.json", '[{"id": 1}]'), ("c.jsonl", '{"a": 1}\n{"a": 2}')):
        assert listed(written(tmp_path / name, body)) == [(name, body.encode())]


def test_a_list_cut_short_or_too_deep_is_one_file_in_quarantine(tmp_path: Path) -> None:
    """Nothing of a damaged list is read, and nothing of it is lost."""
    whole = json.dumps(BOTH)
    deep = json.dumps(RECORD)[:-1] + ', "x": ' + "[" * 100_000
    for body in (whole[:-1], whole[: len(whole) // 2], whole[:-1] + "}", "[" + deep):
        assert reason(written(tmp_path / "lot.json", body)) == "damaged"


def test_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """More records than an archive may hold, a record too long, or endless brackets are refused."""
    body = json.dumps(BOTH).encode()
    monkeypatch.setattr(records, "MARKS", 500)
    for given_, budget, wanted in (
        (body, Budget(members=1), "too-many"),
        (body, Budget(total=len(body) // 2), "too-large"),
        (body[:-1] + b", []" * 500 + b"]", Budget(), "too-many"),
    ):
        found = records.recognise(io.BytesIO(given_), "lot.json")
        assert found is not None
        with pytest.raises(Unreadable) as refusal:
            found.survey(budget)
        assert refusal.value.reason == wanted


@given(st.lists(st.dictionaries(st.text(max_size=6), st.text(max_size=6) | st.lists(st.integers()), max_size=3)))
def test_any_list_is_taken_apart_as_a_parser_would(held: list[Any]) -> None:
    """Whatever texts hold, and wherever the pieces that are read end, the bounds are those of the objects."""
    body = json.dumps(held, ensure_ascii=False).encode("utf-8")
    for piece in (1, 3, records.PIECE):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "PIECE", piece)
            bounds = list(Scan(io.BytesIO(body)).records())
        assert [json.loads(body[start:end]) for start, end in bounds] == held


@pytest.mark.corpora
def test_the_decisions_of_the_corpus_are_each_read(corpora: Path) -> None:
    """190 decisions a line under GZIP, and 928 search results, are each read with their own number."""
    for name, count in (("decisions.jsonl.gz", 190), ("judilibre_search_list_928.jsonl.gz", 928)):
        path = corpora / "caselaw" / name
        if not path.is_file():
            pytest.skip(f"no {name} in caselaw")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            truth = Counter(json.loads(line)["id"] for line in lines)
        began = time.monotonic()
        with Workers(2) as workers:
            found = Counter(workers.extract(body, leaf).metadata.source_id for leaf, body in listed(path))
        print(f"\n{name}: {count / (time.monotonic() - began):.0f} files/s, one at a time")
        assert (found, found.total()) == (truth, count)
