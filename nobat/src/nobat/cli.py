"""The ``nobat`` command."""

from typing import Annotated

import typer
import uvloop

from nobat.ending import StillRunning, end
from nobat.home import AlreadyRunning, find_home, held, project_root

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Runs and tends Nobat.")
Port = Annotated[int | None, typer.Option(min=1, max=65535)]


@app.command()
def up(
    port: Port = None,
    simulators_port: Port = None,
    processes: Annotated[bool, typer.Option(help="A process for each part, RabbitMQ if installed.")] = False,
    api_processes: Annotated[list[str] | None, typer.Option(help="Such as sales=2; several times.")] = None,
) -> None:
    """Run the whole system with a demonstration in it, until Ctrl-C."""
    from nobat.running import PortTaken, Wish, run_embedded, run_processes  # noqa: PLC0415 - loads everything

    wish = Wish(port, simulators_port, _counts(api_processes or []))
    if wish.apis and not processes:
        raise typer.BadParameter("--api-processes goes with --processes")
    home = find_home()
    try:
        with held(home):
            uvloop.run(run_processes(home, wish) if processes else run_embedded(home, wish))
    except (AlreadyRunning, PortTaken) as refusal:
        _fail(str(refusal))


@app.command()
def down() -> None:
    """End the system that runs in this folder."""
    try:
        ended = end(find_home())
    except StillRunning as refusal:
        _fail(str(refusal))
    typer.echo("Nobat has ended." if ended else "Nobat is not running here.")


@app.command()
def generate(
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date.")] = False,
) -> None:
    """Write the documents that follow from the code: event schemas, docs/events.md, AsyncAPI."""
    from nobat.generation.writing import stale, write  # noqa: PLC0415 - as above

    root = project_root()
    changed = stale(root) if check else write(root)
    for path in changed:
        typer.echo(f"{'out of date' if check else 'written'}: {path}")
    if check and changed:
        _fail("run: nobat generate")


def _counts(options: list[str]) -> dict[str, int]:
    from nobat.topology import SERVICES  # noqa: PLC0415 - as above

    counts = {}
    for option in options:
        service, _, number = option.partition("=")
        if service not in SERVICES or not number.isdecimal() or int(number) < 1:
            raise typer.BadParameter(f"{option} is not like sales=2")
        counts[service] = int(number)
    return counts


def _fail(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(1)


def main() -> None:
    from nobat import dead_letters  # noqa: PLC0415 - as above

    app.add_typer(dead_letters.app, name="dead-letters")
    app()
