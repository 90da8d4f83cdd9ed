"""A customer complains, care answers, the clock of the law runs."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import text

from iran import end_of_day, tehran_date, to_persian_digits

PATH = "/api/v1/complaints"
STAFF = "/api/v1/staff/complaints"
SECRET = "خودروی من شش ماه دیر کرده است"


def form(**changes):
    told = {"section": "sales", "topic": "delay_damages", "subject": "دیرکرد", "text": SECRET}
    return told | changes


async def filed(office, customer, **changes):
    answer = await office.client.post(PATH, json=form(**changes), headers=office.buyer(customer))
    assert answer.status_code == 201, answer.text
    return answer.json()


def care():
    return uuid4(), ["care"]


async def act(office, method, path, body, who, expected=200):
    """As a customer (an id) or a member of the staff (an id and roles), with a token of the moment."""
    headers = office.keys.authorization(*(who if isinstance(who, tuple) else (who,)))
    answer = await office.client.request(method, path, json=body, headers=headers)
    assert answer.status_code == expected, answer.text
    return answer.json()


async def test_a_complaint_has_a_number_thirty_days_and_an_event(office):
    receipt = await filed(office, customer := uuid4())
    assert len(receipt["number"]) == 12
    assert (
        receipt["due_at"][:19]
        == end_of_day(tehran_date(office.clock()) + timedelta(days=30)).isoformat()[:19]
    )
    page = await act(office, "GET", f"{PATH}/{receipt['complaint_id']}", None, customer)
    assert (page["state"], page["messages"][0]["text"]) == ("open", SECRET)
    [event] = await office.published("sales.complaint_filed.v1")
    assert event["complaint_number"] == receipt["number"]
    assert SECRET not in str(event)
    listed = await act(office, "GET", PATH, None, customer)
    assert [item["complaint_id"] for item in listed["items"]] == [receipt["complaint_id"]]


async def test_what_was_written_is_sealed_in_the_database(office):
    headers = office.buyer(uuid4()) | {"Idempotency-Key": "complaint-01"}
    answers = [await office.client.post(PATH, json=form(), headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    async with office.database.transaction() as session:
        for rows in (
            "SELECT complaints::text FROM complaints",
            "SELECT complaint_messages::text FROM complaint_messages",
            "SELECT idempotency_keys::text FROM idempotency_keys",
            "SELECT audit_entries::text FROM audit_entries",
        ):
            assert "دیرکرد" not in str((await session.execute(text(rows))).all())


async def test_a_complaint_about_somebody_elses_order_is_not_found(office):
    plan = await office.open_plan()
    mine, theirs = await office.customers(2)
    placed = (await office.order(theirs, plan)).json()
    body = form(order_id=placed["order_id"])
    await act(office, "POST", PATH, body, mine, 404)
    await act(office, "POST", PATH, body | {"order_id": str(uuid4())}, mine, 404)
    await act(office, "POST", PATH, body, theirs, 201)


async def test_a_section_has_its_own_topics(office):
    headers = uuid4()
    refused = await act(office, "POST", PATH, form(section="after_sales"), headers, 422)
    assert refused["code"] == "unknown_topic"
    topics = (await act(office, "GET", f"{PATH}/topics", None, headers))["items"]
    assert len(topics) == 9
    assert [topic["code"] for topic in topics if topic["to_province"]] == [
        "price",
        "invitation_not_issued",
        "refusal_to_supply",
    ]


async def test_strangers_find_nothing_and_cannot_write(office):
    receipt = await filed(office, uuid4())
    stranger = uuid4()
    path = f"{PATH}/{receipt['complaint_id']}"
    for method, place, body in (
        ("GET", path, None),
        ("GET", f"{path}/messages", None),
        ("POST", f"{path}/messages", {"text": "سلام"}),
        ("POST", f"{path}/reopening", {"text": "سلام"}),
    ):
        await act(office, method, place, body, stranger, 404)


async def test_care_answers_asks_and_resolves_and_the_customer_reopens_once(office):
    receipt, agent = await filed(office, customer := uuid4()), care()
    mine, theirs = f"{PATH}/{receipt['complaint_id']}", f"{STAFF}/{receipt['complaint_id']}"
    await act(office, "PUT", f"{theirs}/assignment", None, agent)
    await act(office, "POST", f"{theirs}/messages", {"text": "کدام روز؟", "asks": True}, agent, 201)
    assert (await act(office, "GET", mine, None, customer))["state"] == "awaiting_customer"
    await act(office, "POST", f"{mine}/messages", {"text": "دهم مهر\nعصر"}, customer, 201)
    assert (await act(office, "GET", mine, None, customer))["messages"][-1]["text"] == "دهم مهر\nعصر"
    await act(office, "POST", f"{theirs}/resolution", {"text": "جبران شد"}, agent)
    refused = await act(office, "POST", f"{mine}/messages", {"text": "نه"}, customer, 409)
    assert refused["code"] == "illegal_complaint_move"
    office.clock.advance(days=29)
    again = await act(office, "POST", f"{mine}/reopening", {"text": "نشد"}, customer)
    assert (again["state"], again["due_at"] > receipt["due_at"]) == ("open", True)
    await act(office, "POST", f"{theirs}/resolution", {"text": "شد"}, agent)
    twice = await act(office, "POST", f"{mine}/reopening", {"text": "نشد"}, customer, 409)
    assert twice["code"] == "reopened_once"
    told = [len(await office.published(f"sales.complaint_{what}.v1")) for what in ("answered", "resolved")]
    assert told == [1, 2]


async def test_it_is_too_late_to_reopen_after_thirty_days(office):
    receipt, agent = await filed(office, customer := uuid4()), care()
    await act(office, "POST", f"{STAFF}/{receipt['complaint_id']}/resolution", {"text": "شد"}, agent)
    office.clock.advance(days=32)
    path = f"{PATH}/{receipt['complaint_id']}/reopening"
    refused = await act(office, "POST", path, {"text": "نشد"}, customer, 409)
    assert refused["code"] == "too_late_to_reopen"


async def test_the_offices_have_dates_of_their_own(office):
    receipt, agent = await filed(office, uuid4()), care()
    path = f"{STAFF}/{receipt['complaint_id']}"
    today = tehran_date(office.clock())
    office.clock.advance(days=40)
    later = today + timedelta(days=40)

    def to(whom, day):
        return {"office": whom, "registered_on": day.isoformat()}

    assert (await act(office, "POST", f"{path}/escalations", to("board", later), agent, 409))[
        "state"
    ] == "open"
    wrong = await act(office, "POST", f"{path}/escalations", to("province", later + timedelta(1)), agent, 422)
    assert wrong["code"] == "not_its_day"
    await act(office, "POST", f"{path}/escalations", to("province", later), agent)
    at_board = await act(office, "POST", f"{path}/escalations", to("board", later), agent)
    assert at_board["decision_due"] == (later + timedelta(days=20)).isoformat()
    office.clock.advance(days=15)
    decided_on = later + timedelta(days=15)
    body = {"decided_on": decided_on.isoformat(), "text": "به سود خریدار"}
    decided = await act(office, "POST", f"{path}/decision", body, agent)
    assert decided["execution_due"] == (decided_on + timedelta(days=10)).isoformat()
    assert [step["state"] for step in decided["timeline"]] == ["open", "at_province", "at_board", "decided"]


async def test_warnings_are_given_once_a_day_of_the_rules_and_not_after_the_end(office):
    receipt, agent = await filed(office, uuid4()), care()
    path = f"{STAFF}?number={to_persian_digits(receipt['number'])}"
    seen = []
    for day in range(1, 33):
        office.clock.advance(days=1)
        [warning] = [job for job in office.service.jobs if job.name == "sales.complaint_warnings"]
        while await warning.run():
            pass
        [row] = (await act(office, "GET", path, None, agent))["items"]
        seen.append((row["warned"], row["overdue"]))
        assert seen[-1][0] == max((d for d in (10, 20, 27) if d <= day), default=0)
    assert [late for _, late in seen].index(True) == 30
    await act(office, "POST", f"{STAFF}/{receipt['complaint_id']}/resolution", {"text": "شد"}, agent)
    [row] = (await act(office, "GET", path, None, agent))["items"]
    assert not row["overdue"]


async def test_whoever_is_on_call_for_the_section_is_told_of_a_warning(office):
    manager, mobile = (uuid4(), ["manager"]), "09121234567"
    late = {
        (await filed(office, uuid4(), section=section))["complaint_id"] for section in ("dealership", "sales")
    }
    path = "/api/v1/staff/complaint-contacts"
    put = await act(office, "PUT", f"{path}/dealership", {"mobile": "۰۹۱۲۱۲۳۴۵۶۷"}, manager)
    assert put["mobile"] == mobile
    await act(office, "PUT", f"{path}/kitchen", {"mobile": mobile}, manager, 422)
    await act(office, "PUT", f"{path}/sales", {"mobile": mobile}, care(), 403)
    office.clock.advance(days=10)
    [job] = [job for job in office.service.jobs if job.name == "sales.complaint_warnings"]
    while await job.run():
        pass
    published = await office.published("sales.complaint_warned.v1")
    warned = {each["section"]: each for each in published if each["complaint_id"] in late}
    assert {section: each["day"] for section, each in warned.items()} == {"dealership": 10, "sales": 10}
    assert warned["sales"]["contact"] is None
    assert mobile not in str(warned)
    sealed = warned["dealership"]["contact"]
    assert office.event_keyring.open_object(sealed, "sales.complaint_warned.v1.contact") == {"mobile": mobile}
    async with office.database.transaction() as session:
        kept = await session.scalars(text("SELECT complaint_contacts::text FROM complaint_contacts"))
        assert mobile not in str(kept.all())
    await act(office, "DELETE", f"{path}/dealership", None, manager)
    assert (await act(office, "GET", path, None, manager))["items"] == []


async def test_the_queue_is_narrowed_and_holds_nothing_that_was_written(office):
    receipt, agent = await filed(office, uuid4(), section="dealership", topic="parts"), care()

    async def listed(**query):
        headers = office.keys.authorization(*agent)
        answer = await office.client.get(STAFF, params=query, headers=headers)
        assert SECRET not in answer.text
        return [item["number"] for item in answer.json()["items"]]

    number = receipt["number"]
    assert number in await listed(section="dealership", topic="parts", state="open", unassigned=True)
    assert number not in await listed(section="sales")
    assert number not in await listed(mine=True)
    await act(office, "PUT", f"{STAFF}/{receipt['complaint_id']}/assignment", None, agent)
    assert await listed(mine=True) == [number]
    assert await listed(mine=True, overdue=True) == []
    assert await listed(number="123") == []


async def test_looks_and_changes_of_care_are_audited_with_the_customer(office):
    receipt = await filed(office, customer := uuid4())
    path = f"{STAFF}/{receipt['complaint_id']}"
    await act(office, "GET", path, None, care())
    await act(office, "POST", f"{path}/messages", {"text": "سلام"}, care(), 201)
    auditor = uuid4(), ["auditor"]
    trail = await act(office, "GET", f"/api/v1/staff/audit/sales?subject={customer}", None, auditor)
    actions = [entry["action"] for entry in trail["items"]]
    assert actions == ["sales.complaint.answered", "sales.complaint.viewed"]
    await act(office, "POST", f"{path}/messages", {"text": "سلام"}, auditor, 403)


async def test_a_person_files_ten_complaints_a_day(office):
    customer = uuid4()
    for _ in range(10):
        await filed(office, customer)
    refused = await act(office, "POST", PATH, form(), customer, 429)
    assert refused["code"] == "too_many_complaints"
    office.clock.advance(days=1)
    await filed(office, customer)


async def test_new_periods_hold_for_complaints_that_are_filed_from_their_day_on(office):
    manager, customer = (uuid4(), ["manager"]), uuid4()
    before = await filed(office, customer)
    starts = tehran_date(office.clock()) + timedelta(days=400)
    rules = {"answer_days": 15, "warnings": [5, 10], "reopen_days": 7}
    rules |= {"decision_days": 20, "execution_days": 10}
    path = f"/api/v1/staff/complaint-rules/{starts}"
    await act(office, "PUT", path, rules, manager)
    await act(office, "PUT", path, rules, (uuid4(), ["care"]), 403)
    await act(office, "PUT", path, rules | {"warnings": [10, 5]}, manager, 422)
    past = f"/api/v1/staff/complaint-rules/{tehran_date(office.clock())}"
    assert (await act(office, "PUT", past, rules, manager, 422))["code"] == "not_its_day"
    listed = await act(office, "GET", "/api/v1/staff/complaint-rules", None, manager)
    assert listed["items"][0] == rules | {"valid_from": starts.isoformat()}
    office.clock.advance(days=400)
    after = await filed(office, customer)
    due = [tehran_date(datetime.fromisoformat(one["due_at"])) for one in (before, after)]
    assert due == [starts - timedelta(days=400 - 31), starts + timedelta(days=16)]
