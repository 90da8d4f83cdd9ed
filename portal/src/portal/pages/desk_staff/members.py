"""The staff: the list with all that waits, and one of them with roles and dealership."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.account import words as account
from portal.pages.desk.paging import next_path
from portal.pages.desk.rights import is_me, may
from portal.pages.desk_staff.choosing import dealerships, wanted_roles
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/members")

API = "/staff/members"
DECISIONS: Mapping[str, tuple[str, str]] = {
    "confirm_invitation": ("POST", "/invitations/{}/confirmation"),
    "withdraw_invitation": ("DELETE", "/invitations/{}"),
    "confirm_roles": ("POST", "/role-changes/{}/confirmation"),
    "refuse_roles": ("POST", "/role-changes/{}/refusal"),
}
"""What is done with what waits."""


@router.get("")
async def index(visit: Staff, cursor: UUID | None = None) -> Response:
    return await _page(visit, cursor=cursor)


@router.post("")
async def decide(visit: Staff) -> Response:
    """One of ``DECISIONS`` about the invitation or the change ``of``."""
    form = visit.form()
    if form["deed"] not in DECISIONS:
        return await _page(visit, 422)
    method, path = DECISIONS[form["deed"]]
    try:
        await visit.ask(method, API + path.format(UUID(form["of"])))
    except ValueError:
        return await _page(visit, 422)
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, refusal.status)
    return visit.redirect(API, gettext("انجام شد."))


@router.get("/{member_id}")
async def look(member_id: UUID, visit: Staff) -> Response:
    return await _member_page(visit, member_id)


@router.post("/{member_id}")
async def change(member_id: UUID, visit: Staff) -> Response:
    """One of ``DEEDS``."""
    form = visit.form()
    if form["deed"] not in DEEDS:
        return await _member_page(visit, member_id, 422)
    try:
        said = await DEEDS[form["deed"]](visit, f"{API}/{member_id}", form)
    except Refused as refusal:
        form.refused(refusal)
        return await _member_page(visit, member_id, refusal.status)
    return visit.redirect(API if form["deed"] == "removal" else f"{API}/{member_id}", said)


async def _roles(visit: Visit, path: str, form: Form) -> str:
    changed = await visit.ask("PUT", f"{path}/roles", wanted_roles(form))
    if "change_id" in changed:
        return gettext("پیشنهاد شد؛ سرپرست دیگری باید آن را تأیید کند.")
    return gettext("نقش‌ها ثبت شد؛ او باید دوباره وارد شود.")


async def _dealership(visit: Visit, path: str, form: Form) -> str:
    await visit.ask("PUT", f"{path}/dealership", {"dealership_id": form["dealership_id"] or None})
    return gettext("نمایندگی ثبت شد.")


async def _removal(visit: Visit, path: str, _: Form) -> str:
    await visit.delete(path)
    return gettext("از کارکنان برداشته شد؛ حساب او به‌عنوان خریدار می‌ماند.")


DEEDS: Mapping[str, Callable[[Visit, str, Form], Awaitable[str]]] = {
    "roles": _roles,
    "dealership": _dealership,
    "removal": _removal,
}


async def _page(visit: Visit, status: int = 200, cursor: UUID | None = None) -> Response:
    members = await visit.get(API, {"cursor": cursor or ""})
    changes = (await visit.get(f"{API}/role-changes"))["items"]
    return visit.page(
        "desk_staff/members.html",
        status=status,
        members=members["items"],
        invitations=(await visit.get(f"{API}/invitations"))["items"],
        changes=[{**one, "is_mine": is_me(visit, one["proposed_by"])} for one in changes],
        next_path=next_path(API, {}, members["next_cursor"]),
        roles=account.roles(),
        may_write=may(visit, "members.write"),
        me=visit.session.customer_id if visit.session else "",
    )


async def _member_page(visit: Visit, member_id: UUID, status: int = 200) -> Response:
    member = await visit.get(f"{API}/{member_id}")
    form = visit.form().fill({"dealership_id": member["dealership_id"]})
    form.lists.setdefault("roles", member["roles"])
    return visit.page(
        "desk_staff/member.html",
        status=status,
        form=form,
        member=member,
        roles=account.roles(),
        dealerships=await dealerships(visit, member["dealership_id"]),
        may_write=may(visit, "members.write") and not is_me(visit, str(member_id)),
    )
