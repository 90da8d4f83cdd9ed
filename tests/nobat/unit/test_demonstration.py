"""What the demonstration holds."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from identity.staff.domain import ROLES
from iran import Province
from nobat.seed.dealerships import records
from nobat.seed.plans import RULES_OF_THE_DRAW, drafts
from nobat.seed.staff import STAFF
from sales.plans.domain import state_at
from sales.plans.faults import Surroundings, faults_of

NOW = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)


def test_every_province_has_a_dealership_and_tehran_has_three() -> None:
    counted = Counter(record.province for record in records())
    assert counted.keys() == set(Province)
    assert counted.pop(Province.TEHRAN) == 3
    assert set(counted.values()) == {1}


def test_the_dealerships_are_different_ones_inside_iran() -> None:
    found = list(records())
    assert len({record.code for record in found}) == len({record.phone for record in found}) == len(found)
    assert all(25 < (record.latitude or 0) < 40 and 44 < (record.longitude or 0) < 64 for record in found)


def test_one_plan_opens_tomorrow_and_the_others_are_open() -> None:
    states = [state_at("published", draft.opens_at, draft.closes_at, NOW) for draft in drafts(NOW)]
    assert states == ["open", "open", "published", "open", "open"]
    assert [draft.opens_at for draft in drafts(NOW)][2] == NOW + timedelta(days=1)


def test_the_plans_are_of_several_kinds_and_one_is_drawn() -> None:
    assert {draft.kind for draft in drafts(NOW)} == {"immediate", "pre_sale", "instalment"}
    [drawn] = [draft for draft in drafts(NOW) if draft.method == "draw"]
    assert all(set(car.class_quotas) == set(drawn.applicant_classes) for car in drawn.offerings)


def test_no_plan_has_a_fault() -> None:
    around = Surroundings(NOW, rule_set=(RULES_OF_THE_DRAW.valid_from, None))
    assert [faults_of(draft, around) for draft in drafts(NOW, uuid4())] == [[]] * 5


def test_one_plan_has_three_cars() -> None:
    capacities = [[car.capacity for car in draft.offerings] for draft in drafts(NOW)]
    assert [3] in capacities


def test_every_role_has_a_member_of_the_staff() -> None:
    assert {member.role for member in STAFF} == ROLES
    assert len({member.national_code for member in STAFF}) == len(STAFF)
