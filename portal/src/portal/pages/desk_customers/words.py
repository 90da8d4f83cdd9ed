"""How the codes of the API about people and their messages are called."""

from collections.abc import Mapping
from typing import Any

from portal.formats import day
from portal.language import gettext
from portal.pages.account import words as account
from portal.pages.desk_people import words as people


def reasons() -> list[tuple[str, str]]:
    """Why an account is disabled."""
    return [
        ("owner_request", gettext("درخواست صاحب حساب")),
        ("suspected_theft", gettext("گمان دزدی")),
        ("fraud", gettext("تقلب")),
        ("legal_order", gettext("دستور قضایی")),
        ("deceased", gettext("درگذشت")),
    ]


def states() -> dict[str, tuple[str, str]]:
    """Of a message: what it is called, and the kind of its tag."""
    return {
        "queued": (gettext("در نوبت"), "quiet"),
        "sending": (gettext("در حال ارسال"), "quiet"),
        "sent": (gettext("فرستاده شد"), "warning"),
        "delivered": (gettext("به گوشی رسید"), "good"),
        "undelivered": (gettext("به گوشی نرسید"), "bad"),
        "failed": (gettext("فرستاده نشد"), "bad"),
        "expired": (gettext("مهلتش گذشت"), "bad"),
        "cancelled": (gettext("لغو شد"), "quiet"),
        "unknown": (gettext("سرنوشت نامعلوم"), "warning"),
    }


def disclosed(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and text of what was unmasked."""
    labels = account.fields()
    return [(labels.get(name, name), _text(name, value)) for name, value in fields.items()]


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = people.address()
        return gettext("، ").join(f"{inner.get(part, part)}: {said}" for part, said in value.items() if said)
    if name == "birth_date":
        return day(str(value))
    if name == "gender":
        return people.genders().get(str(value), str(value))
    return "—" if value is None else str(value)
