"""Settings (*réglages*): read once from the environment into a frozen value, then handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things lie and how the portal serves. Nothing reads the environment after this."""

    home: Path
    """All that must be kept: database, update log, bytes, indexes."""
    cache: Path
    """What can be made again: the converted embedding model."""
    database: str
    """SQLAlchemy URL of the archive."""
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = ""
    """The address people type, for WebSocket origins behind a proxy. Empty: the request's own host."""
    secure_cookies: bool = False
    demo: bool = False
    """Sign-in as any demo member. Only `minutier demo` sets it."""
    workers: int = 2
    """Sandboxed processes that read files."""

    clearances: Path | None = None
    """The court's own table "who sees what"; None for the packaged one."""

    keys: Path | None = None
    """What documents are sealed with; None for a file of the home. Whoever reads the store must not read it."""
    journal_key: Path | None = None
    """What seals the journal; None for a file of the home. Whoever writes to the database must not read it."""
    journal_notes: Path | None = None
    """Where each seal is noted outside the database, best on a volume of its own; None for a file of the home."""

    @property
    def document_keys(self) -> Path:
        return self.keys or self.home / "keys" / "documents"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def bytes(self) -> Path:
        return self.home / "bytes"

    @property
    def updates(self) -> Path:
        """The editor's update log: a database file of its own, with group commit."""
        return self.home / "updates.sqlite"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from the environment.

    MINUTIER_HOME (default ./var), MINUTIER_DATABASE_URL, MINUTIER_ORIGIN, MINUTIER_WORKERS,
    MINUTIER_SECURE_COOKIES, MINUTIER_CLEARANCES (a TOML file), MINUTIER_KEYS_FILE, MINUTIER_JOURNAL_KEY_FILE,
    MINUTIER_JOURNAL_NOTES_FILE, XDG_CACHE_HOME.
    """
    home = Path(environ.get("MINUTIER_HOME") or "var").resolve()
    cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "minutier"
    return Settings(
        home=home,
        cache=cache,
        database=environ.get("MINUTIER_DATABASE_URL") or f"sqlite:///{home / 'archive.sqlite'}",
        host=environ.get("MINUTIER_HOST") or "127.0.0.1",
        port=int(environ.get("MINUTIER_PORT") or 8000),
        origin=environ.get("MINUTIER_ORIGIN", ""),
        secure_cookies=environ.get("MINUTIER_SECURE_COOKIES", "") == "1",
        workers=int(environ.get("MINUTIER_WORKERS") or 2),
        keys=_path(environ, "MINUTIER_KEYS_FILE"),
        journal_key=_path(environ, "MINUTIER_JOURNAL_KEY_FILE"),
        journal_notes=_path(environ, "MINUTIER_JOURNAL_NOTES_FILE"),
        clearances=_path(environ, "MINUTIER_CLEARANCES"),
    )


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None
