"""Secrets that stand in the database (*secrets*): sealed by the keys of the documents, each bound to its row."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import Session, col, select

from portal.store.database import Database
from portal.store.keys import KeyFile, KeyMissing
from portal.store.sealed import NONCE, Tampered
from portal.store.tables import AccountRow, SignInRow

VAULT: Final = "vault"
"""Of a session's `info`. Without a vault there, as in tests of other things, secrets stand as they are."""
_MARK: Final = "sealed:"


class Vault:
    """AES-256-GCM by the active master key; the key's id stands before the text."""

    def __init__(self, keys: KeyFile) -> None:
        self._keys = keys

    def seal(self, text: str, row: str) -> str:
        keys, nonce = self._keys.current, secrets.token_bytes(NONCE)
        sealed = nonce + AESGCM(keys.master).encrypt(nonce, text.encode(), row.encode())
        return f"{_MARK}{keys.active}:{base64.b64encode(sealed).decode()}"

    def unseal(self, held: str, row: str) -> str:
        """A text that was never sealed comes back as it is. Raises KeyMissing; Tampered where it is another's."""
        if not held.startswith(_MARK):
            return held
        identifier, _, body = held.removeprefix(_MARK).partition(":")
        try:
            sealed = base64.b64decode(body, validate=True)
            plain = AESGCM(self._keys.current.of(identifier)).decrypt(sealed[:NONCE], sealed[NONCE:], row.encode())
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Tampered(f"a secret of {row} is not what was sealed") from error
        return plain.decode()

    def is_current(self, held: str) -> bool:
        return held.startswith(f"{_MARK}{self._keys.current.active}:")


def seal(session: Session, text: str, row: str) -> str:
    """The text as it is to stand in the database; nothing stays nothing."""
    vault: Vault | None = session.info.get(VAULT)
    return vault.seal(text, row) if vault and text else text


def unseal(session: Session, held: str, row: str) -> str:
    vault: Vault | None = session.info.get(VAULT)
    return vault.unseal(held, row) if vault and held else held


def reseal(database: Database) -> int:
    """Seal every secret by the active key; sessions whose key is gone end. Returns how many were changed."""
    changed = 0
    with database.write() as session:
        vault: Vault = session.info[VAULT]
        for account in session.exec(select(AccountRow).where(col(AccountRow.secret) != "")).all():
            if not vault.is_current(account.secret):
                account.secret = vault.seal(vault.unseal(account.secret, account.member_id), account.member_id)
                session.add(account)
                changed += 1
        for row in session.exec(select(SignInRow)).all():
            changed += _reseal(session, vault, row)
    return changed


def _reseal(session: Session, vault: Vault, row: SignInRow) -> bool:
    held = {name: getattr(row, name) for name in ("id_token", "refresh_token")}
    old = {name: text for name, text in held.items() if text and not vault.is_current(text)}
    try:
        for name, text in old.items():
            setattr(row, name, vault.seal(vault.unseal(text, row.key), row.key))
    except KeyMissing:
        session.delete(row)
        return True
    session.add(row)
    return bool(old)
