"""Secrets in the database: sealed, each bound to its row, followed by a rotation of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from portal.app import Archive, open_archive
from portal.cli import main
from portal.identity.accounts import Accounts
from portal.identity.sign_ins import Proof
from portal.settings import Settings, read_settings
from portal.store.keys import KeyFile, KeyMissing
from portal.store.sealed import Tampered
from portal.store.tables import AccountRow, SignInRow
from portal.store.vault import Vault
from tests.portal.conftest import MEMBERS

PROOF = Proof(issuer="https://idp", subject="42", id_token="jeton.identite", refresh_token="jeton.suite")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("MINUTIER_HOME", str(tmp_path / "home"))
    return read_settings({"MINUTIER_HOME": str(tmp_path / "home")})


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    yield archive
    archive.close()


def held(archive: Archive) -> list[str]:
    """Secrets as they stand in the database."""
    with archive.database.read() as session:
        accounts = [row.secret for row in session.exec(select(AccountRow)).all()]
        return accounts + [
            text for row in session.exec(select(SignInRow)).all() for text in (row.id_token, row.refresh_token)
        ]


def test_nothing_that_opens_a_door_stands_in_the_database(archive: Archive) -> None:
    """Codes' secrets and a provider's tokens are sealed; whoever uses them gets them back."""
    opened = Accounts(archive.database).open("greffe")
    secret = opened.enrolment.split("secret=")[1].split("&")[0]
    cookie = archive.sign_ins.open("sder", PROOF)
    assert all(text.startswith("sealed:") for text in held(archive))
    assert not any(word in text for text in held(archive) for word in (secret, "jeton"))
    assert archive.sign_ins.close(cookie) == PROOF


def test_a_rotation_seals_them_anew(archive: Archive, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """After it no secret is held by the former key, and all still open."""
    Accounts(archive.database).open("greffe")
    cookie = archive.sign_ins.open("sder", PROOF)
    before = held(archive)
    assert main(["keys", "rotate"]) == 0
    after = held(archive)
    active = KeyFile(settings.document_keys).current.active
    assert all(text.startswith(f"sealed:{active}:") for text in after)
    assert not set(before) & set(after)
    assert archive.sign_ins.close(cookie) == PROOF
    capsys.readouterr()


def test_a_secret_opens_in_its_own_row_alone(tmp_path: Path) -> None:
    """One that was copied to another row, changed, or sealed by a key that is gone does not open."""
    vault = Vault(KeyFile(tmp_path / "keys"))
    sealed = vault.seal("secret", "greffe")
    assert vault.unseal(sealed, "greffe") == "secret"
    assert vault.unseal("never sealed", "greffe") == "never sealed"
    for other, row in (
        (sealed, "sder"),
        (sealed[:-8] + "AAAAAAA=", "greffe"),
        (sealed.rsplit(":", 1)[0] + ":%%", "greffe"),
    ):
        with pytest.raises(Tampered):
            vault.unseal(other, row)
    with pytest.raises(KeyMissing):
        vault.unseal(sealed.replace(sealed.split(":")[1], "00000000"), "greffe")


def test_the_database_s_address_may_stand_in_a_file(tmp_path: Path) -> None:
    """A password in it need not stand in the environment."""
    (tmp_path / "url").write_text("postgresql+psycopg://minutier:secret@db/minutier\n", "utf-8")
    found = read_settings({"MINUTIER_HOME": str(tmp_path), "MINUTIER_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert found.database == "postgresql+psycopg://minutier:secret@db/minutier"
