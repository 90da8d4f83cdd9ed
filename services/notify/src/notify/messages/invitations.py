"""What somebody hears who is invited to the staff: where to accept, and apart from it the code."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.logging import get_logger
from chassis.messaging import Subscription, current_message
from events.identity import StaffInvited
from iran import Mobile
from notify.messages import service
from notify.messages.bell import Bell
from notify.messages.domain import Lane
from notify.messages.service import Draft
from notify.messages.tables import CODE, RECIPIENT

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
        return Subscription("notify.staff", {StaffInvited: self.invite})

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

    def _link(self, invitation_id: UUID) -> str:
        return f"{self._public_url}/staff-invitations/{invitation_id}"
