"""What a member of staff does to rows of one kind: the change, its line in the audit trail and the answer
are one transaction.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import audit
from chassis.auth import Principal
from chassis.client_address import ClientNetwork
from chassis.database import Database
from chassis.idempotency import once
from chassis.permissions import permitted
from chassis.service import Db
from sales.context import Context, Ctx

Row = TypeVar("Row")
View = TypeVar("View", bound=BaseModel)
Deed = TypeVar("Deed", bound=str)


class Deeds(ABC, Generic[Row, View, Deed]):
    """``kind`` is the noun of the audit trail: ``article`` makes ``sales.article.published``.

    A subclass says what the trail tells of a row, and how the row is shown.
    """

    kind: str
    view: type[View]

    def __init__(
        self,
        db: Database,
        context: Context,
        member: Principal,
        client: str,
        committed: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``committed`` follows once a change is there for all."""
        self.db = db
        self.context = context
        self.member = member
        self.client = client
        self._committed = committed

    @classmethod
    def of(cls, permission: str) -> Callable[..., Awaitable[Self]]:
        """The dependency of a route: its caller at work, who has the permission."""

        async def at_work(
            member: Annotated[Principal, Depends(permitted(permission))],
            db: Db,
            context: Ctx,
            client: ClientNetwork,
        ) -> Self:
            return cls(db, context, member, client)

        return at_work

    @abstractmethod
    def details(self, row: Row) -> Mapping[str, Any]:
        """What the trail tells of the row: ids and versions."""

    def subject(self, row: Row) -> UUID | None:
        """The customer whom the row concerns, where it concerns one."""
        return None

    @abstractmethod
    async def show(self, session: AsyncSession, row: Row) -> View:
        """The answer of the route."""

    async def __call__(self, deed: Deed, change: Callable[[AsyncSession], Awaitable[Row]]) -> View:
        async with self.db.transaction() as session:
            view = await self._do(session, deed, change)
        await self._follow()
        return view

    async def create(
        self,
        deed: Deed,
        form: BaseModel,
        key: str | None,
        change: Callable[[AsyncSession], Awaitable[Row]],
        *,
        of: object = "",
    ) -> View:
        """Once for all requests with one ``Idempotency-Key``; ``of`` is what it is made from or added to."""
        scope = f"{self.member.subject} {deed} {self.kind} {of}".rstrip()
        async with self.db.transaction() as session:
            view = await once(session, key, scope, form, self.view, lambda: self._do(session, deed, change))
        await self._follow()
        return view

    async def _follow(self) -> None:
        if self._committed is not None:
            await self._committed()

    async def _do(
        self, session: AsyncSession, deed: Deed, change: Callable[[AsyncSession], Awaitable[Row]]
    ) -> View:
        row = await change(session)
        entry = audit.Entry(
            action=f"sales.{self.kind}.{deed}",
            actor=self.member.subject,
            subject=self.subject(row),
            roles=self.member.roles,
            client=self.client,
            details=dict(self.details(row)),
        )
        await audit.record(session, entry, at=self.context.clock())
        return await self.show(session, row)
