"""What is said when an account changes; keeps the contacts up to date as well."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.json import dumps
from chassis.messaging import Subscription, current_message
from events.identity import (
    ChangeDecided,
    CustomerChanged,
    InquiryConcluded,
    MobileChanged,
    SessionsEnded,
    StaffMemberChanged,
)
from iran import Mobile, PersonName
from notify.contacts import service as contacts
from notify.messages import service
from notify.messages.bell import Bell
from notify.messages.domain import Lane
from notify.messages.service import Draft
from notify.messages.tables import RECIPIENT, SEALED_PARAMS
from notify.templates.domain import STAFF_CHANGES

NEWS_FOR = timedelta(days=3)


class AccountChanges:
    """The handlers of the queue ``notify.account_changes``."""

    def __init__(
        self, event_keyring: Keyring, data_keyring: Keyring, bells: Mapping[Lane, Bell], clock: Clock
    ) -> None:
        self._event_keyring = event_keyring
        self._data_keyring = data_keyring
        self._bell = bells[Lane.TRANSACTIONAL]
        self._clock = clock

    def subscription(self) -> Subscription:
        return Subscription(
            "notify.account_changes",
            {
                CustomerChanged: self.remember,
                ChangeDecided: self.tell_decision,
                MobileChanged: self.tell_old_mobile,
                InquiryConcluded: self.tell_what_to_correct,
                SessionsEnded: self.tell_theft,
                StaffMemberChanged: self.tell_new_post,
            },
        )

    async def remember(self, session: AsyncSession, event: CustomerChanged) -> None:
        contact = self._event_keyring.open_object(event.contact, f"{event.name}.contact")
        await contacts.remember(
            session,
            self._data_keyring,
            event.customer_id,
            event.version,
            Mobile(contact["mobile"]),
            PersonName(contact["first_name"]),
        )

    async def tell_decision(self, session: AsyncSession, event: ChangeDecided) -> None:
        """A refusal is told in the words of whoever refused, which are kept sealed."""
        sealed = None
        if event.reason is not None:
            reason = self._event_keyring.open_object(event.reason, f"{event.name}.reason")
            sealed = self._data_keyring.seal(dumps({"explanation": reason["text"]}), SEALED_PARAMS)
        draft = Draft(
            template=f"change_{event.decision}",
            source_id=current_message().id,
            expires_at=self._end(),
            customer_id=event.customer_id,
            params={"field": event.field},
            sealed_params=sealed,
        )
        await self._write(session, draft)

    async def tell_old_mobile(self, session: AsyncSession, event: MobileChanged) -> None:
        """To the mobile that was, in case it is still its owner's."""
        notice = self._event_keyring.open_object(event.notice, f"{event.name}.notice")
        draft = Draft(
            template="mobile_changed",
            source_id=current_message().id,
            expires_at=self._end(),
            recipient=self._data_keyring.seal(Mobile(notice["mobile"]).encode(), RECIPIENT),
            params={"at": event.at.isoformat()},
            sealed_params=self._data_keyring.seal(dumps({"new_mobile": notice["new_mobile"]}), SEALED_PARAMS),
        )
        await self._write(session, draft)

    async def tell_what_to_correct(self, session: AsyncSession, event: InquiryConcluded) -> None:
        """What was found to be as the person says needs no words."""
        if event.result == "match":
            return
        draft = Draft(
            template="inquiry_failed",
            source_id=current_message().id,
            expires_at=self._end(),
            customer_id=event.customer_id,
            params={"inquiry": event.kind},
        )
        await self._write(session, draft)

    async def tell_theft(self, session: AsyncSession, event: SessionsEnded) -> None:
        """Other ends are the person's own doing, or said in the words of what caused them."""
        if event.reason != "token_reused":
            return
        draft = Draft(
            template="session_stolen",
            source_id=current_message().id,
            expires_at=self._end(),
            customer_id=event.customer_id,
            params={"device": event.device, "at": event.at.isoformat()},
        )
        await self._write(session, draft)

    async def tell_new_post(self, session: AsyncSession, event: StaffMemberChanged) -> None:
        """Who joins did so themselves, and of a closed account everybody hears in its words."""
        if event.change not in STAFF_CHANGES:
            return
        draft = Draft(
            template="staff_changed",
            source_id=current_message().id,
            expires_at=self._end(),
            customer_id=event.customer_id,
            params={"staff_change": event.change, "at": event.at.isoformat()},
        )
        await self._write(session, draft)

    def _end(self) -> datetime:
        return self._clock() + NEWS_FOR

    async def _write(self, session: AsyncSession, draft: Draft) -> None:
        await service.write(session, draft, self._clock())
        self._bell.ring_after_commit(session)
