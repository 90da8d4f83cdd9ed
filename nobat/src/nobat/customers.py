"""``nobat customers``: what is told of the people who have an account."""

import asyncio

import typer

from nobat.home import find_home

app = typer.Typer(no_args_is_help=True, help="The people who have an account.")


@app.callback()
def customers() -> None:
    """A group, although it has one command."""


@app.command("tell-again")
def tell_again() -> None:
    """Tell the services of everybody again, for one that is newer than the accounts."""
    from nobat.first_admin import Office  # noqa: PLC0415 - loads identity
    from nobat.keyrings import KeyPlaces  # noqa: PLC0415 - loads every service

    told = asyncio.run(Office(KeyPlaces(find_home())).tell_again())
    typer.echo(f"{told} people; identity's worker sends what was written down")
