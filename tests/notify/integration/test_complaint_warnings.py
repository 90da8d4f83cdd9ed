"""Whoever is on call hears of complaints that wait too long, and nobody else does."""

from datetime import timedelta
from uuid import uuid4

from chassis.crypto import Keyring
from events.sales import ComplaintWarned


def warned(notify, contact=None):
    return ComplaintWarned(
        version=2,
        complaint_id=uuid4(),
        complaint_number="140509000017",
        section="after_sales",
        day=27,
        due_at=notify.clock() + timedelta(days=3),
        contact=contact,
    )


async def test_who_is_on_call_hears_the_number_and_the_days(notify, simulator, person, settings):
    keyring = Keyring.parse(settings.event_keys)
    contact = keyring.seal_object({"mobile": person.mobile}, f"{ComplaintWarned.name}.contact")
    await notify.handle(warned(notify, contact))
    await notify.send()
    [message] = await simulator.inbox(person.mobile)
    assert "140509000017" in message["text"]
    assert "خدمات پس از فروش ۲۷ روز" in message["text"]
    assert person.mobile not in str(await notify.rows())


async def test_without_anybody_on_call_nothing_is_sent(notify):
    await notify.handle(warned(notify))
    assert await notify.rows() == []
