"""What is said when others' events arrive. Handlers only write messages down; the senders send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.logging import get_logger
from chassis.messaging import Handler, Subscription, current_message
from events.event import Event
from events.identity import (
    AuthenticatorChanged,
    CodeIssued,
    CodePurpose,
    CustomerDisabled,
    CustomerEnabled,
    CustomerRegistered,
    DeviceAdded,
    PasswordChanged,
    RegistrationRepeated,
)
from events.payment import (
    BillDue,
    BillIssued,
    BillOverdue,
    BillPaid,
    BillPartPaid,
    PaymentReturned,
    RefundPaid,
)
from events.sales import (
    CarAllocated,
    CarDelivered,
    CarInvoiced,
    CarPlated,
    CarReady,
    CarSentToDealer,
    ComplaintAnswered,
    ComplaintEscalated,
    ComplaintFiled,
    ComplaintResolved,
    ContractActivated,
    DelayPenaltyCredited,
    InvitationExpired,
    InvitationIssued,
    InvitationPostponed,
    OrderCancelled,
    OrderLapsed,
    OrderPlaced,
    OrderSettled,
    OrderTransferred,
    OrderVoided,
    TransferDecided,
    TransferProposed,
)
from iran import Mobile, PersonName
from notify.contacts import service as contacts
from notify.messages import service
from notify.messages.bell import Bell
from notify.messages.domain import Lane
from notify.messages.service import Draft
from notify.messages.tables import CODE, RECIPIENT
from notify.templates.domain import FIELDS, UNMET_RULES

log = get_logger(__name__)

NEWS_FOR = timedelta(days=3)
"""What could not be sent for this long is not news any more."""


@dataclass(frozen=True)
class Milestone:
    """The template that tells of an event; ``until`` names the event's field after which it is pointless."""

    template: str
    until: str | None = None


MILESTONES: Mapping[type[Event], Milestone] = {
    RegistrationRepeated: Milestone("registration_repeated"),
    DeviceAdded: Milestone("device_added"),
    PasswordChanged: Milestone("password_changed"),
    AuthenticatorChanged: Milestone("authenticator_changed"),
    CustomerDisabled: Milestone("account_disabled"),
    CustomerEnabled: Milestone("account_enabled"),
    OrderPlaced: Milestone("order_placed", until="pay_before"),
    BillIssued: Milestone("bill_issued", until="due_at"),
    BillPaid: Milestone("bill_paid"),
    BillPartPaid: Milestone("bill_part_paid"),
    BillDue: Milestone("bill_due", until="due_at"),
    BillOverdue: Milestone("bill_overdue"),
    ContractActivated: Milestone("contract_activated"),
    OrderSettled: Milestone("order_settled"),
    OrderLapsed: Milestone("order_lapsed"),
    PaymentReturned: Milestone("payment_returned"),
    InvitationIssued: Milestone("invitation_issued", until="due_at"),
    InvitationPostponed: Milestone("invitation_postponed", until="due_at"),
    InvitationExpired: Milestone("invitation_expired"),
    OrderCancelled: Milestone("order_cancelled"),
    OrderVoided: Milestone("order_voided"),
    RefundPaid: Milestone("refund_paid"),
    TransferProposed: Milestone("transfer_proposed", until="expires_at"),
    TransferDecided: Milestone("transfer_decided"),
    OrderTransferred: Milestone("order_transferred"),
    ComplaintFiled: Milestone("complaint_filed"),
    ComplaintAnswered: Milestone("complaint_answered"),
    ComplaintEscalated: Milestone("complaint_escalated"),
    ComplaintResolved: Milestone("complaint_resolved"),
    CarAllocated: Milestone("car_allocated"),
    CarInvoiced: Milestone("car_invoiced"),
    CarPlated: Milestone("car_plated"),
    CarSentToDealer: Milestone("car_sent_to_dealer"),
    CarReady: Milestone("car_ready"),
    CarDelivered: Milestone("car_delivered"),
    DelayPenaltyCredited: Milestone("delay_penalty_credited"),
}
WELCOME, NOT_ELIGIBLE = Milestone("welcome"), Milestone("order_not_eligible")

CODE_TEMPLATES: Mapping[CodePurpose, str] = {
    "registration": "registration_code",
    "login": "login_code",
    "second_factor": "second_factor_code",
    "password_reset": "password_reset_code",
    "mobile_change": "mobile_change_code",
}


class Announcer:
    """The handlers of notify's queues, with what they need."""

    def __init__(
        self, event_keyring: Keyring, data_keyring: Keyring, bells: Mapping[Lane, Bell], clock: Clock
    ) -> None:
        self._event_keyring = event_keyring
        self._data_keyring = data_keyring
        self._bells = bells
        self._clock = clock

    def codes(self) -> Subscription:
        return Subscription("notify.code", {CodeIssued: self.send_code})

    def milestones(self) -> Subscription:
        told: dict[type[Event], Handler] = dict.fromkeys(MILESTONES, self.tell)
        told |= {CustomerRegistered: self.welcome, OrderVoided: self.tell_voided}
        return Subscription("notify.transactional", told)

    async def send_code(self, session: AsyncSession, event: CodeIssued) -> None:
        """A code that came too late is not even written down."""
        if event.expires_at <= self._clock():
            log.info("notify.code.expired", challenge_id=str(event.challenge_id))
            return
        delivery = self._event_keyring.open_object(event.delivery, f"{event.name}.delivery")
        draft = Draft(
            template=CODE_TEMPLATES[event.purpose],
            source_id=current_message().id,
            expires_at=event.expires_at,
            recipient=self._data_keyring.seal(Mobile(delivery["mobile"]).encode(), RECIPIENT),
            code=self._data_keyring.seal(str(delivery["code"]).encode(), CODE),
        )
        await self._write(session, Lane.CODE, draft)

    async def welcome(self, session: AsyncSession, event: CustomerRegistered) -> None:
        contact = self._event_keyring.open_object(event.contact, f"{event.name}.contact")
        new = await contacts.remember(
            session,
            self._data_keyring,
            event.customer_id,
            event.version,
            Mobile(contact["mobile"]),
            PersonName(contact["first_name"]),
        )
        if new:
            await self._tell(session, event, WELCOME)

    async def tell(self, session: AsyncSession, event: Event) -> None:
        await self._tell(session, event, MILESTONES[type(event)])

    async def tell_voided(self, session: AsyncSession, event: OrderVoided) -> None:
        """With the reason, where there are words for the rule."""
        named = event.rule in UNMET_RULES
        await self._tell(session, event, NOT_ELIGIBLE if named else MILESTONES[OrderVoided])

    async def _tell(self, session: AsyncSession, event: Event, milestone: Milestone) -> None:
        known: dict[str, Any] = dict(event)
        draft = Draft(
            template=milestone.template,
            source_id=current_message().id,
            expires_at=self._end(known, milestone),
            customer_id=known["customer_id"],
            order_id=known.get("order_id"),
            params=event.model_dump(mode="json", include=set(FIELDS[milestone.template])),
        )
        await self._write(session, Lane.TRANSACTIONAL, draft)

    def _end(self, known: Mapping[str, Any], milestone: Milestone) -> datetime:
        end = self._clock() + NEWS_FOR
        return min(end, known[milestone.until]) if milestone.until else end

    async def _write(self, session: AsyncSession, lane: Lane, draft: Draft) -> None:
        await service.write(session, draft, self._clock())
        self._bells[lane].ring_after_commit(session)
