"""The court's whole staff and stock, for what a clearance costs at scale."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlmodel import Session, SQLModel

from portal.store.tables import (
    CaseFileRow,
    CaseRoleRow,
    DocumentRow,
    GrantRow,
    GroupRow,
    MemberRow,
    MembershipRow,
    now,
)

CHAMBERS = ("civ1", "civ2", "civ3", "com", "soc", "crim")
FORMATIONS = 3
"""For each chamber."""
PIECES = 25
"""Documents of a case file."""
BENCH = ("president", "doyen", "conseiller", "conseiller", "conseiller")
_CHUNK = 10_000
Row = Mapping[str, Any]


def fill(session: Session, members: int, documents: int, seed: int = 1) -> None:
    """A tenth of the members sit, a fiftieth are of the parquet; four files in five are before a formation.

    Each file has its rapporteur and its avocat général; the bench holds its parts through the formation, or one
    by one where the file has none. One document in five hundred has an exception, one magistrate in ten lends
    all their parts.
    """
    chance = random.Random(seed)
    at = now()
    kinds = {"conseiller": 0.10, "avocat_general": 0.02, "greffe": 0.15, "sder": 0.05, "auditeur": 0.05, "agent": 0.63}
    roles = chance.choices(list(kinds), list(kinds.values()), k=members)
    people = [f"m{number}" for number in range(members)]
    judges = [who for who, role in zip(people, roles, strict=True) if role == "conseiller"]
    parquet = [who for who, role in zip(people, roles, strict=True) if role == "avocat_general"]
    formations = [f"formation:{chamber}-{number}" for chamber in CHAMBERS for number in range(FORMATIONS)]
    seated = {name: judges[at_ :: len(formations)] for at_, name in enumerate(formations)}
    _insert(session, MemberRow, _people(people, roles))
    _insert(session, GroupRow, ({"id": name, "kind": "formation", "name": name} for name in formations))
    _insert(session, MembershipRow, _places(seated, at))
    cases = max(1, documents // PIECES)
    before = [chance.choice(formations) for _ in range(cases)]
    settled = [chance.random() < 0.8 for _ in range(cases)]
    _insert(
        session,
        CaseFileRow,
        (
            {"id": f"c{n}", "title": f"c{n}", "bench_id": name if is_settled else None, "opened": True, "created": at}
            | {"chamber": name.removeprefix("formation:").split("-")[0], "formation": None, "contested": ""}
            for n, (name, is_settled) in enumerate(zip(before, settled, strict=True))
        ),
    )
    _insert(session, CaseRoleRow, _parts(chance, seated, parquet, before, settled))
    _insert(session, DocumentRow, _documents(chance, documents, at))
    _insert(session, GrantRow, _grants(chance, people, judges, documents, at))


def _insert(session: Session, table: type[SQLModel], rows: Iterable[Row]) -> None:
    rest = iter(rows)
    while chunk := list(islice(rest, _CHUNK)):
        session.execute(table.__table__.insert(), chunk)  # type: ignore[attr-defined]


def _people(people: list[str], roles: list[str]) -> Iterator[Row]:
    for who, role in zip(people, roles, strict=True):
        yield {"id": who, "civility": "", "surname": who, "given_name": "", "roles": [role], "active": True}


def _places(seated: Mapping[str, list[str]], at: datetime) -> Iterator[Row]:
    for formation, judges in seated.items():
        for number, who in enumerate(judges):
            function = BENCH[min(number, len(BENCH) - 1)]
            yield {"id": f"{formation}-{who}", "group_id": formation, "member_id": who, "function": function} | {
                "seconded": False,
                "reason": "",
                "by": "-",
                "starts": at,
                "ends": None,
            }


def _parts(
    chance: random.Random,
    seated: Mapping[str, list[str]],
    parquet: list[str],
    before: list[str],
    settled: list[bool],
) -> Iterator[Row]:
    for number, (formation, is_settled) in enumerate(zip(before, settled, strict=True)):
        case = f"c{number}"
        bench = seated[formation]
        rapporteur = chance.choice(bench)
        yield {"case_file_id": case, "member_id": rapporteur, "role": "rapporteur"}
        yield {"case_file_id": case, "member_id": chance.choice(parquet), "role": "avocat_general"}
        if not is_settled:
            others = chance.sample(bench, min(len(BENCH), len(bench)))
            for who, role in zip(others, BENCH, strict=False):
                yield {"case_file_id": case, "member_id": who, "role": role}


def _documents(chance: random.Random, documents: int, at: datetime) -> Iterator[Row]:
    for number in range(documents):
        published = chance.random() < 0.04
        yield {
            "id": f"d{number}",
            "case_file_id": f"c{number // PIECES}",
            "proposed_id": None,
            "kind": "arret" if published else chance.choice(("memoire", "piece", "rapport", "note", "courrier")),
            "title": f"d{number}",
            "day": None,
            "state": "publie" if published else "depose",
            "author_id": None,
            "draft": False,
            "deposited": True,
            "circulated": chance.random() < 0.5,
            "published": published,
            "identity": "",
            "about": {},
            "version_id": None,
            "pages": 0,
            "textless": False,
            "created": at,
            "changed": at,
            "deleted": None,
        }


def _grants(chance: random.Random, people: list[str], judges: list[str], documents: int, at: datetime) -> Iterator[Row]:
    def grant(name: str, kind: str, member: str, **given: str) -> Row:
        nothing = dict.fromkeys(("group_id", "document_id", "case_file_id", "origin_id", "ended"))
        term = {"reason": "-", "by": "-", "starts": at, "ends": at + timedelta(days=30)}
        return {"id": name, "kind": kind, "member_id": member, "audience": ""} | nothing | term | given

    for number in range(documents // 500):
        document = f"d{chance.randrange(documents)}"
        yield grant(f"x{number}", "exception", chance.choice(people), document_id=document)
    for number, origin in enumerate(chance.sample(judges, len(judges) // 10)):
        yield grant(f"l{number}", "delegation", chance.choice(judges), origin_id=origin)
