"""What the rules of circulars find, of a person of whom lists say something.

A list of what one must have (licence, membership of a class) speaks against who is not on it; a list of what
one must not have (plate, purchase, ban) only against who is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.errors import Sentence
from iran import add_jalali_months, jalali_year
from sales.rules.domain import Age, FactName, Licence, MonthsSincePurchase, NoActivePlate, NotBanned, Rule

GREGORIAN = 1700
"""A model year above it is Gregorian, below it Jalali."""


@dataclass(frozen=True)
class KnownFact:
    """A row of a list; ``item`` tells several of one person apart."""

    item: str
    value: Mapping[str, Any]
    source: str


@dataclass(frozen=True)
class Person:
    """What the rules look at, on one day."""

    today: date
    birth_date: date
    facts: Mapping[FactName, Sequence[KnownFact]]

    def facts_named(self, name: FactName) -> Sequence[KnownFact]:
        return self.facts.get(name, ())


@dataclass(frozen=True)
class Finding:
    """``found`` is the input of the verdict, ``source`` the list it comes from."""

    passed: bool
    found: Mapping[str, object]
    source: str


SENTENCES: Mapping[str, tuple[Sentence, Sentence]] = {
    "age": (
        Sentence("سن شما در محدوده‌ی این طرح است.", "Your age is within the plan's limits."),
        Sentence("سن شما در محدوده‌ی این طرح نیست.", "Your age is not within the plan's limits."),
    ),
    "licence": (
        Sentence("گواهینامه‌ی شما کافی است.", "Your driver's licence suffices."),
        Sentence(
            "گواهینامه‌ی لازم برای شما ثبت نشده است.", "You have no driver's licence of the class needed."
        ),
    ),
    "no_active_plate": (
        Sentence("پلاک فعال شما مانع نیست.", "No active plate stands in the way."),
        Sentence("شما پلاک فعال دارید.", "You have an active plate."),
    ),
    "months_since_purchase": (
        Sentence("از آخرین خرید شما به اندازه‌ی کافی گذشته است.", "Your last purchase is long enough ago."),
        Sentence("از آخرین خرید شما به اندازه‌ی کافی نگذشته است.", "Your last purchase is too recent."),
    ),
    "not_banned": (
        Sentence("منعی برای شما ثبت نشده است.", "You are not on the list of the banned."),
        Sentence("نام شما در فهرست ممنوعان است.", "You are on the list of the banned."),
    ),
    "class_member": (
        Sentence("عضویت شما در این گروه تأیید شده است.", "You belong to this class of applicants."),
        Sentence("عضویت شما در این گروه ثبت نشده است.", "You are not known to belong to this class."),
    ),
}
"""What is said of a rule that passed, and of one that did not."""


def age(birth_date: date, today: date) -> int:
    """Whole years lived."""
    before_birthday = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before_birthday


def find(rule: Rule, person: Person) -> Finding:
    return FINDERS[rule.name](rule, person)


def class_member(applicant_class: str, person: Person) -> Finding:
    """Whether a list names the person as a member who still is one."""
    rows = [fact for fact in person.facts_named("class_member") if fact.item == applicant_class]
    current = [fact for fact in rows if _lasts(fact.value.get("until"), person.today)]
    return Finding(bool(current), {"class": applicant_class, "listed": bool(rows)}, _sources(rows))


def _age(rule: Age, person: Person) -> Finding:
    years = age(person.birth_date, person.today)
    found = {"age": years, "minimum": rule.minimum, "maximum": rule.maximum}
    return Finding(rule.minimum <= years <= rule.maximum, found, "account")


def _licence(rule: Licence, person: Person) -> Finding:
    rows = person.facts_named("licence")
    valid = [int(fact.value["class"]) for fact in rows if _lasts(fact.value.get("until"), person.today)]
    found = {"class": min(valid, default=None), "lowest_class": rule.lowest_class}
    return Finding(min(valid, default=rule.lowest_class + 1) <= rule.lowest_class, found, _sources(rows))


def _no_active_plate(rule: NoActivePlate, person: Person) -> Finding:
    rows = person.facts_named("plate")
    ages = [_years_old(int(fact.value["model_year"]), person.today) for fact in rows]
    allowed = rule.single_older_than_years
    excused = len(ages) == 1 and allowed is not None and ages[0] > allowed
    return Finding(not ages or excused, {"ages": ages, "single_older_than_years": allowed}, _sources(rows))


def _months_since_purchase(rule: MonthsSincePurchase, person: Person) -> Finding:
    rows = person.facts_named("purchase")
    counted = [fact for fact in rows if not rule.makers or fact.item in rule.makers]
    last = max((date.fromisoformat(fact.value["on"]) for fact in counted), default=None)
    passed = last is None or add_jalali_months(last, rule.months) <= person.today
    found = {"last": last.isoformat() if last else None, "months": rule.months}
    return Finding(passed, found, _sources(rows))


def _not_banned(_: NotBanned, person: Person) -> Finding:
    rows = person.facts_named("ban")
    bans = [fact.item for fact in rows if _lasts(fact.value.get("until"), person.today)]
    return Finding(not bans, {"bans": bans}, _sources(rows))


FINDERS: Mapping[str, Callable[[Any, Person], Finding]] = {
    "age": _age,
    "licence": _licence,
    "no_active_plate": _no_active_plate,
    "months_since_purchase": _months_since_purchase,
    "not_banned": _not_banned,
}


def _lasts(until: str | None, today: date) -> bool:
    return until is None or date.fromisoformat(until) >= today


def _years_old(model_year: int, today: date) -> int:
    return (today.year if model_year > GREGORIAN else jalali_year(today)) - model_year


def _sources(rows: Sequence[KnownFact]) -> str:
    return ", ".join(sorted({fact.source for fact in rows})) or "lists"
