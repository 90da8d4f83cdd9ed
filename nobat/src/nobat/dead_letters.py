"""``nobat dead-letters``: look at messages that were given up, and send them to be handled again."""

import json
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from nobat.home import find_home

if TYPE_CHECKING:
    from chassis.messaging.transport import DeadLetter
    from nobat.graveyard import Graveyard

app = typer.Typer(no_args_is_help=True, help="Messages that were given up after their last try.")

Broker = Annotated[
    str | None, typer.Option("--amqp-url", envvar="AMQP_URL", help="Without it, the system of this folder.")
]
Queue = Annotated[str, typer.Option(help="Such as sales.purchase.")]
Queues = Annotated[list[str] | None, typer.Option("--queue", help="Several times; all when not given.")]
Id = Annotated[UUID, typer.Option("--id")]
Ids = Annotated[list[UUID] | None, typer.Option("--id", help="Several times; all when not given.")]
Apply = Annotated[bool, typer.Option("--apply/--dry-run", help="Do it, or only say what would be done.")]


@app.command("list")
def list_(queue: Queues = None, amqp_url: Broker = None) -> None:
    """One line for each dead letter, the oldest of a queue first."""
    letters = _graveyard(amqp_url).list(queue or [])
    for letter in letters:
        typer.echo(_line(letter))
    typer.echo(f"{len(letters)} dead letters", err=True)


@app.command()
def show(queue: Queue, id_: Id, amqp_url: Broker = None) -> None:
    """A dead letter with its envelope; personal data in it stay sealed."""
    letter = _graveyard(amqp_url).show(queue, id_)
    typer.echo(_line(letter))
    typer.echo(json.dumps(json.loads(letter.message.body), ensure_ascii=False, indent=2))


@app.command()
def redrive(queue: Queue, id_: Ids = None, amqp_url: Broker = None, apply: Apply = False) -> None:
    """Send dead letters back to the queue in which they died."""
    result = _graveyard(amqp_url).redrive(queue, id_ or [], dry_run=not apply)
    for message_id in result.moved:
        typer.echo(f"{'moved' if apply else 'would move'} {message_id}")
    for message_id in result.refused:
        typer.echo(f"refused {message_id}: it came back too often")
    missing = {*(id_ or [])} - {*result.moved, *result.refused}
    if missing:
        typer.echo(f"not among the dead of {queue}: {', '.join(map(str, sorted(missing)))}", err=True)
        raise typer.Exit(1)


def _graveyard(amqp_url: str | None) -> "Graveyard":
    from nobat.graveyard import Graveyard  # noqa: PLC0415 - loads every service

    return Graveyard(find_home(), amqp_url)


def _line(letter: "DeadLetter") -> str:
    died = letter.died_at.isoformat(timespec="seconds") if letter.died_at else "-"
    tries = f"{letter.attempt} tries, {letter.redrives} redrives"
    return f"{letter.queue}  {letter.message.id}  {letter.message.name}  {died}  {tries}  {letter.error}"
