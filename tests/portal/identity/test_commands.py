"""The commands about people, and the settings of sign-in."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.cli import main
from portal.identity.tokens import PREFIX
from portal.settings import read_settings

HEAD = "identifiant;civilite;prenom;nom;courriel;roles;groupes\n"
OIDC = {
    "MINUTIER_OIDC_ISSUER": "https://provider.example",
    "MINUTIER_OIDC_CLIENT_ID": "portail",
    "MINUTIER_ORIGIN": "https://portail.example",
}


def test_people_tokens_and_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A directory is rehearsed and followed; its members then get tokens and accounts, shown once."""
    monkeypatch.setenv("MINUTIER_HOME", str(tmp_path / "home"))
    file = tmp_path / "annuaire.csv"
    file.write_text(HEAD + "petit;Mme;Ève;Petit;petit@court.example;greffe;\n", "utf-8")
    assert main(["people", "sync", str(file), "--dry-run"]) == 0
    assert "arrivée : petit" in capsys.readouterr().out
    assert main(["token", "create", "petit"]) == 1
    assert main(["people", "sync", str(file)]) == 0
    capsys.readouterr()
    assert main(["token", "create", "petit", "--scope", "read", "--days", "7"]) == 0
    assert capsys.readouterr().out.startswith(PREFIX)
    assert main(["token", "create", "petit", "--days", "4000"]) == 1
    assert main(["account", "create", "petit"]) == 0
    assert "otpauth://totp/" in capsys.readouterr().out
    assert main(["account", "remove", "petit"]) == 0
    assert main(["account", "remove", "petit"]) == 1
    file.write_text(HEAD, "utf-8")
    assert main(["people", "sync", str(file)]) == 1
    assert "--force" in capsys.readouterr().err


def test_a_secret_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    """The file wins; the secret never shows where settings are printed."""
    file = tmp_path / "secret"
    file.write_text("du fichier\n", "utf-8")
    environ = {**OIDC, "MINUTIER_OIDC_CLIENT_SECRET": "de l'environnement"}
    plain = read_settings(environ)
    filed = read_settings({**environ, "MINUTIER_OIDC_CLIENT_SECRET_FILE": str(file)})
    assert plain.oidc is not None
    assert filed.oidc is not None
    assert (plain.oidc.client_secret, filed.oidc.client_secret) == ("de l'environnement", "du fichier")
    assert "fichier" not in repr(filed.oidc)


@pytest.mark.parametrize("missing", ["MINUTIER_OIDC_CLIENT_ID", "MINUTIER_ORIGIN", "secret"])
def test_a_provider_half_set_stops_the_portal(missing: str) -> None:
    """Without the client's name, its secret or the portal's own address, the portal does not start."""
    environ = {name: value for name, value in OIDC.items() if name != missing}
    if missing != "secret":
        environ["MINUTIER_OIDC_CLIENT_SECRET"] = "x"
    with pytest.raises(ValueError, match="MINUTIER_OIDC_ISSUER"):
        read_settings(environ)


def test_the_demos_door_is_the_demos_alone() -> None:
    """No setting opens the demo's sign-in: only `minutier demo` does."""
    assert not read_settings({"MINUTIER_DEMO": "1", "DEMO": "1"}).demo
