"""What others decide of a member (*annuaire*): roles and groups that a provider or a directory gives and takes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from sqlmodel import Session, col, or_, select

from portal.journal.journal import append
from portal.policy.clearances import EPOCH
from portal.store.database import take
from portal.store.tables import GroupRow, MemberRow, MembershipRow, now


def set_roles(session: Session, row: MemberRow, roles: Collection[str], managed: Collection[str], by: str) -> bool:
    """Of the roles in `managed`, the member holds these and no others. Says whether that changed anything."""
    wanted = (set(row.roles) - set(managed)) | set(roles)
    if wanted == set(row.roles):
        return False
    row.roles = sorted(wanted)
    session.add(row)
    append(session, by, "membre.roles", row.id, ",".join(row.roles))
    take(session, EPOCH)
    return True


def set_groups(session: Session, member: str, groups: Collection[str], managed: Collection[str], by: str) -> bool:
    """Of the groups in `managed`, the member belongs to these and no others; secondments are left alone.

    A group that the court does not have is passed over. Says whether that changed anything.
    """
    rows = session.exec(
        select(MembershipRow).where(
            MembershipRow.member_id == member,
            col(MembershipRow.seconded).is_(False),
            or_(col(MembershipRow.ends).is_(None), col(MembershipRow.ends) > now()),
        )
    ).all()
    held = {row.group_id for row in rows}
    existing = set(session.exec(select(GroupRow.id).where(col(GroupRow.id).in_(sorted(groups)))).all())
    for row in rows:
        if row.group_id in managed and row.group_id not in groups:
            row.ends = now()
            session.add(row)
            append(session, by, "groupe.retrait", row.group_id, member)
    for group in sorted((existing & set(managed)) - held):
        session.add(MembershipRow(id=uuid4().hex, group_id=group, member_id=member, reason="annuaire", by=by))
        append(session, by, "groupe.affectation", group, member)
    changed = bool((held & set(managed)) - set(groups) or (existing & set(managed)) - held)
    if changed:
        take(session, EPOCH)
    return changed
