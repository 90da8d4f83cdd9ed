"""The ``nobat`` command. Commands load what they need when they run."""

import sys
from typing import Annotated

import typer

from nobat import audit, customers, dead_letters, keys, staff
from nobat.home import find_home, held, project_root
from nobat.refusal import Refusal

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Runs and tends Nobat.")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(keys.app, name="keys")
app.add_typer(audit.app, name="audit")
app.add_typer(staff.app, name="staff")
app.add_typer(customers.app, name="customers")

Port = Annotated[int | None, typer.Option(min=1, max=65535)]


@app.command()
def up(
    port: Port = None,
    simulators_port: Port = None,
    processes: Annotated[bool, typer.Option(help="A process for each part, RabbitMQ if installed.")] = False,
    api_processes: Annotated[list[str] | None, typer.Option(help="Such as sales=2; several times.")] = None,
) -> None:
    """Run the whole system with a demonstration in it, until Ctrl-C."""
    apis, home = _counts(api_processes or []), find_home()
    if apis and not processes:
        raise typer.BadParameter("--api-processes goes with --processes")
    with held(home):
        import uvloop  # noqa: PLC0415 - loaded when it runs

        from nobat.running import Wish, run_embedded, run_processes  # noqa: PLC0415 - loaded when it runs

        wish = Wish(port, simulators_port, apis)
        uvloop.run(run_processes(home, wish) if processes else run_embedded(home, wish))


@app.command()
def down() -> None:
    """End the system that runs in this folder."""
    from nobat.ending import end  # noqa: PLC0415 - loaded when it runs

    ended = end(find_home())
    typer.echo("Nobat has ended." if ended else "Nobat is not running here.")


@app.command()
def generate(
    check: Annotated[bool, typer.Option("--check", help="Only say what is out of date.")] = False,
) -> None:
    """Write the documents that follow from the code: event schemas and pages, AsyncAPI, permissions."""
    from nobat.generation.staff_routes import faults  # noqa: PLC0415 - loaded when it runs
    from nobat.generation.writing import stale, write  # noqa: PLC0415 - loaded when it runs

    root = project_root()
    changed = stale(root) if check else write(root)
    for path in changed:
        typer.echo(f"{'out of date' if check else 'written'}: {path}")
    if wrong := faults():
        raise Refusal("\n".join(wrong))
    if check and changed:
        raise Refusal("run: nobat generate")


def _counts(options: list[str]) -> dict[str, int]:
    from nobat.topology import SERVICES  # noqa: PLC0415 - loaded when it runs

    counts = {}
    for option in options:
        service, _, number = option.partition("=")
        if service not in SERVICES or not number.isdecimal() or int(number) < 1:
            raise typer.BadParameter(f"{option} is not like sales=2")
        counts[service] = int(number)
    return counts


def main() -> None:
    try:
        app()
    except Refusal as refusal:
        typer.echo(str(refusal), err=True)
        sys.exit(1)
