"""Who is invited to the staff gets a link and, in a message of its own, the code."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.crypto import Keyring
from events.identity import StaffInvited


@pytest.fixture
def invited(notify, person, settings):
    def to_join(lifetime=timedelta(hours=72)):
        delivery = {"mobile": person.mobile, "first_name": "نازنین", "code": "48291347"}
        return StaffInvited(
            version=1,
            invitation_id=uuid4(),
            expires_at=notify.clock() + lifetime,
            delivery=Keyring.parse(settings.event_keys).seal_object(
                delivery, f"{StaffInvited.name}.delivery"
            ),
        )

    return to_join


async def test_the_link_and_the_code_come_apart_and_once(notify, simulator, person, invited):
    event = invited()
    envelope = await notify.handle(event)
    await notify.handle(event, envelope)
    await notify.send()
    code, link = sorted(await simulator.inbox(person.mobile), key=lambda item: item.get("code") is None)
    assert (code["text"], code["code"]) == ("کد دعوت شما به کارکنان نوبت: 48291347", "48291347")
    assert f"/staff-invitations/{event.invitation_id}" in link["text"]
    assert "48291347" not in link["text"]


async def test_an_invitation_that_is_over_is_not_announced(notify, invited):
    await notify.handle(invited(timedelta(0)))
    assert await notify.rows() == []


async def test_what_is_kept_of_an_invitation_names_nobody(notify, person, invited):
    await notify.handle(invited())
    await notify.send()
    kept = str(await notify.rows())
    assert person.mobile not in kept
    assert "48291347" not in kept
