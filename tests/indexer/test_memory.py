"""The oracle keeps the contract."""

import pytest

from indexer import MemoryIndex
from tests.indexer.conformance import Conformance


class TestMemoryIndex(Conformance):
    @pytest.fixture
    def index(self) -> MemoryIndex:
        return MemoryIndex()
