"""One system per folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from nobat.home import AlreadyRunning, find_home, held, running

HOLDER = """
import sys
from pathlib import Path
from nobat.home import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that runs the system of the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_nobody_runs_a_new_folder(tmp_path: Path) -> None:
    assert running(tmp_path) is None


def test_a_second_process_is_told_who_runs(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    assert running(tmp_path) == holder.pid
    with pytest.raises(AlreadyRunning, match=str(holder.pid)), held(tmp_path):
        pytest.fail("two processes hold one folder")
    holder.communicate("")


def test_a_killed_process_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()
    assert running(tmp_path) is None
    with held(tmp_path):
        assert (tmp_path / "nobat.pid").read_text()


def test_the_environment_names_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOBAT_HOME", str(tmp_path))
    assert find_home() == tmp_path


def test_otherwise_the_home_is_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOBAT_HOME", raising=False)
    (tmp_path / "uv.lock").touch()
    deep = tmp_path / "docs" / "deeper"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_home() == tmp_path / ".nobat"
