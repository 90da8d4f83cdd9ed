"""Who may order in a plan: each rule with its verdict and its reason.

Source of the rules: the makers' circulars (adult, own mobile, a dealership of one's own province,
one order per person and plan). Parameters are the plan's data.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from chassis.errors import Problem, Sentence
from sales.eligibility import circular
from sales.eligibility.circular import KnownFact
from sales.eligibility.inquiries import INQUIRY_RULES, PENDING
from sales.plans.domain import ORDINARY
from sales.rules.domain import CONSULTED, FactName, Inquiries
from sales.rules.domain import Rule as CircularRule


@dataclass(frozen=True)
class Applicant:
    """What the rules look at; ``known`` is false until identity's event has arrived.

    ``inquiries`` are their results by kind, ``facts`` what lists say, by name. ``blocked`` (Rial) is the most
    that one bank has blocked of them for the plan, None while no bank has told of anybody's.
    """

    customer_id: UUID
    known: bool = False
    birth_date: date | None = None
    province: str | None = None
    mobile_verified: bool = False
    has_order: bool = False
    disabled: bool = False
    inquiries: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[FactName, Sequence[KnownFact]] = field(default_factory=dict)
    blocked: int | None = None


@dataclass(frozen=True)
class Terms:
    """The plan's parameters; ``provinces`` are those where a car can be handed over.

    ``inquiries`` are the kinds that must have matched; ``rules`` those of its rule set. ``deposit`` (Rial) is
    what a bank must have blocked by now.
    """

    today: date
    minimum_age: int
    provinces: frozenset[str]
    inquiries: tuple[str, ...] = ()
    rules: tuple[CircularRule, ...] = ()
    applicant_class: str = ORDINARY
    rule_set_id: UUID | None = None
    deposit: int = 0

    @property
    def keeps_evidence(self) -> bool:
        """Whether something is looked up; the rules that hold for every plan rest on the account alone."""
        return bool(self.inquiries or self.rules or self.applicant_class != ORDINARY)

    @property
    def all_inquiries(self) -> tuple[str, ...]:
        """Those of the plan and those of its rules."""
        of_rules = (kind for rule in self.rules if isinstance(rule, Inquiries) for kind in rule.kinds)
        return tuple(dict.fromkeys((*self.inquiries, *of_rules)))

    @property
    def consults(self) -> frozenset[FactName]:
        """The facts that the rules look at."""
        names = {CONSULTED[rule.name] for rule in self.rules if rule.name in CONSULTED}
        return frozenset(names if self.applicant_class == ORDINARY else names | {"class_member"})


@dataclass(frozen=True)
class Verdict:
    """``known`` is false while nobody can tell; ``found`` is what the rule looked at, and ``source`` whose
    word that is.
    """

    rule: str
    passed: bool
    reason: Sentence
    known: bool = True
    found: Mapping[str, object] = field(default_factory=dict)
    source: str = "account"


class NotEligible(Problem):
    """``rule`` names the first rule that refused."""

    status = 403
    code = "not_eligible"
    fa = "شما شرایط این طرح را ندارید."
    en = "You do not meet the plan's conditions."

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(rule=verdict.rule)
        self.verdict = verdict

    @property
    def detail(self) -> Sentence:
        return self.verdict.reason


@dataclass(frozen=True)
class Rule:
    name: str
    holds: Callable[[Applicant, Terms], bool]
    passed: Sentence
    refused: Sentence


def _is_old_enough(applicant: Applicant, terms: Terms) -> bool:
    return (
        applicant.birth_date is not None
        and circular.age(applicant.birth_date, terms.today) >= terms.minimum_age
    )


ACCOUNT_KNOWN = Rule(
    "account_known",
    lambda applicant, _: applicant.known,
    Sentence("حساب شما آماده است.", "Your account is ready."),
    Sentence(
        "حساب شما در حال آماده شدن است؛ چند لحظه‌ی دیگر دوباره تلاش کنید.",
        "Your account is being prepared; try again in a moment.",
    ),
)
ACCOUNT_OPEN = Rule(
    "account_open",
    lambda applicant, _: not applicant.disabled,
    Sentence("حساب شما باز است.", "Your account is open."),
    Sentence("حساب شما بسته شده است.", "Your account is disabled."),
)
MINIMUM_AGE = Rule(
    "minimum_age",
    _is_old_enough,
    Sentence("سن شما برای این طرح کافی است.", "You are old enough for this plan."),
    Sentence("سن شما کمتر از حداقل سن این طرح است.", "You are younger than this plan's minimum age."),
)
MOBILE_VERIFIED = Rule(
    "mobile_verified",
    lambda applicant, _: applicant.mobile_verified,
    Sentence("شماره‌ی همراه شما تأیید شده است.", "Your mobile is verified."),
    Sentence("شماره‌ی همراه شما تأیید نشده است.", "Your mobile is not verified."),
)
DEALERSHIP_IN_PROVINCE = Rule(
    "dealership_in_province",
    lambda applicant, terms: applicant.province in terms.provinces,
    Sentence("در استان شما نمایندگی هست.", "There is a dealership in your province."),
    Sentence(
        "نمایندگی باید در استان محل سکونت شما باشد.", "The dealership must be in the province you live in."
    ),
)
ONE_ORDER_PER_PLAN = Rule(
    "one_order_per_plan",
    lambda applicant, _: not applicant.has_order,
    Sentence("در این طرح سفارش دیگری ندارید.", "You have no other order in this plan."),
    Sentence("هر نفر در هر طرح تنها یک سفارش دارد.", "Everybody has one order per plan."),
)
RULES = (
    ACCOUNT_KNOWN,
    ACCOUNT_OPEN,
    MINIMUM_AGE,
    MOBILE_VERIFIED,
    DEALERSHIP_IN_PROVINCE,
    ONE_ORDER_PER_PLAN,
)
BLOCKED_DEPOSIT = Rule(
    "blocked_deposit",
    lambda applicant, terms: (applicant.blocked or 0) >= terms.deposit,
    Sentence("ودیعه‌ی این طرح در حساب بانکی شما مسدود است.", "Your bank has blocked the plan's deposit."),
    Sentence(
        "ودیعه‌ی این طرح در حساب بانکی شما مسدود نشده است.", "Your bank has not blocked the plan's deposit."
    ),
)
"""Asked only where a deposit is due: banks' lists come after the orders."""

