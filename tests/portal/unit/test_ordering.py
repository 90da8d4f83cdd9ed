"""What an order that is being filled in asks for, and how far one that is placed has come."""

from typing import Any

import pytest

from portal.forms import Form
from portal.pages.orders import life
from portal.pages.orders.draft import Draft, offers
from portal.pages.payments.bills import amount_of

CAR: dict[str, Any] = {
    "offering_id": "car-1",
    "model": "سپند",
    "trim": "دنده‌ای",
    "colours": ["سفید", "مشکی"],
    "available": 5,
    "available_by_colour": {},
    "dealerships": [],
}
OTHER = {**CAR, "offering_id": "car-2", "available_by_colour": {"سفید": 0, "مشکی": 2}, "dealerships": ["b"]}
PLAN = {
    "plan_id": "plan",
    "method": "first_come",
    "max_choices": 1,
    "applicant_classes": ["ordinary", "veterans"],
    "offerings": [CAR, OTHER],
}
DRAW = {**PLAN, "method": "draw", "max_choices": 2}


def draft(plan: dict[str, Any], **typed: str) -> Draft:
    return Draft(plan, Form(typed=typed))


def test_any_colour_is_offered_where_colours_are_not_counted() -> None:
    assert [wish.value for wish in offers(PLAN)] == [
        "car-1|سفید",
        "car-1|مشکی",
        "car-1|",
        "car-2|سفید",
        "car-2|مشکی",
    ]


def test_the_body_is_what_was_chosen_in_its_order() -> None:
    chosen = draft(DRAW, choice1="car-2|مشکی", choice2="car-1|", dealership_id="b", **{"class": "veterans"})
    assert chosen.check_choices()
    assert chosen.body == {
        "plan_id": "plan",
        "choices": [{"offering_id": "car-2", "colour": "مشکی"}, {"offering_id": "car-1", "colour": None}],
        "dealership_id": "b",
        "applicant_class": "veterans",
    }
    assert chosen.query.startswith("choice1=car-2%7C")


@pytest.mark.parametrize(
    ("plan", "typed", "wrong"),
    [
        (PLAN, {}, "choice1"),
        (PLAN, {"choice1": "car-9|"}, "choice1"),
        (DRAW, {"choice1": "car-1|سفید", "choice2": "car-1|مشکی"}, "choice2"),
    ],
    ids=["nothing", "a car of another plan", "one car twice"],
)
def test_what_cannot_be_ordered_is_said_beside_the_choice(
    plan: dict[str, Any], typed: dict[str, str], wrong: str
) -> None:
    chosen = draft(plan, **typed)
    assert not chosen.check_choices()
    assert list(chosen.form.errors) == [wrong]


def test_a_colour_that_is_gone_asks_for_another_one_but_not_before_a_draw() -> None:
    assert not draft(PLAN, choice1="car-2|سفید").check_choices()
    assert draft(DRAW, choice1="car-2|سفید").check_choices()


def test_a_second_choice_is_not_one_where_there_is_no_draw() -> None:
    assert [wish.value for wish in draft(PLAN, choice1="car-1|", choice2="car-2|مشکی").wanted] == ["car-1|"]


def test_only_dealerships_that_hand_over_all_cars_remain() -> None:
    found = [{"dealership_id": "a"}, {"dealership_id": "b"}]
    assert draft(DRAW, choice1="car-1|", choice2="car-2|مشکی").handing_over(found) == [found[1]]
    assert draft(DRAW, choice1="car-1|").handing_over(found) == found


def test_an_order_on_its_way_shows_what_is_to_come() -> None:
    order = {
        "state": "allocated",
        "timeline": [{"state": "settled", "at": "x"}, {"state": "allocated", "at": "y"}],
    }
    assert [row["state"] for row in life.rows(order)] == ["done", "now", *["later"] * 5]


@pytest.mark.parametrize("state", ["cancelled", "lapsed", "delivered"])
def test_an_order_that_has_ended_has_nothing_to_come(state: str) -> None:
    assert [
        row["state"] for row in life.rows({"state": state, "timeline": [{"state": state, "at": "x"}]})
    ] == ["done"]


@pytest.mark.parametrize("text", ["۱٬۹۶۰٬۰۰۰", "1,960,000", " 1960000 "])
def test_money_is_read_as_people_write_it(text: str) -> None:
    assert amount_of(text) == 1_960_000
