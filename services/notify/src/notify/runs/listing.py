"""The people of a file: each row becomes a message that waits until its run is started."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.crypto import Keyring
from chassis.errors import Sentence
from chassis.imports import BadRow, Batch, ImportKind, Line
from chassis.json import dumps
from iran import Mobile, PersonName
from notify.contacts import opt_outs
from notify.messages import service as messages
from notify.messages.service import Draft
from notify.messages.tables import RECIPIENT, SEALED_PARAMS
from notify.runs.domain import RunState
from notify.runs.recipients import mark_of, salt_of
from notify.runs.tables import MessageRun
from notify.templates.rules import placeholders
from notify.templates.tables import Template

KIND = "message_recipients"
HELD_FOR = timedelta(days=30)
"""A run that is not started for so long has nobody to tell any more."""

MISSING = Sentence(
    "متن این خانه را می‌خواهد و سطر آن را ندارد.", "The text needs this field, the row lacks it."
)
REPEATED = Sentence("این شماره در پرونده تکراری است.", "This number is in the file already.")
OPTED_OUT = Sentence("این شخص پیامک انبوه نمی‌خواهد.", "This person wants no texts in bulk.")


class Recipient(BaseModel):
    """A row of the file; the fields besides the mobile are what the text may say."""

    model_config = ConfigDict(extra="forbid")

    mobile: Annotated[Mobile, Field(title="شماره همراه")]
    first_name: Annotated[PersonName | None, Field(title="نام")] = None
    number: Annotated[str | None, Field(title="شماره", max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")] = None

    @property
    def words(self) -> dict[str, str]:
        return self.model_dump(mode="json", exclude={"mobile"}, exclude_none=True)


class Listing:
    """Takes files of recipients in. The marks of those who opted out are made once for a run, not a row."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._known: tuple[object, frozenset[UUID]] | None = None

    def kind(self) -> ImportKind[Recipient]:
        return ImportKind(KIND, Recipient, self.take_in)

    async def take_in(self, session: AsyncSession, batch: Batch[Recipient]) -> Iterable[BadRow]:
        """Rows of a run that is cancelled meanwhile are passed over."""
        run = await session.get_one(MessageRun, batch.import_id, with_for_update={"read": True})
        if run.state is not RunState.READING:
            return []
        template = await session.get_one(Template, (run.template, run.template_version))
        salt, bad = salt_of(run, self._keyring), list[BadRow]()
        good: dict[UUID, Line[Recipient]] = {}
        out = await self._opted_out(session, run, salt)
        needed = frozenset(placeholders(template.text))
        for line in batch.lines:
            mark = mark_of(salt, line.row.mobile)
            if faults := list(_faults(line, needed, opted_out=mark in out, repeated=mark in good)):
                bad += faults
            else:
                good[mark] = line
        drafts = [self._draft(mark, line.row, batch) for mark, line in good.items()]
        new = await messages.hold(session, run.id, template, drafts, batch.now)
        bad += [_bad(line, "mobile", "repeated", REPEATED) for mark, line in good.items() if mark not in new]
        return bad

    def _draft(self, mark: UUID, row: Recipient, batch: Batch[Any]) -> Draft:
        return Draft(
            template="",
            source_id=mark,
            expires_at=batch.now + HELD_FOR,
            recipient=self._keyring.seal(row.mobile.encode(), RECIPIENT),
            sealed_params=self._keyring.seal(dumps(row.words), SEALED_PARAMS) if row.words else None,
        )

    async def _opted_out(self, session: AsyncSession, run: MessageRun, salt: bytes) -> frozenset[UUID]:
        moment = (run.id, *await opt_outs.state(session))
        if self._known is None or self._known[0] != moment:
            mobiles = opt_outs.opened(self._keyring, await opt_outs.mobiles(session))
            self._known = moment, frozenset(mark_of(salt, mobile) for mobile in mobiles)
        return self._known[1]


def _faults(
    line: Line[Recipient], needed: frozenset[str], *, opted_out: bool, repeated: bool
) -> Iterator[BadRow]:
    for name in sorted(needed - line.row.words.keys()):
        yield _bad(line, name, "missing", MISSING)
    if opted_out:
        yield _bad(line, "mobile", "opted_out", OPTED_OUT)
    elif repeated:
        yield _bad(line, "mobile", "repeated", REPEATED)


def _bad(line: Line[Any], field: str, code: str, reason: Sentence) -> BadRow:
    return BadRow(line.number, field, code, reason)
