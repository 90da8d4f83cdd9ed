"""Changing the key of a keyring while everything runs, in steps that can each be repeated.

The new key first becomes one that every process can open with, then the one they seal with; each service
seals what it has (or makes its blind indexes) again in the background; then the old key is given up, if
nothing is under it.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import text

from chassis.keys.columns import count_by_generation, count_by_key
from chassis.keys.holders import Holder
from chassis.keys.messages import keys_in
from chassis.keys.text import decode_key, key_number, new_key
from nobat.keyrings import KeyPlaces, Ring
from nobat.refusal import Refusal

EVERY_SECONDS = 0.5
_OUTBOX = text("SELECT message FROM outbox")
_PROGRESS = text(
    "SELECT table_name, sealing, rewritten, unreadable, finished_at FROM reencryptions ORDER BY table_name"
)
_WALK_AGAIN = text(
    "UPDATE reencryptions SET finished_at = NULL, after = NULL, found = 0, unreadable = 0"
    " WHERE finished_at IS NOT NULL"
)

Keys = Mapping[str, bytes]


class NotYet(Refusal):
    """The step cannot be taken now; the command may be given again."""


def newest(keys: Keys) -> str:
    return max(keys, key=key_number)


def sealing(keys: Keys) -> str:
    return next(iter(keys))


def with_next(keys: Keys) -> Keys:
    """With a new key that only opens; the same keys when there is one already that never sealed."""
    if newest(keys) != sealing(keys):
        return keys
    if len(keys) > 1:
        raise NotYet(f"{', '.join([*keys][1:])} is still being replaced; first: nobat keys retire")
    return {**keys, f"k{key_number(sealing(keys)) + 1}": decode_key(new_key())}


def sealing_with(keys: Keys, name: str) -> Keys:
    return {name: keys[name], **keys}


async def rotate(places: KeyPlaces, ring: Ring, *, patience: float) -> str:
    """The name of the key that every living process seals with now; raises ``NotYet``.

    Waits at most ``patience`` seconds for each step.
    """
    file = places.file(ring)
    keys = with_next(file.read())
    new = newest(keys)
    file.write(keys)
    await _until(places, ring, lambda holder: new in holder.opening, f"open with {new}", patience)
    file.write(sealing_with(keys, new))
    await _until(places, ring, lambda holder: holder.sealing == new, f"seal with {new}", patience)
    return new


async def _until(
    places: KeyPlaces, ring: Ring, has: Callable[[Holder], bool], what: str, patience: float
) -> None:
    deadline = time.monotonic() + patience
    while missing := [holder for holder in await places.holders(ring) if not has(holder)]:
        if time.monotonic() > deadline:
            raise NotYet(f"{ring.name}: {len(missing)} processes do not {what} yet; give the command again")
        await asyncio.sleep(EVERY_SECONDS)


async def retire(places: KeyPlaces, ring: Ring, dead: Sequence[bytes], *, settle: float) -> Sequence[str]:
    """The names of the keys given up; raises ``NotYet`` while anything may be under one of them.

    ``dead`` are the bodies of the dead letters.
    """
    file = places.file(ring)
    keys = file.read()
    now, old = sealing(keys), [*keys][1:]
    if newest(keys) != now:
        raise NotYet(f"{ring.name}: {newest(keys)} does not seal yet; first: nobat keys rotate")
    for holder in await places.holders(ring) if old else ():
        if holder.sealing != now or holder.settled < settle:
            raise NotYet(f"{ring.name}: not every process has sealed with {now} for {settle:.0f} seconds")
    counts = await under(places, ring, keys, dead)
    if left := {name: counts[name] for name in old if counts[name]}:
        await _walk_again(places, ring)
        told = ", ".join(f"{count:,} under {name}" for name, count in left.items())
        raise NotYet(f"{ring.name}: {told} still")
    file.write({now: keys[now]})
    return old


async def under(places: KeyPlaces, ring: Ring, keys: Keys, dead: Sequence[bytes] = ()) -> Counter[str]:
    """How many values of the tables, or messages that nobody has handled, are under each key."""
    counts: Counter[str] = Counter()
    for service in ring.services:
        async with places.database(service) as session:
            for table in ring.tables:
                counts.update(await count_by_key(session, table))
            for indexed in ring.indexed.get(service, ()):
                counts.update(_named(await count_by_generation(session, indexed), keys))
            if ring.in_messages:
                messages = (await session.scalars(_OUTBOX)).all()
                counts.update(name for message in messages for name in keys_in(message, keys))
    counts.update(name for message in dead for name in keys_in(message, keys))
    return counts


def _named(counted: Mapping[int, int], keys: Keys) -> dict[str, int]:
    names = {key_number(name): name for name in keys}
    return {names.get(number, f"k{number}"): count for number, count in counted.items()}


async def _walk_again(places: KeyPlaces, ring: Ring) -> None:
    """Makes the services look once more through the tables that they take for finished."""
    for service in ring.services if ring.tables else ():
        async with places.database(service) as session:
            await session.execute(_WALK_AGAIN)


async def progress(places: KeyPlaces, ring: Ring) -> Sequence[str]:
    """A line for each table: how far sealing again has come."""
    lines = []
    for service in ring.services if ring.tables else ():
        async with places.database(service) as session:
            for row in await session.execute(_PROGRESS):
                state = "finished" if row.finished_at else "under way"
                lines.append(
                    f"{row.table_name}: {row.rewritten:,} rows sealed again with {row.sealing},"
                    f" {row.unreadable:,} values unreadable, {state}"
                )
    return lines


async def describe(places: KeyPlaces, ring: Ring) -> Sequence[str]:
    """The keyring as an operator wants to see it; reads the tables to count."""
    keys = places.file(ring).read()
    holders = await places.holders(ring)
    counts = await under(places, ring, keys)
    abreast = sum(holder.sealing == sealing(keys) for holder in holders)
    return [
        f"{ring.name}: {sealing(keys)} seals, of {', '.join(keys)}",
        f"  {abreast} of {len(holders)} processes seal with it",
        *(f"  {count:,} values under {name or 'no key'}" for name, count in sorted(counts.items())),
        *(f"  {line}" for line in await progress(places, ring)),
    ]
