"""What a provider signs (ID token, userinfo, logout token), read once its signature and its claims hold.

OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; Back-Channel Logout 1.0, 2.6; RFC 8725 (JWT best current practice).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from portal.identity.oidc.refusal import Refused

Claims = Mapping[str, Any]
SKEW = 60
"""Seconds by which two clocks may differ."""
OLDEST = 600
"""Seconds after which a token, even one that has not expired, is no answer to what was just asked."""
LONGEST = 32 * 1024
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""All that a deployment may allow: a shared secret (HS*) and no signature at all (none) never are."""
_FAMILY = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
_HASH = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}

FindKey = Callable[[str | None, str], Key]
"""The provider's key by `kid` and type. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What every assertion must say."""

    issuer: str
    client_id: str
    algorithms: Collection[str]
    now: float
    """Seconds since 1970."""


def signed(token: str, find: FindKey, algorithms: Collection[str], types: Collection[str] = ()) -> Claims:
    """The claims under a good signature. `types` are the values of `typ` that are let through; absent always is."""
    header = _header(token)
    algorithm, kind, kid = header.get("alg"), header.get("typ"), header.get("kid")
    if algorithm not in ASYMMETRIC or algorithm not in algorithms:
        raise Refused("algorithm")
    if "crit" in header or "b64" in header:
        raise Refused("header")
    if kind is not None and (not isinstance(kind, str) or kind.lower() not in types):
        raise Refused("type")
    if kid is not None and not isinstance(kid, str):
        raise Refused("key")
    key = find(kid, _FAMILY[algorithm[:2]])
    try:
        return jwt.decode(token, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError) as error:
        raise Refused("signature") from error


def check_id_token(
    claims: Claims, expected: Expected, *, nonce: str, algorithm: str = "", access_token: str = ""
) -> None:
    """Raises Refused where the ID token is not the answer to this very request."""
    _check_source(claims, expected)
    _check_times(claims, expected.now, fresh=True)
    subject_of(claims)
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise Refused("nonce")
    half = claims.get("at_hash")
    if half is not None and access_token and half != _half_hash(access_token, algorithm):
        raise Refused("at_hash")


def check_renewed(claims: Claims, expected: Expected, subject: str) -> None:
    """An ID token that came with a refresh: OpenID Connect Core 12.2."""
    _check_source(claims, expected)
    _check_times(claims, expected.now, fresh=True)
    if subject_of(claims) != subject:
        raise Refused("subject")


def check_userinfo(claims: Claims, expected: Expected, subject: str, *, was_signed: bool) -> None:
    if was_signed:
        _check_source(claims, expected)
        if "exp" in claims or "iat" in claims:
            _check_times({"iat": expected.now, "exp": expected.now + 1, **claims}, expected.now, fresh=False)
    if subject_of(claims) != subject:
        raise Refused("userinfo-subject")


def check_logout(claims: Claims, expected: Expected) -> None:
    """Raises Refused where this is no logout token, whatever else it may be."""
    _check_source(claims, expected)
    _check_times(claims, expected.now, fresh=True)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT), dict):
        raise Refused("events")
    if "nonce" in claims:
        raise Refused("nonce")
    if not _is_text(claims.get("jti")):
        raise Refused("jti")
    if "sid" not in claims and "sub" not in claims:
        raise Refused("subject")
    for name in {"sid", "sub"} & set(claims):
        if not _is_text(claims[name]):
            raise Refused("subject")


def check_step_up(claims: Claims, since: float, now: float, levels: Collection[str]) -> None:
    """The person proved who they are after `since`, at one of these levels (`acr`) where any is asked for."""
    if not since - SKEW <= _number(claims, "auth_time") <= now + SKEW:
        raise Refused("auth_time")
    check_level(claims, levels)


def check_level(claims: Claims, levels: Collection[str]) -> None:
    if levels and claims.get("acr") not in levels:
        raise Refused("acr")


def subject_of(claims: Claims) -> str:
    subject = claims.get("sub")
    if not _is_text(subject):
        raise Refused("subject")
    return str(subject)


def algorithm_of(token: str) -> str:
    return str(_header(token).get("alg", ""))


def _header(token: str) -> dict[str, Any]:
    if len(token) > LONGEST or token.count(".") != 2 or not token.isascii():
        raise Refused("form")
    head = token.partition(".")[0]
    try:
        header = json.loads(base64.b64decode(head + "=" * (-len(head) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise Refused("form") from error
    if not isinstance(header, dict):
        raise Refused("form")
    return header


def _check_source(claims: Claims, expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise Refused("issuer")
    audience = claims.get("aud")
    if audience not in (expected.client_id, [expected.client_id]):
        raise Refused("audience")
    if "azp" in claims and claims["azp"] != expected.client_id:
        raise Refused("azp")


def _check_times(claims: Claims, now: float, *, fresh: bool) -> None:
    made, ends, begins = (_number(claims, name) for name in ("iat", "exp", "nbf"))
    if ends <= now - SKEW:
        raise Refused("expired")
    if made > now + SKEW or begins > now + SKEW:
        raise Refused("future")
    if fresh and made < now - OLDEST:
        raise Refused("old")


def _half_hash(access_token: str, algorithm: str) -> str:
    whole = _HASH.get(algorithm[-3:], hashlib.sha512)(access_token.encode()).digest()
    return base64.urlsafe_b64encode(whole[: len(whole) // 2]).rstrip(b"=").decode()


def _number(claims: Claims, name: str) -> float:
    """Seconds since 1970; `nbf` alone may be missing."""
    value = claims.get(name, 0 if name == "nbf" else None)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"no-{name}")
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255
