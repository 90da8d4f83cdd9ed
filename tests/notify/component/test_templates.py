"""The staff's templates: proposed, looked at, published, gone back to."""

from uuid import uuid4

import pytest

from events.identity import RegistrationRepeated

PATH = "/staff/message-templates"
NEW = "{first_name} جان، به نوبت خوش آمدید."


async def propose(staff, name="welcome", text=NEW, **more):
    answer = await staff("manager", "POST", f"{PATH}/{name}/versions", json={"text": text, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def publish(staff, name, version):
    return await staff("manager", "PUT", f"{PATH}/{name}/versions/{version}/publication")


async def greet(notify, simulator, person):
    await notify.handle(person.registered())
    await notify.send()
    return (await simulator.inbox(person.mobile))[0]["text"]


async def test_a_version_speaks_from_its_publication_until_one_goes_back(notify, simulator, person, staff):
    proposed = await propose(staff)
    assert not proposed["active"]
    assert proposed["preview"] == {
        "text": "محمدحسین جان، به نوبت خوش آمدید.",
        "characters": 32,
        "parts": 1,
        "units_left": 38,
    }
    await publish(staff, "welcome", proposed["version"])
    assert await greet(notify, simulator, person) == "نازنین جان، به نوبت خوش آمدید."
    assert (await publish(staff, "welcome", 1)).json()["active"]
    again = type(person)(uuid4(), "09350000123")
    assert "خوش آمدید" not in await greet(notify, simulator, again)
    found = (await staff("auditor", "GET", f"{PATH}/welcome")).json()["items"]
    assert [row["active"] for row in found if row["version"] in (1, proposed["version"])] == [False, True]


async def test_what_was_written_before_keeps_its_words(notify, simulator, person, staff):
    await notify.handle(person.registered())
    proposed = await propose(staff)
    await publish(staff, "welcome", proposed["version"])
    await notify.send()
    [told] = await simulator.inbox(person.mobile)
    assert told["text"] == "نازنین گرامی، حساب شما در نوبت فعال شد."
    await publish(staff, "welcome", 1)


async def test_a_code_goes_by_the_pattern_of_its_provider(staff):
    proposed = await propose(
        staff, "login_code", "رمز شما: {code}", patterns={"kavenegar": "nobat-2", "smsir": "123456"}
    )
    assert proposed["patterns"] == {"kavenegar": "nobat-2", "smsir": "123456"}
    kept = await propose(staff, "login_code", "رمز ورود: {code}")
    assert kept["patterns"]["kavenegar"] == "nobat-login"


async def test_a_text_against_the_rules_is_refused_with_its_reasons(staff):
    answer = await staff(
        "manager", "POST", f"{PATH}/login_code/versions", json={"text": "http://x.ir {code} {name}"}
    )
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_placeholder"]
    answer = await staff("care", "POST", f"{PATH}/login_code/preview", json={"text": "http://x.ir {code}"})
    assert [error["code"] for error in answer.json()["errors"]] == ["link_in_code"]


async def test_a_preview_counts_the_sms_that_a_persian_text_takes(staff):
    answer = (await staff("care", "POST", f"{PATH}/welcome/preview", json={"text": "ا" * 71})).json()
    assert (answer["parts"], answer["characters"], answer["units_left"]) == (2, 71, 63)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "nothing"), ("PUT", "welcome/versions/999/publication")]
)
async def test_what_is_not_there_is_not_found(staff, method, path):
    assert (await staff("manager", method, f"{PATH}/{path}")).status_code == 404


async def test_only_who_may_write_writes(staff):
    for role in ("care", "auditor", "operator", "buyer"):
        answer = await staff(role, "POST", f"{PATH}/welcome/versions", json={"text": NEW})
        assert answer.status_code == 403
    assert (await staff("operator", "GET", PATH)).status_code == 403


async def test_a_repeated_proposal_is_one_and_all_is_in_the_trail(notify, staff):
    key = {"headers": {"Idempotency-Key": f"welcome-{uuid4()}"}, "json": {"text": NEW}}
    first, second = [
        await staff("manager", "POST", f"{PATH}/welcome/versions", **dict(key)) for _ in range(2)
    ]
    version = first.json()["version"]
    assert second.json()["version"] == version
    await publish(staff, "welcome", version)
    await publish(staff, "welcome", 1)
    trail = (await staff("auditor", "GET", "/staff/audit/notify")).json()["items"]
    said = [(entry["action"], entry["details"]) for entry in trail if entry["action"] != "audit.read"]
    assert said[:3] == [
        ("notify.message_template.published", {"name": "welcome", "version": 1, "instead_of": version}),
        ("notify.message_template.published", {"name": "welcome", "version": version, "instead_of": 1}),
        ("notify.message_template.proposed", {"name": "welcome", "version": version}),
    ]


async def test_a_changed_template_is_used_by_the_next_event(notify, simulator, person, staff):
    await notify.handle(person.registered())
    proposed = await propose(staff, "registration_repeated", "کسی با نام شما آمد.")
    await publish(staff, "registration_repeated", proposed["version"])
    await notify.handle(RegistrationRepeated(version=1, customer_id=person.customer_id, attempt_id=uuid4()))
    await notify.send()
    texts = [item["text"] for item in await simulator.inbox(person.mobile)]
    assert "کسی با نام شما آمد." in texts
    await publish(staff, "registration_repeated", 1)
