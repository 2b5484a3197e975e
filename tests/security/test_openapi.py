"""The API as its own description says: whatever fits the description, or nearly, gets an answer that fits it too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import negative_data_rejection, unsupported_method

from portal.app import open_archive
from portal.settings import read_settings
from portal.web.openapi import description
from tests.faults import process
from tests.portal.conftest import MEMBERS


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A portal with its members, and the headers of one who may do much."""
    home = tmp_path_factory.mktemp("api") / "home"
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    archive.people.add(MEMBERS)
    token = archive.tokens.create("greffe")
    archive.close()
    port = process.free_port()
    server = process.start(home, ["serve", "--no-feed", "--port", str(port)])
    try:
        process.until(lambda: process.answers(port), "the server did not start")
        yield f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {token}"}
    finally:
        process.kill(server)


api = schemathesis.openapi.from_dict(description())


@api.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_operation_answers_as_described(case: Case, served: tuple[str, dict[str, str]]) -> None:
    """No request, well or badly formed, gets a server's error or an answer that the description does not know."""
    address, headers = served
    # By design: a method that a path does not know is answered as a path that is not there (404), and a value that
    # can be put right (an empty date, a size past the most) is.
    lenient = [unsupported_method, negative_data_rejection]
    case.call_and_validate(base_url=address, headers=headers, excluded_checks=lenient)
