"""Every provider under every outcome: one suite, at the simulators over real HTTP."""

from dataclasses import replace
from uuid import uuid4

import pytest

from iran import samples
from nobat.servers.ports import LOOPBACK, free_port
from notify.providers.capabilities import CreditUnit, Form
from notify.providers.port import Delivery, Letter, Secret, StatusUnavailable, Verdict

TEXT, CODE = "سلام از نوبت", "482913"
PATTERNS = {"kavenegar": "nobat-code", "ghasedak": "nobat-code", "ippanel": "nobat-code"}
NUMBERED = "100001"
UNKNOWN_PATTERNS = {"kavenegar": "none", "ghasedak": "none", "ippanel": "none"}
HASTY = 1.0
"""Seconds after which an answer that never comes is given up."""

REFUSALS = {
    Verdict.REFUSED: {"kavenegar": 411, "smsir": 104, "ghasedak": 411, "melipayamak": 11, "ippanel": 411},
    Verdict.POSTPONED: {"kavenegar": 409, "smsir": 20, "ghasedak": 409, "melipayamak": 6, "ippanel": 429},
    Verdict.ELSEWHERE: {"kavenegar": 424, "smsir": 115, "ghasedak": 404, "melipayamak": 35, "ippanel": 404},
    Verdict.OUTAGE: {"kavenegar": 412, "smsir": 101, "ghasedak": 412, "melipayamak": 5, "ippanel": 412},
}
"""What each says of the message, of now, of the two together, of us."""


@pytest.fixture
async def provider(adapter, name, simulator):
    await simulator.http.delete("/sms/faults")
    return adapter(name, simulator.url)


@pytest.fixture
def hasty(adapter, name, simulator):
    return adapter(name, simulator.url, timeout=HASTY)


@pytest.fixture
def letter():
    identity = uuid4()
    return Letter(samples.mobile(identity.int % samples.LIMIT), TEXT, identity)


@pytest.fixture
def secret(letter, name):
    return Secret(letter.to, PATTERNS.get(name, NUMBERED), CODE, letter.own_id)


async def sent(provider, letter):
    [outcome] = await provider.send([letter])
    return outcome


async def test_a_text_reaches_the_phone_and_its_state_follows(provider, simulator, letter):
    outcome = await sent(provider, letter)
    assert (outcome.verdict, outcome.reason) == (Verdict.ACCEPTED, None)
    [item] = await simulator.inbox(letter.to)
    assert item["text"] == TEXT
    assert await provider.deliveries([outcome.message_id]) == {outcome.message_id: Delivery.UNDER_WAY}
    await simulator.advance(10)
    assert await provider.deliveries([outcome.message_id]) == {outcome.message_id: Delivery.DELIVERED}


async def test_a_code_reaches_the_phone_in_its_pattern(provider, simulator, secret):
    outcome = await provider.send_code(secret)
    assert outcome.verdict is Verdict.ACCEPTED
    [item] = await simulator.inbox(secret.to)
    assert (item["text"], item["code"]) == (f"کد تأیید شما در نوبت: {CODE}", CODE)


async def test_many_texts_go_at_once_where_it_can(provider, simulator, letter):
    count = min(3, provider.capabilities.texts_at_once)
    letters = [replace(letter, text=f"متن {n}", own_id=uuid4()) for n in range(count)]
    outcomes = await provider.send(letters)
    taken = await simulator.taken(letter.to)
    assert [(row["text"], str(row["id"])) for row in taken] == [
        (one.text, outcome.message_id) for one, outcome in zip(letters, outcomes, strict=True)
    ]


async def test_only_who_has_a_voice_calls(provider, simulator, secret):
    outcome = await provider.call(secret)
    kinds = [row["kind"] for row in await simulator.taken(secret.to)]
    if provider.capabilities.voice:
        assert (outcome.verdict, kinds) == (Verdict.ACCEPTED, ["call"])
    else:
        assert (outcome.verdict, kinds) == (Verdict.ELSEWHERE, [])


async def test_a_call_is_no_repeat_of_the_sms_before_it(provider, simulator, secret):
    await provider.send_code(secret)
    outcome = await provider.call(secret)
    if outcome.verdict is Verdict.ACCEPTED:
        assert [row["kind"] for row in await simulator.taken(secret.to)] == ["sms", "call"]


@pytest.mark.parametrize("verdict", REFUSALS)
async def test_a_refusal_means_what_the_table_says(provider, simulator, letter, secret, verdict):
    fault = {"kind": "refuse", "code": REFUSALS[verdict][provider.name], "times": 2}
    await simulator.fault(letter.to, **fault)
    outcomes = [await sent(provider, letter), await provider.send_code(secret)]
    assert [outcome.verdict for outcome in outcomes] == [verdict, verdict]
    assert await simulator.taken(letter.to) == []


