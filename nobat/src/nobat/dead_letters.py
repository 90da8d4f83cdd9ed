"""``nobat dead-letters``: look at messages that were given up, and send them to be handled again."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from chassis.messaging import Transport, connect, dead_letters
from chassis.messaging.transport import DeadLetter, Unavailable
from nobat.backends import BROKERS
from nobat.generation.subscribers import queues
from nobat.home import find_home

app = typer.Typer(no_args_is_help=True, help="Messages that were given up after their last try.")
Value = TypeVar("Value")

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
    total = 0
    for name in queue or sorted(queues()):
        letters = _at_broker(
            amqp_url, name, lambda transport, name=name: dead_letters.list(transport, [name])
        )
        total += len(letters)
        for letter in letters:
            typer.echo(_line(letter))
    typer.echo(f"{total} dead letters", err=True)


@app.command()
def show(queue: Queue, id_: Id, amqp_url: Broker = None) -> None:
    """A dead letter with its envelope; personal data in it stay sealed."""
    try:
        letter = _at_broker(amqp_url, queue, lambda transport: dead_letters.show(transport, queue, id_))
    except LookupError as missing:
        raise _refusal(str(missing)) from None
    typer.echo(_line(letter))
    typer.echo(json.dumps(json.loads(letter.message.body), ensure_ascii=False, indent=2))


@app.command()
def redrive(queue: Queue, id_: Ids = None, amqp_url: Broker = None, apply: Apply = False) -> None:
    """Send dead letters back to the queue in which they died."""
    result = _at_broker(
        amqp_url, queue, lambda transport: dead_letters.redrive(transport, queue, id_, dry_run=not apply)
    )
    for message_id in result.moved:
        typer.echo(f"{'moved' if apply else 'would move'} {message_id}")
    for message_id in result.refused:
        typer.echo(f"refused {message_id}: it came back too often")
    missing = {*(id_ or [])} - {*result.moved, *result.refused}
    if missing:
        raise _refusal(f"not among the dead of {queue}: {', '.join(map(str, sorted(missing)))}")


def _line(letter: DeadLetter) -> str:
    died = letter.died_at.isoformat(timespec="seconds") if letter.died_at else "-"
    tries = f"{letter.attempt} tries, {letter.redrives} redrives"
    return f"{letter.queue}  {letter.message.id}  {letter.message.name}  {died}  {tries}  {letter.error}"


def _at_broker(amqp_url: str | None, queue: str, work: Callable[[Transport], Awaitable[Value]]) -> Value:
    async def run() -> Value:
        transport = connect(amqp_url or _known_broker(queue))
        try:
            return await work(transport)
        finally:
            await transport.close()

    try:
        return asyncio.run(run())
    except Unavailable as unavailable:
        raise _refusal(f"the broker does not answer: {unavailable}") from None


def _known_broker(queue: str) -> str:
    """The way to the broker that the queue's service has in the system of this folder."""
    file = find_home() / BROKERS
    if not file.exists():
        raise _refusal("no system has run here; name its broker with --amqp-url")
    known: dict[str, str] = json.loads(file.read_text())
    service = queue.partition(".")[0]
    if service not in known:
        raise _refusal(f"{queue} is not the queue of a service")
    return known[service]


def _refusal(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(1)
