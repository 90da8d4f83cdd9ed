"""What sales itself knows of many applicants, in a few statements whatever their number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from sales.eligibility.circular import KnownFact
from sales.eligibility.domain import Applicant, Terms
from sales.rules.domain import FactName

APPLICANTS = text(
    "SELECT id, birth_date, province, mobile_verified, coalesce(disabled, false) AS disabled"
    " FROM customers LEFT JOIN disablements ON customer_id = id WHERE id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

INQUIRIES = text(
    "SELECT customer_id, kind, result FROM customer_inquiries WHERE customer_id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

FACTS = text(
    "SELECT customers.id, name, item, value, source FROM customers"
    " JOIN facts ON facts.subject = customers.national_code_index"
    " WHERE customers.id = ANY(:ids) AND name = ANY(:names)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)), bindparam("names", type_=ARRAY(Text)))

Facts = Mapping[UUID, Mapping[FactName, Sequence[KnownFact]]]


async def known(
    session: AsyncSession, customer_ids: Collection[UUID], terms: Collection[Terms]
) -> dict[UUID, Applicant]:
    """What the rules of all these ``terms`` look at, of each customer.

    That they have no order yet is the index's business.
    """
    applicants = {customer_id: Applicant(customer_id) for customer_id in customer_ids}
    if not applicants:
        return applicants
    ids = list(applicants)
    asked = any(each.all_inquiries for each in terms)
    results = await _results(session, ids) if asked else {}
    names = frozenset(name for each in terms for name in each.consults)
    facts = await _facts(session, ids, names) if names else {}
    for row in await session.execute(APPLICANTS, {"ids": ids}):
        applicants[row.id] = Applicant(
            row.id,
            True,
            row.birth_date,
            row.province,
            row.mobile_verified,
            disabled=row.disabled,
            inquiries=results.get(row.id, {}),
            facts=facts.get(row.id, {}),
        )
    return applicants


async def _results(session: AsyncSession, ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    results: dict[UUID, dict[str, str]] = defaultdict(dict)
    for row in await session.execute(INQUIRIES, {"ids": ids}):
        results[row.customer_id][row.kind] = row.result
    return results


async def _facts(session: AsyncSession, ids: list[UUID], names: Collection[FactName]) -> Facts:
    facts: dict[UUID, dict[FactName, list[KnownFact]]] = defaultdict(lambda: defaultdict(list))
    for row in await session.execute(FACTS, {"ids": ids, "names": list(names)}):
        facts[row.id][row.name].append(KnownFact(row.item, row.value, row.source))
    return facts
