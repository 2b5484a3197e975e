"""What every test may use: the real data where it is, and a clear word where it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the long versions of the fault and convergence tests")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--soak"))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real data; the test is skipped where it is absent."""
    folder = Path(os.environ.get("MINUTIER_CORPORA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set MINUTIER_CORPORA to its folder")
    return folder
