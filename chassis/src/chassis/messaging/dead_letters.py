"""Operations on messages that were given up, the same for every transport.

A redriven message goes to the queue it died in and nowhere else, keeps its id, so that the inbox still
knows it, and starts with a first attempt.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.messaging.transport import DeadLetter, Transport

MAX_REDRIVES = 3
LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Redrive:
    """What a redrive does, or in a dry run would do; ``refused`` came back too often."""

    moved: Sequence[UUID]
    refused: Sequence[UUID]


async def list(transport: Transport, queues: Collection[str], limit: int = LIMIT) -> Sequence[DeadLetter]:  # noqa: A001 - read as dead_letters.list
    """The oldest dead letters of ``queues``, at most ``limit`` of each."""
    return [letter for queue in queues for letter in await transport.dead_letters(queue, limit)]


async def show(transport: Transport, queue: str, message_id: UUID) -> DeadLetter:
    """Raises LookupError when ``queue`` has no such dead letter."""
    for letter in await transport.dead_letters(queue, LIMIT):
        if letter.message.id == message_id:
            return letter
    raise LookupError(f"{queue} has no dead letter {message_id}")


async def redrive(
    transport: Transport,
    queue: str,
    ids: Collection[UUID] | None = None,
    *,
    dry_run: bool = True,
    max_redrives: int = MAX_REDRIVES,
) -> Redrive:
    """Sends the dead letters of ``queue``, or those in ``ids``, to be handled again.

    One that died ``max_redrives`` times after a redrive is refused. If the process is killed in the
    middle, messages may be in both places, which the inbox makes harmless; none is in neither.
    """
    letters = await transport.dead_letters(queue, LIMIT)
    chosen = [letter for letter in letters if ids is None or letter.message.id in ids]
    allowed = {letter.message.id: letter.redrives + 1 for letter in chosen if letter.redrives < max_redrives}
    refused = [letter.message.id for letter in chosen if letter.message.id not in allowed]
    moved = [*allowed] if dry_run or not allowed else await transport.redrive(queue, allowed)
    return Redrive(moved, refused)