async def test_an_unknown_pattern_is_for_another_provider(provider, secret):
    unknown = replace(secret, pattern=UNKNOWN_PATTERNS.get(provider.name, "999999"))
    outcome = await provider.send_code(unknown)
    expected = Verdict.REFUSED if provider.name == "melipayamak" else Verdict.ELSEWHERE
    assert outcome.verdict is expected


async def test_a_wrong_key_is_an_outage(adapter, name, simulator, letter):
    provider = adapter(name, simulator.url, secret="wrong")
    assert (await sent(provider, letter)).verdict is Verdict.OUTAGE
    with pytest.raises(StatusUnavailable):
        await provider.credit()


async def test_a_provider_that_is_down_has_surely_not_taken_it(provider, simulator, letter):
    await simulator.fault(letter.to, "unavailable")
    outcome = await sent(provider, letter)
    assert (outcome.verdict, outcome.reason) == (Verdict.OUTAGE, f"{provider.name}:503")
    assert await simulator.taken(letter.to) == []


async def test_nobody_has_it_where_nobody_listens(adapter, name, letter):
    outcome = await sent(adapter(name, f"http://{LOOPBACK}:{free_port()}"), letter)
    assert (outcome.verdict, outcome.reason) == (Verdict.OUTAGE, f"{name}:no_connection")


@pytest.mark.parametrize(("fault", "taken"), [("hang_done", True), ("hang_lost", False)])
async def test_an_answer_that_never_came_is_unknown_and_asked_for_where_it_can_be(
    provider, hasty, simulator, letter, fault, taken
):
    await simulator.fault(letter.to, fault)
    outcome = await sent(hasty, letter)
    assert (outcome.verdict, outcome.message_id) == (Verdict.UNCONFIRMED, None)
    rows = await simulator.taken(letter.to)
    assert len(rows) == taken
    if Form.TEXT in provider.capabilities.own_id:
        assert await provider.find(letter.own_id) == (str(rows[0]["id"]) if rows else None)
    else:
        with pytest.raises(StatusUnavailable):
            await provider.find(letter.own_id)


async def test_a_code_is_found_by_our_id_where_it_can_be(provider, simulator, secret):
    outcome = await provider.send_code(secret)
    if Form.CODE in provider.capabilities.own_id:
        assert await provider.find(secret.own_id) == outcome.message_id


async def test_a_slow_answer_is_waited_for(provider, simulator, letter):
    await simulator.fault(letter.to, "slow", seconds=0.1)
    assert (await sent(provider, letter)).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("fault", ["undelivered", "blocked"])
async def test_what_does_not_arrive_is_said_to_be_undelivered(provider, simulator, letter, fault):
    await simulator.fault(letter.to, fault)
    message_id = (await sent(provider, letter)).message_id
    await simulator.advance(10)
    assert await provider.deliveries([message_id]) == {message_id: Delivery.UNDELIVERED}
    assert await simulator.inbox(letter.to) == []


async def test_what_is_delayed_is_under_way_until_it_arrives(provider, simulator, letter):
    await simulator.fault(letter.to, "delayed", seconds=60)
    message_id = (await sent(provider, letter)).message_id
    await simulator.advance(30)
    assert await provider.deliveries([message_id]) == {message_id: Delivery.UNDER_WAY}
    await simulator.advance(60)
    assert await provider.deliveries([message_id]) == {message_id: Delivery.DELIVERED}


async def test_an_unanswered_question_is_said_to_be_one(provider, simulator):
    down = [{"kind": "unavailable", "operation": "ask", "times": None}]
    await simulator.http.put(f"/sms/faults/providers/{provider.name}", json=down)
    with pytest.raises(StatusUnavailable):
        await provider.deliveries(["1", "2"])
    with pytest.raises(StatusUnavailable):
        await provider.credit()


async def test_credit_is_told_and_without_it_nothing_is_taken(provider, simulator, letter):
    path = f"/sms/credit/{provider.name}"
    await simulator.http.put(path, json={"credit": 3000})
    expected = {CreditUnit.RIAL: 3000, CreditUnit.MESSAGES: 2}
    assert await provider.credit() == expected[provider.capabilities.credit]
    await simulator.http.put(path, json={"credit": 0})
    try:
        assert (await sent(provider, letter)).verdict is Verdict.OUTAGE
    finally:
        await simulator.http.put(path, json={"credit": 10_000_000_000})
