"""`minutier account`: local accounts opened, renewed and closed."""

from __future__ import annotations

import sys

from portal.app import open_archive
from portal.identity.accounts import Accounts
from portal.settings import Settings


def open_account(settings: Settings, member: str) -> int:
    """Print a new password and the address that enrols an authenticator, once. 1 where there is no such member."""
    archive = open_archive(settings)
    try:
        opened = Accounts(archive.database).open(member)
    except LookupError:
        print(f"Aucun membre « {member} ».", file=sys.stderr)
        return 1
    finally:
        archive.close()
    print(f"Mot de passe : {opened.password}")
    print(f"Application de codes : {opened.enrolment}")
    if not settings.local_accounts:
        print("Les comptes locaux sont fermés : MINUTIER_LOCAL_ACCOUNTS=1 les ouvre.", file=sys.stderr)
    return 0


def close_account(settings: Settings, member: str) -> int:
    """1 where there is no such account."""
    archive = open_archive(settings)
    try:
        Accounts(archive.database).close(member)
    except LookupError:
        print(f"Aucun compte local « {member} ».", file=sys.stderr)
        return 1
    finally:
        archive.close()
    print("Compte fermé ; ses sessions ont pris fin.")
    return 0
