"""Rules as rows, lists about people, and what becomes of who no longer meets them."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from chassis.imports import Importer
from iran.samples import national_code
from sales.eligibility.tables import Fact
from sales.plans import queries

RULE_SETS = "/api/v1/staff/rule-sets"
IMPORTS = "/api/v1/staff/facts/imports"
HEADING = "fact,national_code,source,item,licence_class,model_year,on,until,withdrawn"


async def write_rules(office, *rules, **changes):
    body = {"name": f"R-{uuid4().hex[:8]}", "valid_from": "2020-01-01", "rules": list(rules), **changes}
    return await office.client.post(RULE_SETS, json=body, headers=office.manager)


async def taken_in(office, *rows):
    """What became of a list, and the codes of its bad rows."""
    client, headers = office.client, office.manager
    form = {"file_name": "list.csv", "format": "csv"}
    begun = (await client.post(IMPORTS, json=form, headers=headers)).json()
    path = f"{IMPORTS}/{begun['import_id']}"
    await client.put(f"{path}/parts/1", content="\n".join([HEADING, *rows]).encode(), headers=headers)
    await client.post(f"{path}/start", json={"parts": 1}, headers=headers)
    importer = next(part for part in office.service.provides if isinstance(part, Importer))
    while await importer.run():
        pass
    errors = (await client.get(f"{path}/errors.csv", headers=headers)).text
    seen = (await client.get(path, headers=headers)).json()
    return seen, [line.split(",")[2] for line in errors.lstrip("\ufeff").splitlines()[1:]]


async def run_jobs(office):
    [job] = [job for job in office.service.jobs if job.name == "sales.recheck"]
    while await job.run():
        pass


async def facts(office):
    async with office.database.transaction() as session:
        rows = await session.scalars(select(Fact).order_by(Fact.name, Fact.item))
        return [(row.name, row.item, row.value, row.source) for row in rows]


async def test_a_list_is_taken_in_by_blind_index_and_a_later_one_replaces_it(office):
    code = national_code(0)
    seen, bad = await taken_in(
        office,
        f"ban,{code},court,fraud,,,,1406/01/01,",
        f"خرید,{code},maker,ikco,,,2024-05-01,,",
        f"licence,{code},police,,3,,,,",
        "ban,1234567890,court,fraud,,,,,",
        f"licence,{code},police,,,,,,",
        f"horoscope,{code},stars,leo,,,,,",
    )
    assert (seen["rows_good"], seen["rows_bad"], sorted(bad)) == (
        3,
        3,
        ["column_needed", "literal_error", "national_code_check_digit"],
    )
    assert await facts(office) == [
        ("ban", "fraud", {"until": "2027-03-21"}, "court"),
        ("licence", "", {"class": 3}, "police"),
        ("purchase", "ikco", {"on": "2024-05-01"}, "maker"),
    ]
    await taken_in(office, f"ban,{code},court,fraud,,,,,true", f"licence,{code},court,,2,,,,")
    assert await facts(office) == [
        ("licence", "", {"class": 2}, "court"),
        ("purchase", "ikco", {"on": "2024-05-01"}, "maker"),
    ]


async def test_who_is_found_out_later_loses_the_order_and_gets_the_reason(office):
    rules = await write_rules(office, {"name": "not_banned"})
    plan = await office.open_plan(rule_set_id=rules.json()["rule_set_id"])
    honest, found_out = await office.customers(2)
    for buyer in (honest, found_out):
        assert (await office.order(buyer, plan)).status_code == 201
    await taken_in(office, f"ban,{national_code(1)},court,fraud,,,,,")
    path = f"/api/v1/staff/plans/{plan['plan_id']}/recheck"
    headers = office.manager | {"Idempotency-Key": uuid4().hex}
    begun = await office.client.post(path, headers=headers)
    assert (begun.status_code, begun.json()["total"]) == (201, 2)
    assert (await office.client.post(path, headers=headers)).json() == begun.json()
    again = await office.client.post(path, headers=office.manager)
    assert (again.status_code, again.json()["code"]) == (409, "recheck_running")

    await run_jobs(office)

    seen = (await office.client.get(path, headers=office.manager)).json()
    assert (seen["checked"], seen["voided"], seen["unknown"]) == (2, 1, 0)
    assert seen["finished_at"] is not None
    states = {order.customer_id: order.state for order in await office.orders_of(plan)}
    assert states == {honest: "awaiting_payment", found_out: "voided"}
    assert await office.sold(plan) == 1
    lost = next(order for order in await office.orders_of(plan) if order.customer_id == found_out)
    checks = await office.client.get(f"/api/v1/staff/orders/{lost.id}/checks", headers=office.manager)
    kept = {check["occasion"]: check for check in checks.json()["items"]}
    assert {occasion: check["passed"] for occasion, check in kept.items()} == {
        "order": True,
        "recheck": False,
    }
    ban = kept["recheck"]["verdicts"][-1]
    assert (ban["rule"], ban["verdict"], ban["input"], ban["source"]) == (
        "not_banned",
        "fail",
        {"bans": ["fraud"]},
        "court",
    )


async def test_what_nobody_knows_yet_voids_nothing(office):
    plan = await office.open_plan()
    [buyer] = await office.customers(1)
    await office.order(buyer, plan)
    rules = await write_rules(office, {"name": "inquiries", "kinds": ["iban_owner"]})
    async with office.database.transaction() as session:
        row = await queries.find(session, UUID(plan["plan_id"]))
        row.rule_set_id = UUID(rules.json()["rule_set_id"])
    path = f"/api/v1/staff/plans/{plan['plan_id']}/recheck"
    await office.client.post(path, headers=office.manager)
    await run_jobs(office)
    seen = (await office.client.get(path, headers=office.manager)).json()
    assert (seen["checked"], seen["voided"], seen["unknown"]) == (1, 0, 1)


async def test_a_version_of_a_rule_set_follows_another_and_never_overlaps_it(office):
    first = await write_rules(office, {"name": "licence"}, name="عادی")
    second = await write_rules(office, {"name": "not_banned"}, name="عادی", valid_from="2026-01-01")
    assert [answer.json()["version"] for answer in (first, second)] == [1, 2]
    versions = (await office.client.get(RULE_SETS, headers=office.manager)).json()["items"]
    ends = {row["version"]: row["valid_until"] for row in versions if row["name"] == "عادی"}
    assert ends == {1: "2025-12-31", 2: None}
    third = await write_rules(
        office, {"name": "licence"}, name="عادی", valid_from="2025-06-01", valid_until="2025-07-01"
    )
    assert (third.status_code, third.json()["code"]) == (409, "overlapping_validity")


@pytest.mark.parametrize("rules", [[], [{"name": "horoscope"}], [{"name": "age", "minimum": 5}]])
async def test_rules_that_make_no_sense_are_refused(office, rules):
    assert (await write_rules(office, *rules)).status_code == 422


async def test_a_refusal_names_the_rule_of_the_circular(office):
    rules = await write_rules(office, {"name": "licence"})
    plan = await office.open_plan(rule_set_id=rules.json()["rule_set_id"])
    [buyer] = await office.customers(1)
    refused = await office.order(buyer, plan)
    assert (refused.status_code, refused.json()["rule"]) == (403, "licence")
    await taken_in(office, f"licence,{national_code(0)},police,,3,,,,")
    page = await office.client.get(
        f"/api/v1/plans/{plan['plan_id']}/eligibility", headers=office.buyer(buyer)
    )
    assert page.json()["checks"][-1] | {"reason": ""} == {
        "rule": "licence",
        "passed": True,
        "reason": "",
        "input": {"class": 3, "lowest_class": 3},
        "source": "police",
    }
    assert (await office.order(buyer, plan)).status_code == 201
