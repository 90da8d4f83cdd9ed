"""One effect and one answer for every request that carries the same ``Idempotency-Key``.

Source: the IETF draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Problem

KEEP_HOURS = 48

IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=8, max_length=255, pattern=r"^[\x21-\x7e]+$"),
]
Answer = TypeVar("Answer", bound=BaseModel)


class IdempotencyKeyReused(Problem):
    status = 422
    code = "idempotency_key_reused"
    fa = "این کلید پیش‌تر با درخواست دیگری به کار رفته است."
    en = "This Idempotency-Key was used before with another request."


class Nothing(BaseModel):
    """A request that says nothing beyond its path."""


def fingerprint(request: BaseModel) -> bytes:
    """32 bytes that differ when the meaning of the request differs."""
    return hashlib.sha256(request.model_dump_json().encode()).digest()


async def once(
    session: AsyncSession,
    key: str | None,
    scope: str,
    request: BaseModel,
    model: type[Answer],
    action: Callable[[], Awaitable[Answer]],
) -> Answer:
    """The answer of ``action``, run once for all requests of one ``scope`` and ``key``.

    The key is written in the caller's transaction: a twin in flight waits for it, an action that
    raises leaves no key behind. ``scope`` names the caller and the operation.
    """
    if key is None:
        return await action()
    mark = {"scope": scope, "key": key, "fingerprint": fingerprint(request)}
    if not await _claim(session, mark):
        return await _replay(session, mark, model)
    answer = await action()
    await session.execute(
        text("UPDATE idempotency_keys SET answer = :answer WHERE scope = :scope AND key = :key"),
        {"scope": scope, "key": key, "answer": answer.model_dump_json()},
    )
    return answer


async def _claim(session: AsyncSession, mark: Mapping[str, object]) -> bool:
    result = await session.execute(
        text(
            "INSERT INTO idempotency_keys (scope, key, fingerprint) VALUES (:scope, :key, :fingerprint)"
            " ON CONFLICT DO NOTHING RETURNING 1"
        ),
        mark,
    )
    return result.first() is not None


async def _replay(session: AsyncSession, mark: Mapping[str, object], model: type[Answer]) -> Answer:
    row = (
        await session.execute(
            text("SELECT fingerprint, answer FROM idempotency_keys WHERE scope = :scope AND key = :key"), mark
        )
    ).one()
    if bytes(row.fingerprint) != mark["fingerprint"]:
        raise IdempotencyKeyReused
    return model.model_validate_json(row.answer)


async def forget(session: AsyncSession) -> None:
    """Drops the keys that are older than ``KEEP_HOURS``."""
    await session.execute(
        text("DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(hours => :hours)"),
        {"hours": KEEP_HOURS},
    )
