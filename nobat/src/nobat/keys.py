"""``nobat keys``: look at the keys of personal data and of tokens, and change them under load."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from nobat.home import find_home

if TYPE_CHECKING:
    from nobat.keyrings import KeyPlaces, Ring

app = typer.Typer(no_args_is_help=True, help="Keys of personal data, events and tokens.")
Value = TypeVar("Value")

Names = Annotated[
    list[str] | None, typer.Argument(help="Keyrings, such as identity-data; all when not given.")
]
Patience = Annotated[float, typer.Option(help="Seconds to wait for every process at each step.")]
Settle = Annotated[
    float | None, typer.Option(help="Seconds for which all must have sealed with the new key; not less.")
]
Broker = Annotated[
    str | None, typer.Option("--amqp-url", envvar="AMQP_URL", help="Without it, the system of this folder.")
]


@app.command()
def status(names: Names = None) -> None:
    """Which key seals, who has it, and what is still under another one."""
    from nobat import key_rotation  # noqa: PLC0415 - loads every service

    places, rings = _chosen(names)
    for ring in rings:
        for line in _run(key_rotation.describe(places, ring)):
            typer.echo(line)


@app.command()
def rotate(names: Names = None, patience: Patience = 120) -> None:
    """Seal with a new key from now on; what is under the old one is sealed again in the background."""
    from nobat import key_rotation  # noqa: PLC0415 - loads every service

    places, rings = _chosen(names)
    for ring in rings:
        name = _run(key_rotation.rotate(places, ring, patience=patience))
        typer.echo(f"{ring.name}: every process seals with {name}; nobat keys status shows the rest")


@app.command()
def retire(names: Names = None, settle: Settle = None, amqp_url: Broker = None) -> None:
    """Give up the old keys that nothing is under any more."""
    from nobat import key_rotation  # noqa: PLC0415 - loads every service
    from nobat.graveyard import Graveyard  # noqa: PLC0415 - loads every service

    places, rings = _chosen(names)
    for ring in rings:
        dead = (
            []
            if not ring.in_messages
            else [letter.message.body for letter in Graveyard(find_home(), amqp_url).list([])]
        )
        settled = ring.settle if settle is None else settle
        given_up = _run(key_rotation.retire(places, ring, dead, settle=settled))
        typer.echo(f"{ring.name}: {', '.join(given_up) or 'nothing'} given up")


@app.command("rotate-signing")
def rotate_signing() -> None:
    """Let a new key sign access tokens, a few minutes after everybody can know it."""
    from nobat.signing_rotation import rotate_signing_key  # noqa: PLC0415 - loads identity

    places, _ = _chosen(None)
    turn = _run(rotate_signing_key(places))
    typer.echo(f"a new key signs from {turn.isoformat(timespec='seconds')}; the old tokens stay good")


def _chosen(names: list[str] | None) -> "tuple[KeyPlaces, Sequence[Ring]]":
    from nobat.keyrings import RINGS, KeyPlaces  # noqa: PLC0415 - loads every service

    if unknown := set(names or ()) - set(RINGS):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))} is not of {', '.join(RINGS)}")
    return KeyPlaces(find_home()), [RINGS[name] for name in names or RINGS]


def _run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)
