"""The rules of circulars, each on what lists say of a person."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from sales.eligibility.circular import KnownFact
from sales.eligibility.domain import Applicant, Terms, judge, looked_up
from sales.rules.domain import RULES

TODAY = date(2026, 11, 22)


def verdict_of(rule, facts=None, *, applicant_class="ordinary", born=date(1990, 1, 1), inquiries=None):
    """The last verdict, which is that of the one rule."""
    known = {
        name: [KnownFact(item, value, "police") for item, value in rows]
        for name, rows in (facts or {}).items()
    }
    rules = RULES.validate_python([rule]) if rule else ()
    terms = Terms(TODAY, 18, frozenset({"تهران"}), (), rules, applicant_class)
    applicant = Applicant(uuid4(), True, born, "تهران", True, inquiries=inquiries or {}, facts=known)
    assert judge(applicant, terms)[-1] == looked_up(applicant, terms)[-1]
    return judge(applicant, terms)[-1]


PLATE = {"name": "no_active_plate", "single_older_than_years": 5}
PURCHASE = {"name": "months_since_purchase", "months": 48, "makers": ["ikco", "saipa"]}


@pytest.mark.parametrize(
    ("rule", "facts", "passed"),
    [
        ({"name": "licence"}, {}, False),
        ({"name": "licence"}, {"licence": [("1", {"class": 3})]}, True),
        ({"name": "licence"}, {"licence": [("1", {"class": 3, "until": "2026-11-21"})]}, False),
        ({"name": "licence", "lowest_class": 2}, {"licence": [("1", {"class": 3})]}, False),
        ({"name": "no_active_plate"}, {}, True),
        ({"name": "no_active_plate"}, {"plate": [("1", {"model_year": 1380})]}, False),
        (PLATE, {"plate": [("1", {"model_year": 1399})]}, True),
        (PLATE, {"plate": [("1", {"model_year": 1400})]}, False),
        (PLATE, {"plate": [("1", {"model_year": 2020})]}, True),
        (PLATE, {"plate": [("1", {"model_year": 1390}), ("2", {"model_year": 1390})]}, False),
        (PURCHASE, {"purchase": [("ikco", {"on": "2022-11-22"})]}, True),
        (PURCHASE, {"purchase": [("ikco", {"on": "2022-11-23"})]}, False),
        (PURCHASE, {"purchase": [("bahman", {"on": "2026-01-01"})]}, True),
        (PURCHASE | {"makers": []}, {"purchase": [("bahman", {"on": "2026-01-01"})]}, False),
        ({"name": "not_banned"}, {}, True),
        ({"name": "not_banned"}, {"ban": [("fraud", {})]}, False),
        ({"name": "not_banned"}, {"ban": [("fraud", {"until": "2026-11-21"})]}, True),
        ({"name": "age", "minimum": 30}, {}, True),
        ({"name": "age", "minimum": 37}, {}, False),
        ({"name": "age", "maximum": 36}, {}, True),
        ({"name": "age", "maximum": 35}, {}, False),
    ],
)
def test_a_rule_judges_what_lists_say(rule, facts, passed):
    verdict = verdict_of(rule, facts)
    assert (verdict.rule, verdict.passed, verdict.known) == (rule["name"], passed, True)
    if facts:
        assert verdict.source == "police"


def test_a_class_is_for_its_members_only():
    members: dict[str, Any] = {"class_member": [("veterans", {})]}
    assert verdict_of(None, members, applicant_class="veterans").passed
    assert not verdict_of(None, members, applicant_class="family_youth").passed
    assert not verdict_of(None, {}, applicant_class="veterans").passed


def test_an_inquiry_without_an_answer_is_not_known_rather_than_refused():
    rule = {"name": "inquiries", "kinds": ["iban_owner"]}
    pending = verdict_of(rule)
    refused = verdict_of(rule, inquiries={"iban_owner": "no_match"})
    assert (pending.passed, pending.known) == (False, False)
    assert (refused.passed, refused.known) == (False, True)
    assert verdict_of(rule, inquiries={"iban_owner": "match"}).passed


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [{"name": "horoscope"}],
        [{"name": "age", "minimum": 40, "maximum": 30}],
        [{"name": "licence", "lowest_class": 4}],
        [{"name": "not_banned", "surprise": 1}],
    ],
)
def test_only_rules_that_make_sense_are_taken(rules):
    with pytest.raises(ValueError, match="validation error"):
        RULES.validate_python(rules)
