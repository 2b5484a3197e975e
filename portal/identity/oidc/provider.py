"""The provider itself (*fournisseur d'identité*): where it answers, what it is asked, what is accepted of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from httpx2 import HTTPError, InvalidURL

from portal.identity.oidc import assertion
from portal.identity.oidc.assertion import Claims, Expected
from portal.identity.oidc.entrance import Entrance
from portal.identity.oidc.keys import Keys
from portal.identity.oidc.refusal import Refused, Unreachable
from portal.settings import Oidc

TIMEOUT = 10.0
LARGEST = 512 * 1024
STALE = 3600.0
"""Seconds after which the provider's description is read again."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Answer:
    """Who came back, as the provider says under its signature."""

    claims: Claims
    """Of the ID token, with the userinfo's beside them; the ID token's win."""
    id_token: str
    refresh_token: str

    @property
    def subject(self) -> str:
        return str(self.claims["sub"])


@dataclass(frozen=True, slots=True)
class LogoutNotice:
    """The provider says that this session, or all of this person's, have ended."""

    subject: str
    session: str
    id: str
    expires: float


class AccountClosed(Exception):
    """The provider no longer stands by the sign-in: the account, or its session there, has ended."""


class Provider:
    """Everything is read from the issuer's own description; nothing of an answer is believed before it is checked."""

    def __init__(self, settings: Oidc, redirect_uri: str, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._keys = Keys(lambda: self._json(self._endpoint("jwks_uri")))
        self._described: dict[str, Any] = {}
        self._at = 0.0
        self._lock = threading.Lock()

    def address(self, entrance: Entrance) -> str:
        """Where the browser goes to sign in; at a step-up, to prove again who is there."""
        more: dict[str, str] = {}
        levels = self.settings.step_up_acr if entrance.member else self.settings.acr
        if entrance.member:
            more |= {"max_age": "0", "prompt": "login"}
        if levels:
            more["acr_values"] = " ".join(levels)
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=entrance.state,
                code_verifier=entrance.verifier,
                nonce=entrance.nonce,
                **more,
            )
        return str(address)

    def check_return(self, issuer: str | None) -> None:
        """RFC 9207: the answer names the issuer that gave it, where that issuer says that it does."""
        required = self._describe().get("authorization_response_iss_parameter_supported") is True
        if issuer != self.settings.issuer and (issuer is not None or required):
            raise Refused("mixed-issuer")

    def exchange(self, code: str, entrance: Entrance) -> Answer:
        """The code for who came back. Raises Refused."""
        with self._client() as client:
            answer = self._ask(
                lambda: client.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=self._redirect_uri,
                    code_verifier=entrance.verifier,
                )
            )
        id_token, access_token = _text(answer, "id_token"), _text(answer, "access_token")
        claims = assertion.signed(id_token, self._keys.find, self.settings.algorithms, {"jwt"})
        algorithm = assertion.algorithm_of(id_token)
        assertion.check_id_token(
            claims, self._expected(), nonce=entrance.nonce, algorithm=algorithm, access_token=access_token
        )
        if entrance.member:
            assertion.check_step_up(claims, entrance.started, self._clock(), self.settings.step_up_acr)
        else:
            assertion.check_level(claims, self.settings.acr)
        told = self._userinfo(access_token, assertion.subject_of(claims)) if self.settings.userinfo else {}
        return Answer({**told, **claims}, id_token, str(answer.get("refresh_token") or ""))

    def refresh(self, refresh_token: str, subject: str) -> str:
        """Asks whether the provider still stands by the sign-in. Returns the next refresh token.

        Raises AccountClosed where it does not, Refused where no answer can be believed.
        """
        with self._client() as client:
            client.scope = None  # whatever was granted: RFC 6749, 6
            try:
                answer = self._ask(
                    lambda: client.refresh_token(self._endpoint("token_endpoint"), refresh_token=refresh_token)
                )
            except Refused as error:
                if error.reason == "invalid_grant":
                    raise AccountClosed from error
                raise
        if answer.get("id_token"):
            claims = assertion.signed(_text(answer, "id_token"), self._keys.find, self.settings.algorithms, {"jwt"})
            assertion.check_renewed(claims, self._expected(), subject)
        return str(answer.get("refresh_token") or refresh_token)

    def logout_address(self, id_token: str, back_to: str, state: str) -> str | None:
        """RP-Initiated Logout 1.0: where the browser goes to sign out there too; None where that is not offered."""
        endpoint = self._describe().get("end_session_endpoint")
        if not isinstance(endpoint, str) or not self._is_secure(endpoint):
            return None
        asked = {
            "client_id": self.settings.client_id,
            "id_token_hint": id_token,
            "post_logout_redirect_uri": back_to,
            "state": state,
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def read_logout(self, token: str) -> LogoutNotice:
        """Back-Channel Logout 1.0, 2.6. Raises Refused. The caller still checks that `id` was not used before."""
        claims = assertion.signed(token, self._keys.find, self.settings.algorithms, {"logout+jwt", "jwt"})
        assertion.check_logout(claims, self._expected())
        return LogoutNotice(claims.get("sub", ""), claims.get("sid", ""), claims["jti"], float(claims["exp"]))

    def _expected(self) -> Expected:
        own = self.settings
        return Expected(own.issuer, own.client_id, own.algorithms, self._clock())

    def _userinfo(self, access_token: str, subject: str) -> Claims:
        endpoint = self._endpoint("userinfo_endpoint")
        with self._client() as client:
            answer = self._ask(
                lambda: client.get(endpoint, auth=None, headers={"Authorization": f"Bearer {access_token}"})
            )
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            raise Refused("userinfo")
        was_signed = kind == "application/jwt"
        if was_signed:
            claims = assertion.signed(answer.text.strip(), self._keys.find, self.settings.algorithms, {"jwt"})
        elif self.settings.signed_userinfo:
            raise Refused("userinfo-unsigned")
        else:
            claims = _object(answer.content)
        assertion.check_userinfo(claims, self._expected(), subject, was_signed=was_signed)
        return claims

    def _describe(self) -> Mapping[str, Any]:
        with self._lock:
            if not self._described or self._clock() - self._at > STALE:
                found = self._json(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.settings.issuer:
                    raise Refused("mixed-issuer")
                self._described, self._at = found, self._clock()
            return self._described

    def _endpoint(self, name: str) -> str:
        address = self._describe().get(name)
        if not isinstance(address, str) or not self._is_secure(address):
            raise Refused("endpoint")
        return address

    def _is_secure(self, address: str) -> bool:
        parts = urlsplit(address)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)

    def _json(self, address: str) -> dict[str, Any]:
        with self._client() as client:
            answer = self._ask(lambda: client.get(address, auth=None))
        if answer.status_code != 200 or len(answer.content) > LARGEST:
            raise Unreachable("description")
        return _object(answer.content)

    def _ask(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except AuthlibBaseError as error:
            known = error.error in {"invalid_grant", "invalid_client", "invalid_request"}
            raise Refused(error.error if known else "token-endpoint") from error
        except (HTTPError, InvalidURL, OSError) as error:
            raise Unreachable("unreachable") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Refused("token-endpoint") from error

    def _client(self) -> OAuth2Client:
        own = self.settings
        client = OAuth2Client(
            own.client_id,
            own.private_key or own.client_secret,
            token_endpoint_auth_method=own.authentication,
            scope=" ".join(own.scopes),
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        if own.private_key:
            client.register_client_auth_method(PrivateKeyJWT(own.issuer))
        return client


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("token-endpoint")
    return value


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Refused("form") from error
    if not isinstance(found, dict):
        raise Refused("form")
    return found
