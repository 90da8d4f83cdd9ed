"""What the command line accepts."""

import pytest
from typer.testing import CliRunner

from nobat.cli import app


@pytest.mark.parametrize("wish", ["sales", "sales=0", "sales=many", "portal=2"])
def test_processes_are_asked_for_by_service_and_number(wish: str) -> None:
    refused = CliRunner().invoke(app, ["up", "--processes", "--api-processes", wish])
    assert refused.exit_code == 2
    assert "is not like sales=2" in refused.output


def test_several_processes_of_a_service_need_processes() -> None:
    refused = CliRunner().invoke(app, ["up", "--api-processes", "sales=2"])
    assert refused.exit_code == 2
    assert "goes with --processes" in refused.output


@pytest.mark.parametrize("command", [[], ["up"], ["down"], ["generate"], ["dead-letters", "redrive"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    explained = CliRunner().invoke(app, [*command, "--help"])
    assert explained.exit_code == 0
    assert "Usage" in explained.output
