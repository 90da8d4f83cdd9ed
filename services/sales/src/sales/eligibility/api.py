"""May I order in this plan, and why (not)."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from chassis.auth import CurrentUser
from chassis.language import Language
from chassis.service import Db
from iran import tehran_date
from sales.eligibility import queries
from sales.eligibility.domain import Terms, judge
from sales.plans.api import TheCatalogue
from sales.plans.domain import ORDINARY, ApplicantClass

router = APIRouter(tags=["plans"])


class Check(BaseModel):
    """``reason`` is a sentence in the language of ``Accept-Language``; ``input`` is what the rule looked at
    and ``source`` whose word that is.
    """

    rule: str
    passed: bool
    reason: str
    input: dict[str, object]
    source: str


class Eligibility(BaseModel):
    eligible: bool
    checks: list[Check]


@router.get("/plans/{plan_id}/eligibility", summary="Check my eligibility for a plan")
async def check_eligibility(
    plan_id: UUID,
    buyer: CurrentUser,
    db: Db,
    catalogue: TheCatalogue,
    language: Language,
    applicant_class: ApplicantClass = ORDINARY,
) -> Eligibility:
    plan = catalogue.plan(plan_id)
    terms = Terms(
        tehran_date(catalogue.now()),
        plan.minimum_age,
        catalogue.provinces(),
        plan.required_inquiries,
        plan.rules,
        applicant_class,
    )
    async with db.transaction() as session:
        applicant = await queries.applicant(session, plan_id, buyer.subject, terms)
    checks = [
        Check(
            rule=verdict.rule,
            passed=verdict.passed,
            reason=verdict.reason.in_language(language),
            input=dict(verdict.found),
            source=verdict.source,
        )
        for verdict in judge(applicant, terms)
    ]
    return Eligibility(eligible=all(check.passed for check in checks), checks=checks)
