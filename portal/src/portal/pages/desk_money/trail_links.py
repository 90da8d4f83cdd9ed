"""Where the ids of the trails lead: the pages of the desk that show what they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from portal.language import gettext
from portal.pages.desk_money import trail_words

WHY = "fraud_review"
"""For what somebody who reads the trail looks at a person."""
TAIL = 6


def _(text: str) -> str:
    """Marks a text for the catalogue; it is translated when it is shown."""
    return text


PAGES: Mapping[str, tuple[str, str]] = {
    "bill_id": (_("قبض"), "/staff/statements?sought={id}"),
    "actor": (_("کننده"), "/staff/members/{id}"),
    "article_id": (_("اطلاعیه"), "/staff/articles/{id}"),
    "batch_id": (_("دسته‌ی واریز"), "/staff/refunds/batches/{id}"),
    "complaint_id": (_("شکایت"), "/staff/complaints/{id}"),
    "customer_id": (_("صاحب داده"), "/staff/people/{id}?purpose=" + WHY),
    "dealership_id": (_("نمایندگی"), "/staff/dealerships/{id}"),
    "invited_by": (_("دعوت‌کننده"), "/staff/members/{id}"),
    "order_id": (_("سفارش"), "/staff/statements/{id}"),
    "plan_id": (_("طرح"), "/staff/plans/{id}"),
    "proposed_by": (_("پیشنهاددهنده"), "/staff/members/{id}"),
    "to_customer_id": (_("گیرنده‌ی قرارداد"), "/staff/people/{id}?purpose=" + WHY),
}
"""By the detail's name: what it names, and its page."""
PAGES_OF: Mapping[tuple[str, str], tuple[str, str]] = {
    ("identity.change.", "change_id"): (_("درخواست"), "/staff/approvals/{id}"),
    ("identity.inquiry_run.", "run_id"): (_("استعلام"), "/staff/inquiries/{id}"),
    ("notify.message_run.", "run_id"): (_("ارسال انبوه"), "/staff/runs/{id}"),
    ("notify.message_template.", "name"): (_("پیامک"), "/staff/messages/{id}"),
}
"""Of names that mean different things, by how the action begins."""


@dataclass(frozen=True)
class Detail:
    """``path`` is empty where there is no page."""

    label: str
    text: str
    path: str = ""


def details_of(entry: Mapping[str, Any]) -> list[Detail]:
    """What the entry says besides who and whose; what it says nothing of is left out."""
    said = {name: value for name, value in entry["details"].items() if value is not None}
    return [_detail(entry["action"], name, value) for name, value in said.items()]


def person(identifier: str) -> str:
    """The page of somebody whose data it is."""
    return f"/staff/people/{identifier}?purpose={WHY}"


def actor(entry: Mapping[str, Any]) -> str:
    """The page of who did it: of the staff, or of a customer."""
    return f"/staff/members/{entry['actor']}" if entry["roles"] else person(entry["actor"])


def short(identifier: str) -> str:
    """Enough of an id to tell it from its neighbours."""
    return f"…{identifier[-TAIL:]}"


def _detail(action: str, name: str, value: Any) -> Detail:
    found = [
        page for (begins, named), page in PAGES_OF.items() if action.startswith(begins) and named == name
    ]
    label, path = found[0] if found else PAGES.get(name, ("", ""))
    if not path or not isinstance(value, str):
        return Detail(trail_words.detail(name), trail_words.said(name, value))
    text = short(value) if name != "name" else value
    return Detail(gettext(label), text, path.format(id=quote(value, safe="")))
