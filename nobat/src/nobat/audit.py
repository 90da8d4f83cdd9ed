"""``nobat audit``: has anybody touched what the services wrote down?"""

import asyncio
from typing import Annotated

import typer

from nobat.home import find_home

app = typer.Typer(no_args_is_help=True, help="The audit trail of each service.")

Services = Annotated[list[str] | None, typer.Option("--service", help="Several times; all when not given.")]
Heads = Annotated[
    list[str] | None,
    typer.Option(
        "--head", help="A head that was seen before, such as identity=120:9f2c...; it must still be there."
    ),
]


@app.callback()
def trail() -> None:
    """The audit trail of each service."""


@app.command()
def verify(service: Services = None, head: Heads = None) -> None:
    """Walk each service's chain and name the first row that was altered, removed, put in or left out.

    Ends with 1 when there is one. Keep the heads that it prints, or those in the logs, elsewhere: only
    they betray a tail that was cut.
    """
    from nobat.audit_check import check, known_heads  # noqa: PLC0415 - loads every service
    from nobat.keyrings import KeyPlaces  # noqa: PLC0415 - loads every service
    from nobat.topology import SERVICES  # noqa: PLC0415 - loaded when it runs

    chosen = service or list(SERVICES)
    if unknown := set(chosen) - set(SERVICES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))} is not of {', '.join(SERVICES)}")
    heads = known_heads(head or [])
    places = KeyPlaces(find_home())
    verdicts = {name: asyncio.run(check(places, name, heads.get(name))) for name in chosen}
    for name, verdict in verdicts.items():
        typer.echo(f"{name}: {verdict.finding or 'in order'}; head {verdict.checked}:{verdict.head.hex()}")
    if any(verdict.finding for verdict in verdicts.values()):
        raise typer.Exit(1)
