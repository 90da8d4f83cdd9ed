"""What the demonstration holds."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from identity.staff.domain import ROLES
from iran import Province
from nobat.seed.dealerships import records
from nobat.seed.plans import drafts
from nobat.seed.staff import STAFF
from sales.plans.domain import state_at

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


def test_two_plans_are_open_and_one_opens_tomorrow() -> None:
    states = {
        draft.title: state_at("published", draft.opens_at, draft.closes_at, NOW) for draft in drafts(NOW)
    }
    assert list(states.values()) == ["open", "open", "published"]
    assert [draft.opens_at for draft in drafts(NOW)][2] == NOW + timedelta(days=1)


def test_one_plan_has_three_cars() -> None:
    capacities = [[car.capacity for car in draft.offerings] for draft in drafts(NOW)]
    assert [3] in capacities


def test_every_role_has_a_member_of_the_staff() -> None:
    assert {member.role for member in STAFF} == ROLES
    assert len({member.national_code for member in STAFF}) == len(STAFF)
