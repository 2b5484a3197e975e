"""All wiring (*assemblage*): which implementation stands behind which interface, in one file."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from threading import Thread

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from indexer import HybridSearch, TantivyIndex
from indexer.e5 import E5Embedder
from indexer.embedder import Embedder
from indexer.meaning import MeaningIndex
from indexer.vectors import VectorIndex
from portal.archive.case_files import CaseFiles
from portal.archive.clearing import Clearing
from portal.archive.documents import Documents
from portal.archive.drafts import Drafts
from portal.archive.explaining import Explaining
from portal.archive.host import Host
from portal.archive.likeness import LikenessMarks
from portal.archive.people import People
from portal.archive.quarantine import Quarantine
from portal.archive.relabelling import follow
from portal.feed.changes import ChangeReader
from portal.feed.feed import LEXICAL, VECTORS, Feed, OpenFollower, Rebuild
from portal.feed.followers import Follower
from portal.feed.generations import Generations
from portal.feed.live import LiveSearch, Searcher
from portal.identity.accounts import Accounts
from portal.identity.oidc.sign_in import SignInByProvider, open_provider
from portal.identity.presence import Presence
from portal.identity.sign_ins import Bounds, SignIns
from portal.identity.tokens import Tokens
from portal.intake.intake import Intake
from portal.intake.places import Places
from portal.intake.quota import OCTETS, Quota
from portal.journal.journal import SEAL, Journal
from portal.journal.seal import Seal
from portal.plugin import Editor
from portal.policy.clearances import Clearances
from portal.policy.epoch import Epochs
from portal.policy.policy import Policy
from portal.policy.table import read_table
from portal.settings import Settings
from portal.store.bytes import FolderStore
from portal.store.database import Database
from portal.store.keys import KeyFile
from portal.store.schema import upgrade
from portal.store.updates import UpdateLog
from portal.store.vault import VAULT, Vault
from portal.web import api, demo_sign_in, errors, local_accounts, oidc, pages, session, violations
from portal.web.authentication import Authentication
from portal.web.limits import Limits
from portal.web.middleware import SameOrigin, SecurityHeaders, SignInGate
from portal.web.portal import Portal, State, portal_of
from portal.web.rates import Rates
from portal.web.revocation import Revocation
from portal.web.scopes import TokenScopes

EDITORS = "portal.editors"
ASK_EVERY = 60.0
"""Seconds between turns of asking the provider about sign-ins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The archive's collaborators, shared by the server, the feed and the command line."""

    settings: Settings
    database: Database
    clearances: Clearances
    people: People
    case_files: CaseFiles
    clearing: Clearing
    explaining: Explaining
    documents: Documents
    drafts: Drafts
    likeness_marks: LikenessMarks
    journal: Journal
    quarantine: Quarantine
    sign_ins: SignIns
    tokens: Tokens
    reader: ChangeReader
    generations: Generations

    def close(self) -> None:
        self.database.close()


def open_archive(settings: Settings) -> Archive:
    """Open the archive, bringing its schema up to date."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    seal = Seal.open(
        settings.journal_key or settings.home / "keys" / "journal",
        settings.journal_notes or settings.home / "journal" / "seals",
    )
    keys = KeyFile(settings.document_keys)
    database = Database(settings.database, {SEAL: seal, VAULT: Vault(keys)})
    upgrade(database)
    table = read_table(settings.clearances.read_text("utf-8") if settings.clearances else None)
    follow(database, table)
    clearances = Clearances(database, Policy(table))
    case_files = CaseFiles(database, clearances)
    clearing = Clearing(database, clearances)
    documents = Documents(database, FolderStore(settings.bytes, keys), clearances)
    return Archive(
        settings=settings,
        database=database,
        clearances=clearances,
        people=People(database),
        case_files=case_files,
        clearing=clearing,
        explaining=Explaining(database, clearances, clearing),
        documents=documents,
        drafts=Drafts(database, clearances, documents),
        likeness_marks=LikenessMarks(database, documents),
        journal=Journal(database),
        quarantine=Quarantine(database),
        sign_ins=SignIns(database, Bounds(settings.idle, settings.absolute)),
        tokens=Tokens(database),
        reader=ChangeReader(database, clearances),
        generations=Generations(settings.index),
    )


def open_embedder() -> Embedder:
    return E5Embedder()


def open_update_log(settings: Settings) -> UpdateLog:
    """The editor's log: a file of its own beside an SQLite archive, tables of their own in PostgreSQL."""
    beside = settings.database.startswith("sqlite")
    return UpdateLog(Database(f"sqlite:///{settings.updates}" if beside else settings.database))


def open_search(archive: Archive, embedder: Embedder) -> LiveSearch:
    def searcher(generation: Path) -> Searcher:
        return HybridSearch(
            TantivyIndex(generation / "lexical", writer=False), VectorIndex(generation / "vectors"), embedder
        )

    return LiveSearch(archive.generations, searcher)


