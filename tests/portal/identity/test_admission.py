"""Which member a provider's account is, and what its claims mean at the court."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from portal.identity.admission import Admission
from portal.identity.claim_map import ClaimMap, read_claim_map, values
from portal.identity.oidc.refusal import Refused
from portal.store.tables import GroupRow, MemberRow, MembershipRow
from tests.portal.conftest import Court, court, new_database, postgres_url

__all__ = ["court", "new_database", "postgres_url"]
ISSUER = "https://provider.example"
MAP = """
member = "email"
by = "email"
[roles]
"/greffe" = "greffe"
"/doyens" = "doyen"
[groups]
"/chambres/soc" = "chambre:soc"
"""


@pytest.fixture
def mapped(court: Court) -> Admission:
    with court.database.write() as session:
        session.add(GroupRow(id="chambre:soc", kind="chambre", name="Chambre sociale"))
        row = session.get(MemberRow, "autre")
        assert row is not None
        row.email = "lenoir@court.example"
        session.add(row)
    return Admission(court.database, read_claim_map(MAP))


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "42", "email": "Lenoir@court.example", "email_verified": True, **more}


def test_a_member_is_found_by_their_address_once(mapped: Admission) -> None:
    """The first sign-in goes by the address; from then on the provider's own name for them counts, not the address."""
    assert mapped.admit(ISSUER, claims()).id == "autre"
    assert mapped.admit(ISSUER, claims(email="autre@ailleurs.example", email_verified=False)).id == "autre"


def test_an_address_that_nobody_checked_opens_nothing(mapped: Admission) -> None:
    """Where the provider has not verified the address, it names nobody."""
    for unverified in (False, None, "true"):
        with pytest.raises(Refused, match="pas encore ouvert"):
            mapped.admit(ISSUER, claims(email_verified=unverified))


def test_a_second_account_does_not_take_a_member_over(mapped: Admission) -> None:
    """Another account of the provider's with the same address is refused, whoever came first stays."""
    mapped.admit(ISSUER, claims())
    with pytest.raises(Refused, match="autre identité"):
        mapped.admit(ISSUER, claims(sub="43"))


def test_who_left_the_court_does_not_come_in(mapped: Admission, court: Court) -> None:
    """An account that is linked to a member who left opens nothing."""
    mapped.admit(ISSUER, claims())
    court.people.deactivate("autre", "greffe")
    with pytest.raises(Refused, match="pas encore ouvert"):
        mapped.admit(ISSUER, claims())


def test_roles_and_groups_follow_the_claims(mapped: Admission, court: Court) -> None:
    """Roles and groups that the map names come and go with the claim; the others are left alone."""
    member = mapped.admit(ISSUER, claims(groups=["/greffe", "/chambres/soc", "/autre"]))
    assert member.roles == {"rapporteur", "conseiller", "greffe"}
    assert places(court) == ["chambre:soc"]
    member = mapped.admit(ISSUER, claims(groups=["/doyens"]))
    assert member.roles == {"rapporteur", "conseiller", "doyen"}
    assert places(court) == []


def test_nobody_is_made_a_member_unless_the_map_says_so(court: Court) -> None:
    """By default an unknown person stays one; with `provision` they become a member without a role."""
    newcomer = {"sub": "nouveau", "given_name": "Ève", "family_name": "Blanc"}
    with pytest.raises(Refused):
        Admission(court.database, ClaimMap()).admit(ISSUER, newcomer)
    member = Admission(court.database, ClaimMap(provision=True)).admit(ISSUER, newcomer)
    assert (member.surname, member.roles) == ("Blanc", frozenset())


def test_a_map_of_what_does_not_exist_is_refused() -> None:
    """A role that the court does not have stops the portal at its start, not someone at the door."""
    with pytest.raises(ValueError, match="roi"):
        read_claim_map('[roles]\n"/x" = "roi"\n')
    assert values({"realm_access": {"roles": ["a", 1]}}, "realm_access.roles") == {"a"}


def places(court: Court) -> list[str]:
    with court.database.read() as session:
        rows = session.exec(
            select(MembershipRow.group_id).where(MembershipRow.member_id == "autre", col(MembershipRow.ends).is_(None))
        )
        return list(rows)