LASTING = (ACCOUNT_OPEN, MINIMUM_AGE)
"""Those that must hold as long as the car is not delivered."""

REFUSALS: Mapping[str, Sentence] = {
    **{rule.name: rule.refused for rule in (*RULES, BLOCKED_DEPOSIT)},
    **{rule.name: rule.refused for rule in INQUIRY_RULES.values()},
    **{name: refused for name, (_, refused) in circular.SENTENCES.items()},
}
"""What is said of a rule that is not met, by its name."""


def judge(applicant: Applicant, terms: Terms) -> list[Verdict]:
    """The verdict of every rule, in the order of ``RULES``, then of the inquiries that the plan asks for; an
    unknown account gets only the first.
    """
    if not applicant.known:
        return [_verdict(ACCOUNT_KNOWN, applicant, terms)]
    verdicts = [_verdict(rule, applicant, terms) for rule in RULES]
    return verdicts + looked_up(applicant, terms)


def judge_again(applicant: Applicant, terms: Terms) -> list[Verdict]:
    """What may speak against an order that was taken: not where its buyer lives now, nor the order itself.

    Of an account that is not known nothing can be said.
    """
    if not applicant.known:
        return [replace(_verdict(ACCOUNT_KNOWN, applicant, terms), known=False)]
    lasting = [_verdict(rule, applicant, terms) for rule in LASTING]
    return lasting + _deposited(applicant, terms) + looked_up(applicant, terms)


def looked_up(applicant: Applicant, terms: Terms) -> list[Verdict]:
    """The verdicts that rest on inquiries and on the plan's rule set: the ones whose evidence is kept."""
    verdicts = [_inquired(kind, applicant) for kind in terms.all_inquiries]
    if applicant.birth_date is None:
        return verdicts
    person = circular.Person(terms.today, applicant.birth_date, applicant.facts)
    if terms.applicant_class != ORDINARY:
        verdicts.append(_found("class_member", circular.class_member(terms.applicant_class, person)))
    rules = (rule for rule in terms.rules if not isinstance(rule, Inquiries))
    return verdicts + [_found(rule.name, circular.find(rule, person)) for rule in rules]


def _deposited(applicant: Applicant, terms: Terms) -> list[Verdict]:
    if not terms.deposit:
        return []
    verdict = _verdict(BLOCKED_DEPOSIT, applicant, terms)
    found = {"blocked": applicant.blocked, "deposit": terms.deposit}
    return [replace(verdict, known=applicant.blocked is not None, found=found, source="banks")]


def _found(rule: str, finding: circular.Finding) -> Verdict:
    passed, refused = circular.SENTENCES[rule]
    reason = passed if finding.passed else refused
    return Verdict(rule, finding.passed, reason, found=finding.found, source=finding.source)


def refusal(applicant: Applicant, terms: Terms) -> NotEligible | None:
    """What refuses the applicant, if anything does."""
    verdicts = judge(applicant, terms)
    return next((NotEligible(verdict) for verdict in verdicts if not verdict.passed), None)


def _inquired(kind: str, applicant: Applicant) -> Verdict:
    rule, result = INQUIRY_RULES[kind], applicant.inquiries.get(kind, PENDING)
    passed, reason = rule.verdict(result)
    return Verdict(rule.name, passed, reason, result != PENDING, {"result": result}, "inquiry")


def _verdict(rule: Rule, applicant: Applicant, terms: Terms) -> Verdict:
    passed = rule.holds(applicant, terms)
    return Verdict(rule.name, passed, rule.passed if passed else rule.refused)
