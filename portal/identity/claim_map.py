"""Which of a provider's claims means what at the court (*correspondance*): data, a TOML file of the deployment's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.nouns.member import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMap:
    """By default a member must exist already, with the provider's `sub` as their id; roles and groups stay ours."""

    member: str = "sub"
    """The claim that names the member at their first sign-in."""
    by: str = "id"
    """What it is compared with: a member's `id` or `email`."""
    verified: bool = True
    """Whether an e-mail address counts only where the provider says that it checked it."""
    provision: bool = False
    """Whether a person whom the court does not know yet is made a member."""
    claim: str = "groups"
    """The claim that lists groups or roles."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """A value of that claim → a court-wide role. Those named here are given and taken by the provider alone."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """A value of that claim → a group's id, likewise."""


def read_claim_map(text: str | None) -> ClaimMap:
    """Raises ValueError where a name or a role does not exist."""
    if text is None:
        return ClaimMap()
    found = tomllib.loads(text)
    mapped = ClaimMap(**found)
    if mapped.by not in {"id", "email"} or set(mapped.roles.values()) - set(ROLES):
        raise ValueError(f"correspondance inconnue : {mapped.by}, {sorted(mapped.roles.values())}")
    return mapped


def values(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """A claim's values; a dot goes into an object, as in Keycloak's `realm_access.roles`."""
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()
