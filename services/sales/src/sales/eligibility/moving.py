"""What lists say about people stays known when the key of the blind index changes."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

_FORGET_TWINS = text(
    """
    DELETE FROM facts AS old USING facts AS new
    WHERE old.subject = ANY(:former) AND new.subject = :present
        AND new.name = old.name AND new.item = old.item
    """
).bindparams(bindparam("former", type_=ARRAY(Text)))
_MOVE = text(
    "UPDATE facts SET subject = :present, index_generation = :generation WHERE subject = ANY(:former)"
).bindparams(bindparam("former", type_=ARRAY(Text)))


async def move_facts(session: AsyncSession, former: Sequence[str], present: str, generation: int) -> None:
    """Facts under one of the ``former`` indexes of a person are now under the ``present`` one.

    Where a list was brought in again meanwhile, what it said under the present index counts.
    """
    if not former:
        return
    named = {"former": list(former), "present": present}
    await session.execute(_FORGET_TWINS, named)
    await session.execute(_MOVE, {**named, "generation": generation})
