"""What a person hears of changes of their account, and where."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.crypto import Keyring
from events.identity import (
    ChangeDecided,
    CustomerChanged,
    InquiryConcluded,
    MobileChanged,
    PasswordChanged,
    SessionsEnded,
    StaffMemberChanged,
)
from iran import jalali_moment

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
NEW_MOBILE = "09350000002"
REASON = "نام پدر با شناسنامه‌ی پیوست نمی‌خواند"


@pytest.fixture
def sealed(settings):
    return Keyring.parse(settings.event_keys).seal_object


def decided(sealed, customer_id, decision, reason=None):
    place = f"{ChangeDecided.name}.reason"
    return ChangeDecided(
        version=1,
        change_id=uuid4(),
        customer_id=customer_id,
        field="father_name",
        decision=decision,
        reason=sealed({"text": reason}, place) if reason else None,
    )


def changed(sealed, person, version, mobile=NEW_MOBILE):
    registered = person.registered(version=version)
    contact = {"mobile": mobile, "first_name": "نازنین", "last_name": "کریمی"}
    known = registered.model_dump(exclude={"contact"})
    return CustomerChanged(
        **known, contact=sealed(contact, f"{CustomerChanged.name}.contact"), changed=["mobile"]
    )


@pytest.fixture
async def known(notify, person):
    await notify.handle(person.registered())
    await notify.send()
    return person


async def newest(simulator, mobile):
    return (await simulator.inbox(mobile))[0]["text"]


async def test_a_decision_is_told_once_with_the_field_and_the_reason(notify, simulator, known, sealed):
    for decision, reason, words in [
        ("approved", None, ["نام پدر", "پذیرفته شد"]),
        ("refused", REASON, ["نام پدر", "پذیرفته نشد", REASON]),
    ]:
        event = decided(sealed, known.customer_id, decision, reason)
        envelope = await notify.handle(event)
        await notify.handle(event, envelope)
        await notify.send()
        told = await newest(simulator, known.mobile)
        assert all(word in told for word in words)
    assert len(await simulator.inbox(known.mobile)) == 3


async def test_the_reason_of_a_refusal_is_not_kept_in_plain(notify, api, known, sealed):
    await notify.handle(decided(sealed, known.customer_id, "refused", REASON))
    await notify.send()
    async with notify.database.transaction() as session:
        kept = await session.scalars(text("SELECT m::text FROM messages AS m"))
        assert not [row for row in kept if REASON in row]
    told = await api.get("/messages", headers=notify.keys.authorization(known.customer_id))
    assert REASON in told.json()["items"][0]["text"]


async def test_the_old_mobile_hears_of_the_new_one_and_everything_else_goes_to_that(
    notify, simulator, known, sealed
):
    notice = sealed({"mobile": known.mobile, "new_mobile": "0935*****02"}, f"{MobileChanged.name}.notice")
    await notify.handle(changed(sealed, known, version=2))
    await notify.handle(MobileChanged(version=2, customer_id=known.customer_id, notice=notice, at=AT))
    await notify.handle(PasswordChanged(version=2, customer_id=known.customer_id, by="code", at=AT))
    await notify.send()
    assert "0935*****02" in await newest(simulator, known.mobile)
    password_text = await newest(simulator, NEW_MOBILE)
    assert all(word in password_text for word in ["گذرواژه", jalali_moment(AT)])


async def test_an_older_change_that_comes_later_changes_nothing(notify, simulator, known, sealed):
    mobiles = ["09350000003", "09350000004"]
    await notify.handle(changed(sealed, known, 3, mobiles[0]))
    await notify.handle(changed(sealed, known, 2, mobiles[1]))
    await notify.handle(PasswordChanged(version=3, customer_id=known.customer_id, by="code", at=AT))
    await notify.send()
    assert len(await simulator.inbox(mobiles[0])) == 1
    assert await simulator.inbox(mobiles[1]) == []


def concluded(customer_id, kind, result):
    return InquiryConcluded(
        version=1,
        inquiry_id=uuid4(),
        customer_id=customer_id,
        kind=kind,
        result=result,
        reason=None,
        asked_at=AT,
    )


async def test_a_person_hears_what_to_correct_and_nothing_of_what_is_right(notify, simulator, known):
    for kind, result in [("iban_owner", "match"), ("iban_owner", "no_match")]:
        await notify.handle(concluded(known.customer_id, kind, result))
        await notify.send()
    told = [message["text"] for message in await simulator.inbox(known.mobile)]
    assert [("شبا" in words) for words in told] == [True, False]


def ended(customer_id, reason):
    return SessionsEnded(
        version=1,
        customer_id=customer_id,
        sessions=[uuid4()],
        scope="one",
        reason=reason,
        device="Firefox 121, Linux",
        at=AT,
    )


async def test_a_person_hears_of_a_stolen_session_and_of_no_other_end(notify, simulator, known):
    for reason in ("logged_out", "ended_by_owner", "password_changed", "token_reused"):
        await notify.handle(ended(known.customer_id, reason))
    await notify.send()
    told = [message["text"] for message in await simulator.inbox(known.mobile)]
    assert len(told) == 2
    assert all(word in told[0] for word in ("Firefox 121, Linux", jalali_moment(AT), "گذرواژه"))


async def test_a_colleague_hears_of_another_post_and_not_twice_of_a_closed_account(notify, simulator, known):
    for change in ("appointed", "disabled", "enabled", "roles_changed", "dealership_changed", "removed"):
        event = StaffMemberChanged(
            version=1,
            customer_id=known.customer_id,
            roles=["care"],
            dealership_id=None,
            disabled=False,
            change=change,
            at=AT,
        )
        await notify.handle(event)
        await notify.send()
    told = [message["text"] for message in await simulator.inbox(known.mobile)]
    assert len(told) == 4
    for words, text_ in zip(("نقش‌های شما", "نمایندگی شما", "دسترسی شما"), told[2::-1], strict=True):
        assert words in text_
