"""Settings (*réglages*): read once from the environment into a frozen value, then handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """The provider that people sign in by (OpenID Connect): ProConnect, Keycloak or another."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    """PEM of an RSA key, in the secret's place: the client then signs what it asks (`private_key_jwt`)."""
    authentication: str = "client_secret_basic"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    name: str = "le service d'authentification de la cour"
    """As the sign-in page calls it."""
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")
    acr: tuple[str, ...] = ()
    """Levels of assurance, one of which every sign-in must have."""
    step_up_acr: tuple[str, ...] = ()
    """The same, for proving again who is there before a grave act."""
    userinfo: bool = True
    signed_userinfo: bool = False
    """Whether userinfo is refused unless it is signed, as ProConnect's is."""
    claims: Path | None = None
    """A TOML file: which claim names the member, which of its values mean which roles and groups."""


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
    oidc: Oidc | None = None
    local_accounts: bool = False
    """Passwords and one-time codes kept here, for a court without a provider."""
    idle: timedelta = timedelta(hours=4)
    """A sign-in ends when it was not used for so long."""
    absolute: timedelta = timedelta(hours=12)
    """A sign-in ends after so long in any case."""
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

    limits: float = 1.0
    """What the limits by member (`portal.web.limits`) are multiplied by."""

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

    MINUTIER_HOME (default ./var), MINUTIER_DATABASE_URL (or …_FILE, which holds it), MINUTIER_ORIGIN, MINUTIER_WORKERS,
    MINUTIER_SECURE_COOKIES, MINUTIER_CLEARANCES (a TOML file), MINUTIER_KEYS_FILE, MINUTIER_JOURNAL_KEY_FILE,
    MINUTIER_JOURNAL_NOTES_FILE, MINUTIER_LIMITS, MINUTIER_IDLE_MINUTES, MINUTIER_ABSOLUTE_MINUTES,
    MINUTIER_LOCAL_ACCOUNTS, MINUTIER_OIDC_… (docs/operations.md), XDG_CACHE_HOME.
    """
    home = Path(environ.get("MINUTIER_HOME") or "var").resolve()
    cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "minutier"
    return Settings(
        home=home,
        cache=cache,
        database=_secret(environ, "MINUTIER_DATABASE_URL") or f"sqlite:///{home / 'archive.sqlite'}",
        host=environ.get("MINUTIER_HOST") or "127.0.0.1",
        port=int(environ.get("MINUTIER_PORT") or 8000),
        origin=environ.get("MINUTIER_ORIGIN", ""),
        secure_cookies=environ.get("MINUTIER_SECURE_COOKIES", "") == "1",
        workers=int(environ.get("MINUTIER_WORKERS") or 2),
        keys=_path(environ, "MINUTIER_KEYS_FILE"),
        limits=float(environ.get("MINUTIER_LIMITS") or 1),
        journal_key=_path(environ, "MINUTIER_JOURNAL_KEY_FILE"),
        journal_notes=_path(environ, "MINUTIER_JOURNAL_NOTES_FILE"),
        clearances=_path(environ, "MINUTIER_CLEARANCES"),
        oidc=_oidc(environ),
        local_accounts=environ.get("MINUTIER_LOCAL_ACCOUNTS", "") == "1",
        idle=timedelta(minutes=float(environ.get("MINUTIER_IDLE_MINUTES") or 240)),
        absolute=timedelta(minutes=float(environ.get("MINUTIER_ABSOLUTE_MINUTES") or 720)),
    )


def _oidc(environ: Mapping[str, str]) -> Oidc | None:
    """Raises ValueError where a provider is named without what it takes to ask it."""
    issuer = environ.get("MINUTIER_OIDC_ISSUER", "")
    if not issuer:
        return None
    private_key = _secret(environ, "MINUTIER_OIDC_PRIVATE_KEY")
    client_secret = _secret(environ, "MINUTIER_OIDC_CLIENT_SECRET")
    client_id = environ.get("MINUTIER_OIDC_CLIENT_ID", "")
    if not client_id or bool(private_key) == bool(client_secret) or not environ.get("MINUTIER_ORIGIN"):
        raise ValueError("MINUTIER_OIDC_ISSUER: MINUTIER_ORIGIN, MINUTIER_OIDC_CLIENT_ID and one secret are needed")
    default = "private_key_jwt" if private_key else "client_secret_basic"
    plain = Oidc(issuer=issuer, client_id=client_id)
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        private_key=private_key,
        authentication=environ.get("MINUTIER_OIDC_AUTHENTICATION") or default,
        scopes=_words(environ, "MINUTIER_OIDC_SCOPES") or plain.scopes,
        name=environ.get("MINUTIER_OIDC_NAME") or plain.name,
        algorithms=_words(environ, "MINUTIER_OIDC_ALGORITHMS") or plain.algorithms,
        acr=_words(environ, "MINUTIER_OIDC_ACR"),
        step_up_acr=_words(environ, "MINUTIER_OIDC_STEP_UP_ACR"),
        userinfo=environ.get("MINUTIER_OIDC_USERINFO", "1") == "1",
        signed_userinfo=environ.get("MINUTIER_OIDC_SIGNED_USERINFO", "") == "1",
        claims=_path(environ, "MINUTIER_OIDC_CLAIMS_FILE"),
    )


def _secret(environ: Mapping[str, str], name: str) -> str:
    """From the file that NAME_FILE names, else from NAME itself."""
    file = _path(environ, f"{name}_FILE")
    return file.read_text("utf-8").strip() if file else environ.get(name, "")


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(environ.get(name, "").split())


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None
