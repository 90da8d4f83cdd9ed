"""An index key from the time before it could change."""

from pathlib import Path

from chassis.blind_index import BlindIndex
from chassis.keys.text import new_key
from nobat.secret_store import open_secrets


def test_a_key_without_a_name_makes_the_same_indexes_from_its_file(tmp_path: Path) -> None:
    alone = new_key()
    (tmp_path / "secrets.env").write_text(f"INDEX_KEY={alone}\n")

    moved = BlindIndex.parse(open_secrets(tmp_path)["INDEX_KEY"])

    assert moved.names == ["k1"]
    before = BlindIndex.parse(alone).of("0012345679", "national_code")
    assert moved.of("0012345679", "national_code") == before
