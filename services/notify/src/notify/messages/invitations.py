"""What members of the staff hear: where to accept an invitation and, apart from it, the code; on call, of
complaints that wait too long.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.logging import get_logger
from chassis.messaging import Subscription, current_message
from events.identity import StaffInvited
from events.sales import ComplaintWarned
from iran import Mobile
from notify.messages import service
from notify.messages.bell import Bell
from notify.messages.domain import Lane
from notify.messages.service import Draft
from notify.messages.tables import CODE, RECIPIENT
from notify.templates.domain import FIELDS

WARNED_FOR = timedelta(days=1)
"""Tomorrow the desk's queue has said it."""
log = get_logger(__name__)


class Inviter:
    """``public_url`` is where people reach the frontend."""

    def __init__(
        self,
        event_keyring: Keyring,
        data_keyring: Keyring,
        bells: Mapping[Lane, Bell],
        clock: Clock,
        public_url: str,
    ) -> None:
        self._event_keyring = event_keyring
        self._data_keyring = data_keyring
        self._bells = bells
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    def subscription(self) -> Subscription:
        return Subscription("notify.staff", {StaffInvited: self.invite, ComplaintWarned: self.warn})

    async def invite(self, session: AsyncSession, event: StaffInvited) -> None:
        """Two messages, so that the link which somebody passes on does not hold the code."""
        if event.expires_at <= self._clock():
            log.info("notify.invitation.expired", invitation_id=str(event.invitation_id))
            return
        delivery = self._event_keyring.open_object(event.delivery, f"{event.name}.delivery")
        recipient = self._data_keyring.seal(Mobile(delivery["mobile"]).encode(), RECIPIENT)
        code = self._data_keyring.seal(str(delivery["code"]).encode(), CODE)
        source = current_message().id
        text = Draft(
            template="staff_invitation",
            source_id=source,
            expires_at=event.expires_at,
            recipient=recipient,
            params={"link": self._link(event.invitation_id), "expires_at": event.expires_at.isoformat()},
        )
        secret = Draft(
            template="staff_invitation_code",
            source_id=source,
            expires_at=event.expires_at,
            recipient=recipient,
            code=code,
        )
        for lane, draft in ((Lane.TRANSACTIONAL, text), (Lane.CODE, secret)):
            await service.write(session, draft, self._clock())
            self._bells[lane].ring_after_commit(session)

    async def warn(self, session: AsyncSession, event: ComplaintWarned) -> None:
        """Whoever is on call; nobody where no mobile is set."""
        if event.contact is None:
            return
        contact = self._event_keyring.open_object(event.contact, f"{event.name}.contact")
        draft = Draft(
            template="complaint_warned",
            source_id=current_message().id,
            expires_at=self._clock() + WARNED_FOR,
            recipient=self._data_keyring.seal(Mobile(contact["mobile"]).encode(), RECIPIENT),
            params=event.model_dump(mode="json", include=set(FIELDS["complaint_warned"])),
        )
        await service.write(session, draft, self._clock())
        self._bells[Lane.TRANSACTIONAL].ring_after_commit(session)

    def _link(self, invitation_id: UUID) -> str:
        return f"{self._public_url}/staff-invitations/{invitation_id}"