def followers(archive: Archive, embedder: Embedder) -> dict[str, OpenFollower]:
    """How to open each follower on a generation."""

    def lexical(generation: Path) -> Follower:
        sink = TantivyIndex(generation / "lexical", writer=True)
        return Follower(sink, archive.reader, generation / LEXICAL)

    def vectors(generation: Path) -> Follower:
        index = VectorIndex(generation / "vectors", writer=True)
        if index.model not in {None, embedder.name}:  # another model's vectors mean nothing to this one
            (generation / VECTORS).unlink(missing_ok=True)
        sink = MeaningIndex(index, embedder)
        return Follower(sink, archive.reader, generation / VECTORS)

    return {LEXICAL: lexical, VECTORS: vectors}


def open_feed(archive: Archive, embedder: Embedder) -> Feed:
    return Feed(archive.database, archive.generations, followers(archive, embedder))


def open_rebuild(archive: Archive, embedder: Embedder) -> Rebuild:
    return Rebuild(archive.database, archive.reader, archive.generations, followers(archive, embedder))


def find_editor() -> Editor | None:
    """The installed editor, or None: the portal works without one, read-only."""
    for found in entry_points(group=EDITORS):
        editor: Editor = found.load()()
        return editor
    return None


async def _ask_again(by_provider: SignInByProvider) -> None:
    """Ask the provider now and then whether accounts are still open."""
    while True:
        await asyncio.sleep(ASK_EVERY)
        await run_in_threadpool(by_provider.sessions.ask_again)


def healthz(request: Request) -> Response:
    """`GET /healthz`: the archive answers."""
    portal_of(request).clearances.epoch()
    return JSONResponse({"status": "ok"})


def create_app(settings: Settings, editor: Editor | None = None, embedder: Embedder | None = None) -> Starlette:
    """The portal with its editor mounted. `editor` and `embedder` replace the installed ones."""
    archive = open_archive(settings)
    embedder = embedder or open_embedder()
    search = open_search(archive, embedder)
    intake = Intake(
        archive.documents,
        archive.quarantine,
        archive.clearances,
        archive.database,
        workers=settings.workers,
        quota=Quota(archive.database, round(OCTETS * settings.limits)),
    )
    places = Places(archive.documents)
    updates = open_update_log(settings)
    epochs = Epochs(archive.database, archive.clearances)
    presence = Presence(archive.sign_ins, archive.tokens)
    host = Host(
        database=archive.database,
        clearances=archive.clearances,
        epochs=epochs,
        journal=archive.journal,
        drafts=archive.drafts,
        updates=updates,
        presence=presence,
    )
    editor = editor or find_editor()
    editing = editor.app(host) if editor else None
    by_provider = open_provider(settings.oidc, settings.origin, archive.database) if settings.oidc else None
    portal = Portal(
        settings=settings,
        database=archive.database,
        clearances=archive.clearances,
        epochs=epochs,
        presence=presence,
        people=archive.people,
        case_files=archive.case_files,
        clearing=archive.clearing,
        explaining=archive.explaining,
        documents=archive.documents,
        drafts=archive.drafts,
        likeness_marks=archive.likeness_marks,
        journal=archive.journal,
        quarantine=archive.quarantine,
        sign_ins=archive.sign_ins,
        tokens=archive.tokens,
        search=search,
        deposits=intake,
        places=places,
        oidc=by_provider,
        accounts=Accounts(archive.database) if settings.local_accounts else None,
        editor=editor,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        async with contextlib.AsyncExitStack() as stack:
            for close in (archive.close, updates.close, epochs.close, search.close, intake.close, places.close):
                stack.callback(close)
            Thread(target=embedder.queries, args=(["pourvoi"],), daemon=True).start()  # loads the model meanwhile
            if by_provider is not None:
                asking = asyncio.create_task(_ask_again(by_provider))
                stack.callback(asking.cancel)
            if editing is not None:  # Starlette runs no lifespan of a mounted app
                await stack.enter_async_context(editing.router.lifespan_context(editing))
            yield State(portal=portal)

    routes: list[BaseRoute] = [
        Route("/healthz", healthz, methods=["GET"]),
        *api.routes,
        *session.routes,
        *violations.routes,
    ]
    routes += oidc.routes if settings.oidc else []
    routes += local_accounts.routes if settings.local_accounts else []
    routes += demo_sign_in.routes if settings.demo else []
    routes += [Mount(portal.editor_mount, editing)] if editing else []
    routes += pages.routes
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Authentication),
            Middleware(Limits, rates=Rates().times(settings.limits)),
            Middleware(TokenScopes),
            Middleware(SameOrigin),
            Middleware(SignInGate),
            Middleware(Revocation),
        ],
        exception_handlers=errors.handlers,
        lifespan=lifespan,
    )
