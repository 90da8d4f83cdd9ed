"""Staff look people up: masked, for a purpose, always in the trail, and the person sees it."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from identity.lookups.domain import FIELDS
from identity.staff.testing import trail
from identity.testing import registered

SEARCH = "/staff/customers/search"


async def log_of(api, person, cursor=""):
    answer = await api.get(f"/me/access-log{cursor}", Authorization=person.authorization)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("by", ["national_code", "mobile"])
async def test_a_person_is_found_and_shown_masked(hire, api, phones, by):
    operator, buyer = await hire("operator"), await registered(api, phones)
    [found] = (await operator.post(SEARCH, {by: buyer.form[by]}))["items"]
    assert found["customer_id"] == buyer.customer_id
    assert (found["first_name"], found["city"]) == (buyer.form["first_name"], "تهران")
    for secret in ("national_code", "mobile", "iban"):
        assert buyer.form[secret] not in str(found)
        assert "*" in found[secret]
    assert await operator.get(f"/staff/customers/{buyer.customer_id}") == found


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"national_code": "0499370899", "mobile": "09121234567"},
        {"national_code": "123"},
        {"mobile": "0912"},
        {"national_code": "0499370899", "purpose": "curiosity"},
        {"customer_id": str(uuid4())},
        {"first_name": "زهرا"},
    ],
)
async def test_a_search_is_by_one_whole_number(hire, body):
    await (await hire("dealer")).post(SEARCH, body, 422)


async def test_whoever_is_not_there_is_not_found_and_the_search_is_known(hire, service):
    care = await hire("care")
    assert (await care.post(SEARCH, {"mobile": "09990000001", "purpose": "complaint"}))["items"] == []
    await care.get(f"/staff/customers/{uuid4()}", 404)
    [entry] = [entry for entry in await trail(service) if str(entry.actor) == care.id]
    assert (entry.action, entry.subject) == ("identity.customer.searched", None)
    assert entry.details == {"by": "mobile", "purpose": "complaint"}


async def test_every_look_is_in_the_trail_with_who_when_from_where_and_what_for(hire, api, phones, service):
    finance, buyer = await hire("finance", "care"), await registered(api, phones)
    path = f"/staff/customers/{buyer.customer_id}"
    wish = {"fields": ["iban", "mobile"], "purpose": "payment", "reason": "بازگشت وجه به ۰۹۱۲۱۲۳۴۵۶۷"}
    await finance.post(SEARCH, {"national_code": buyer.form["national_code"]})
    await finance.get(f"{path}?purpose=payment")
    disclosed = await finance.post(f"{path}/disclosure", wish)
    assert disclosed["fields"] == {name: buyer.form[name] for name in ("iban", "mobile")}
    looks = [entry for entry in await trail(service, buyer.customer_id) if str(entry.actor) == finance.id]
    assert [entry.action.rsplit(".")[-1] for entry in looks] == ["searched", "viewed", "disclosed"]
    assert {(tuple(entry.roles), entry.client) for entry in looks} == {(("care", "finance"), looks[0].client)}
    assert looks[0].client.startswith("10.")
    assert looks[2].details == {
        "purpose": "payment",
        "reason": "بازگشت وجه به [mobile]",
        "fields": ["iban", "mobile"],
    }


async def test_a_look_that_cannot_be_noted_is_not_had(hire, api, phones, service):
    operator, buyer = await hire("operator"), await registered(api, phones)
    async with service.database.transaction() as session:
        await session.execute(text("ALTER TABLE audit_entries RENAME TO audit_entries_away"))
    try:
        answer = await operator.call("GET", f"/staff/customers/{buyer.customer_id}")
    finally:
        async with service.database.transaction() as session:
            await session.execute(text("ALTER TABLE audit_entries_away RENAME TO audit_entries"))
    assert answer.status_code == 500
    assert buyer.form["first_name"] not in answer.text


@pytest.mark.parametrize("role", ["operator", "dealer", "manager", "admin"])
async def test_whole_data_needs_a_permission(hire, api, phones, role):
    colleague, buyer = await hire(role), await registered(api, phones)
    wish = {"fields": ["iban"], "purpose": "payment", "reason": "بازگشت وجه"}
    await colleague.post(f"/staff/customers/{buyer.customer_id}/disclosure", wish, 403)


@pytest.mark.parametrize(
    "wish",
    [
        {"fields": ["iban"], "purpose": "payment"},
        {"fields": ["iban"], "reason": "بازگشت وجه"},
        {"fields": ["iban"], "purpose": "payment", "reason": "    ..   "},
        {"fields": [], "purpose": "payment", "reason": "بازگشت وجه"},
        {"fields": ["password_hash"], "purpose": "payment", "reason": "بازگشت وجه"},
        {"fields": ["roles"], "purpose": "payment", "reason": "بازگشت وجه"},
    ],
)
async def test_whole_data_needs_a_reason_and_names_its_fields(hire, api, phones, wish):
    care, buyer = await hire("care"), await registered(api, phones)
    await care.post(f"/staff/customers/{buyer.customer_id}/disclosure", wish, 422)


async def test_every_field_can_be_disclosed(hire, api, phones):
    auditor, buyer = await hire("auditor"), await registered(api, phones)
    wish = {"fields": list(FIELDS), "purpose": "legal_request", "reason": "نامه‌ی دادگاه"}
    found = await auditor.post(f"/staff/customers/{buyer.customer_id}/disclosure", wish)
    assert set(found["fields"]) == set(FIELDS)


async def test_a_colleague_who_looks_at_very_many_has_to_pause(hire, api, phones, clock):
    dealer, buyer = await hire("dealer"), await registered(api, phones)
    path = f"/staff/customers/{buyer.customer_id}"
    for _ in range(60):
        await dealer.get(path)
    refused = await dealer.get(path, 429)
    assert refused["code"] == "too_many_lookups"
    assert refused["retry_after"] > 0


async def test_a_person_sees_who_looked_in_which_role_and_what_for_but_no_name(hire, api, phones):
    care, buyer = await hire("care"), await registered(api, phones)
    await care.post(SEARCH, {"mobile": buyer.form["mobile"], "purpose": "complaint"})
    wish = {"fields": ["address"], "purpose": "delivery", "reason": "نشانی تحویل"}
    await care.post(f"/staff/customers/{buyer.customer_id}/disclosure", wish)
    log = (await log_of(api, buyer))["items"]
    assert [(one["action"], one["purpose"], one["roles"], one["fields"]) for one in log] == [
        ("identity.customer.disclosed", "delivery", ["care"], ["address"]),
        ("identity.customer.searched", "complaint", ["care"], []),
    ]
    assert care.id not in str(log)
    assert "نشانی تحویل" not in str(log)


async def test_the_access_log_is_ones_own_and_comes_in_pages(hire, api, phones, service, clock):
    care, other = await hire("care"), await hire("dealer")
    buyer, stranger = await registered(api, phones), await registered(api, phones)
    for _ in range(51):
        await care.get(f"/staff/customers/{buyer.customer_id}")
    await other.get(f"/staff/customers/{stranger.customer_id}")
    first = await log_of(api, buyer)
    rest = await log_of(api, buyer, f"?cursor={first['next_cursor']}")
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (50, 1, None)
    assert {role for one in first["items"] for role in one["roles"]} == {"care"}
    assert [one["roles"] for one in (await log_of(api, stranger))["items"]] == [["dealer"]]
    assert (await api.get("/me/access-log")).status_code == 401


async def test_an_auditor_finds_entries_by_who_whom_what_and_when(hire, api, phones, clock):
    auditor, care, buyer = await hire("auditor"), await hire("care"), await registered(api, phones)
    await care.get(f"/staff/customers/{buyer.customer_id}")
    await care.post(SEARCH, {"mobile": buyer.form["mobile"]})

    async def found(query):
        return [one["action"] for one in (await auditor.get(f"/staff/audit?{query}"))["items"]]

    looks = ["identity.customer.searched", "identity.customer.viewed"]
    assert await found(f"actor={care.id}") == looks
    assert await found(f"actor={care.id}&action=identity.customer.viewed") == looks[1:]
    assert await found(f"actor={care.id}&action=identity.customer") == looks
    assert await found(f"actor={care.id}&action=identity.cust") == []
    assert await found(f"subject={buyer.customer_id}&actor={care.id}") == looks
    now = clock().isoformat().replace("+00:00", "Z")
    assert await found(f"actor={care.id}&since={now}") == looks
    assert await found(f"actor={care.id}&until={now}") == []


async def test_looking_into_the_trail_is_in_the_trail(hire, api, phones, service):
    auditor, buyer = await hire("auditor"), await registered(api, phones)
    await auditor.get(f"/staff/audit?subject={buyer.customer_id}&action=identity")
    last = (await trail(service, buyer.customer_id))[-1]
    assert (last.action, str(last.actor), last.details) == ("audit.read", auditor.id, {"action": "identity"})
    assert [one["action"] for one in (await log_of(api, buyer))["items"]] == ["audit.read"]


@pytest.mark.parametrize(
    "query", ["actor=x", "since=yesterday", "action=a%25", "limit=5", "cursor=1", "until=2026-01-01T00:00:00"]
)
async def test_a_filter_that_does_not_exist_is_refused(hire, query):
    await (await hire("auditor")).get(f"/staff/audit?{query}", 422)
