"""Bad answers of a provider (*réponses contrefaites*), each with one thing wrong. Data for the tests beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.portal.identity.middle import Forge, Middle, by_public_key, claims_of, now, unsigned

Claims = dict[str, Any]
Make = Callable[[Claims, Middle, str], str]
"""From the true claims, the one in the middle and the true token to the forged token."""
STRANGER = RSAKey.generate_key(2048, parameters={"kid": "first"})


def says(**claims: Any) -> Make:
    """The same token with other claims, well signed; None takes one out."""

    def make(true: Claims, middle: Middle, _: str) -> str:
        changed = {**true, **claims}
        return middle.sign({name: value for name, value in changed.items() if value is not None})

    return make


def at(**seconds: int) -> Make:
    """The same token with other times, in seconds from now."""
    return lambda true, middle, _: middle.sign({**true, **{name: now() + value for name, value in seconds.items()}})


def headed(**header: Any) -> Make:
    return lambda true, middle, _: middle.sign(true, **header)


def by_stranger(true: Claims, *, kid: str = "first", **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": kid, "typ": "JWT", **header}, true, STRANGER)


def by_secret(true: Claims, secret: str) -> str:
    return jwt.encode({"alg": "HS256", "kid": "first"}, true, OctKey.import_key(secret), algorithms=["HS256"])


def cut(token: str) -> str:
    return token.rpartition(".")[0] + "."


def swapped(true: Claims, middle: Middle, token: str) -> str:
    """Another payload under the true header and signature."""
    head, _, signature = token.split(".")
    return ".".join((head, middle.sign({**true, "sub": "greffe"}).split(".")[1], signature))


ANY_TOKEN: dict[str, Make] = {
    "iss of another": says(iss="https://autre.example"),
    "iss with a slash": lambda true, middle, _: middle.sign({**true, "iss": true["iss"] + "/"}),
    "no iss": says(iss=None),
    "aud of another": says(aud="autre"),
    "aud of two": says(aud=["portail", "autre"]),
    "aud without us": says(aud=["autre"]),
    "no aud": says(aud=None),
    "azp of another": says(azp="autre"),
    "expired": at(exp=-120, iat=-300),
    "made in the future": at(iat=3600, exp=7200),
    "not yet valid": at(nbf=3600),
    "alg none": lambda true, middle, _: unsigned(true),
    "alg nOnE": lambda true, middle, _: unsigned(true, "nOnE"),
    "RS to HS under the public key": lambda true, middle, _: by_public_key(true, middle.key),
    "HS under the client's secret": lambda true, middle, _: by_secret(true, "s" * 40),
    "wrong key, known kid": lambda true, middle, _: by_stranger(true),
    "wrong key, unknown kid": lambda true, middle, _: by_stranger(true, kid="second"),
    "wrong key, in the header": lambda true, middle, _: by_stranger(true, jwk=STRANGER.as_dict(private=False)),
    "no signature": lambda true, middle, token: cut(middle.sign(true)),
    "payload changed": swapped,
    "not a token": lambda true, middle, _: "bonjour",
    "type of another token": headed(typ="at+jwt"),
}
"""Wrong in whatever a provider signs."""

ID_TOKEN: dict[str, Make] = {
    **ANY_TOKEN,
    "no exp": says(exp=None),
    "exp in words": says(exp="demain"),
    "exp true": says(exp=True),
    "no iat": says(iat=None),
    "made an hour ago": at(iat=-3600),
    "no sub": says(sub=None),
    "empty sub": says(sub=""),
    "sub is a number": says(sub=42),
    "nonce of another": says(nonce="n" * 64),
    "no nonce": says(nonce=None),
    "empty nonce": says(nonce=""),
    "at_hash of another": says(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "logout token": headed(typ="logout+jwt"),
}
USERINFO: dict[str, Make] = {
    **{name: make for name, make in ANY_TOKEN.items() if name not in {"expired", "made in the future"}},
    "userinfo of another": says(sub="greffe"),
    "userinfo of nobody": says(sub=None),
}
LOGOUT: dict[str, Make] = {
    **ANY_TOKEN,
    "no events": says(events=None),
    "another event": says(events={"http://schemas.example/event": {}}),
    "events in words": says(events="http://schemas.openid.net/event/backchannel-logout"),
    "event without an object": says(events={"http://schemas.openid.net/event/backchannel-logout": True}),
    "with a nonce": says(nonce="n" * 40),
    "no jti": says(jti=None),
    "no sub, no sid": says(sub=None, sid=None),
    "sub is a number": says(sub=7),
    "no exp": says(exp=None),
    "no iat": says(iat=None),
    "heard an hour late": at(iat=-3600),
}


def id_token(make: Make) -> Callable[[Middle], Forge]:
    """Forge the token endpoint's ID token."""

    def forge(middle: Middle) -> Forge:
        def change(path: str, answer: httpx2.Response) -> httpx2.Response:
            if path != "/token" or answer.status_code != 200:
                return answer
            body = answer.json()
            body["id_token"] = make(claims_of(body["id_token"]), middle, body["id_token"])
            return httpx2.Response(200, json=body)

        return change

    return forge


def userinfo(make: Make) -> Callable[[Middle], Forge]:
    """Forge the signed userinfo."""

    def forge(middle: Middle) -> Forge:
        def change(path: str, answer: httpx2.Response) -> httpx2.Response:
            if path != "/me":
                return answer
            token = make(claims_of(answer.text), middle, answer.text)
            return httpx2.Response(200, text=token, headers={"content-type": "application/jwt"})

        return change

    return forge


def instead(path: str, status: int = 200, **body: Any) -> Callable[[Middle], Forge]:
    """Another answer altogether at this path."""

    def forge(_: Middle) -> Forge:
        return lambda asked, answer: httpx2.Response(status, **body) if asked == path else answer

    return forge


def without(name: str) -> Callable[[Middle], Forge]:
    """The token endpoint's answer with a member less."""

    def forge(_: Middle) -> Forge:
        def change(path: str, answer: httpx2.Response) -> httpx2.Response:
            if path != "/token":
                return answer
            return httpx2.Response(200, json={key: value for key, value in answer.json().items() if key != name})

        return change

    return forge


def plain_userinfo(middle: Middle) -> Forge:
    """The true userinfo without a signature."""
    return lambda path, answer: httpx2.Response(200, json=claims_of(answer.text)) if path == "/me" else answer


ANSWERS: dict[str, Callable[[Middle], Forge]] = {
    "no ID token": without("id_token"),
    "no access token": without("access_token"),
    "token endpoint refuses": instead("/token", 400, json={"error": "invalid_grant"}),
    "token endpoint fails": instead("/token", 500, text="oops"),
    "token endpoint sends words": instead("/token", 200, text="bonjour"),
    "token endpoint sends a list": instead("/token", 200, json=[]),
    "token endpoint sends elsewhere": instead("/token", 302, headers={"location": "https://autre.example/token"}),
    "userinfo without a signature": plain_userinfo,
    "userinfo refuses": instead("/me", 401, text=""),
    "userinfo of another, without a signature": instead("/me", 200, json={"sub": "greffe"}),
}
