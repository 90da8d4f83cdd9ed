"""Who is offered a button: the API judges, a page only leaves out what is not somebody's work."""

from collections.abc import Mapping
from typing import Literal

from portal.pages.desk.areas import ADMIN, CARE, MANAGER, OPERATOR
from portal.visit import Visit

Work = Literal["approvals.decide", "complaints.answer", "message_templates.write", "message_runs.write"]

ROLES: Mapping[Work, frozenset[str]] = {
    "approvals.decide": frozenset({OPERATOR, ADMIN}),
    "complaints.answer": frozenset({CARE}),
    "message_templates.write": frozenset({MANAGER, ADMIN}),
    "message_runs.write": frozenset({MANAGER, CARE}),
}
"""As in docs/permissions.md."""


def may(visit: Visit, work: Work) -> bool:
    return visit.session is not None and bool(ROLES[work].intersection(visit.session.roles))


def is_me(visit: Visit, person: str | None) -> bool:
    """Whether the id that the API says of a member of the staff is the visitor's."""
    return visit.session is not None and person == visit.session.customer_id
