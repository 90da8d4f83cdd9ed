"""The secrets of an installation."""

import stat
from pathlib import Path

import pytest

from chassis.crypto import BlindIndex, Keyring
from nobat.secret_store import MAKERS, open_secrets


def test_secrets_are_made_once(tmp_path: Path) -> None:
    first, second = open_secrets(tmp_path), open_secrets(tmp_path)
    assert [first[name] for name in MAKERS] == [second[name] for name in MAKERS]
    assert len({first[name] for name in MAKERS}) == len(MAKERS)


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    open_secrets(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new" / "secrets.env").stat().st_mode) == 0o600


def test_a_secret_that_is_missing_is_added_to_those_that_are_there(tmp_path: Path) -> None:
    kept = open_secrets(tmp_path)
    file = tmp_path / "secrets.env"
    file.write_text("".join(line for line in file.open() if not line.startswith("IDENTITY_CODE_KEY=")))

    completed = open_secrets(tmp_path)

    assert completed["EVENT_KEYS"] == kept["EVENT_KEYS"]
    assert completed["IDENTITY_CODE_KEY"] != kept["IDENTITY_CODE_KEY"]


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = open_secrets(tmp_path)["DEMO_PASSWORD"]
    monkeypatch.setenv("DEMO_PASSWORD", "from the environment")
    assert open_secrets(tmp_path)["DEMO_PASSWORD"] == "from the environment"
    monkeypatch.delenv("DEMO_PASSWORD")
    assert open_secrets(tmp_path)["DEMO_PASSWORD"] == kept


def test_keys_are_what_the_services_take(tmp_path: Path) -> None:
    secrets = open_secrets(tmp_path)
    for name in ("EVENT_KEYS", "IDENTITY_DATA_KEYS", "NOTIFY_DATA_KEYS", "SALES_DATA_KEYS"):
        keyring = Keyring.parse(secrets[name])
        assert keyring.open(keyring.seal(b"word", "here"), "here") == b"word"
    assert len(BlindIndex.parse(secrets["INDEX_KEY"]).of("1", "test")) == 64


def test_every_account_has_a_password_of_its_own(tmp_path: Path) -> None:
    secrets = open_secrets(tmp_path)
    assert secrets.password("sales") == secrets.password("sales") != secrets.password("identity")
