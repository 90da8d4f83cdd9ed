"""Registers on the desk: what holds, and the form with which it is decided."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from portal.forms import Form
from portal.gateway import Refused
from portal.language import gettext
from portal.pages.desk.fields import body_of, filled, shown
from portal.pages.desk.rights import may
from portal.pages.desk_rules import of_accounts, of_messages, of_money, of_service
from portal.pages.desk_rules.register import Register
from portal.visit import Staff, Visit

router = APIRouter(prefix="/staff/rules")

REGISTERS: Mapping[str, Register] = {
    **of_money.REGISTERS,
    **of_messages.REGISTERS,
    **of_service.REGISTERS,
    **of_accounts.REGISTERS,
}
DEEDS: Mapping[str, tuple[str, str]] = {
    "remove": ("DELETE", ""),
    "retire": ("POST", "/retirement"),
    "restore": ("DELETE", "/retirement"),
}
"""What is done with a row, as the method and the rest of its address."""


@router.get("/{name}")
async def index(name: str, visit: Staff) -> Response:
    return await _page(visit, name)


@router.post("/{name}")
async def act(name: str, visit: Staff) -> Response:
    form = visit.form()
    register = _register(name)
    if form["deed"] not in DEEDS:
        return await _page(visit, name, 422)
    await _row(visit, register, form["of"])
    method, rest = DEEDS[form["deed"]]
    try:
        await visit.ask(method, f"{register.api}/{form['of']}{rest}")
    except Refused as refusal:
        form.refused(refusal)
        return await _page(visit, name, refusal.status)
    return visit.redirect(f"/staff/rules/{name}", gettext("انجام شد."))


@router.get("/{name}/row")
async def ask(name: str, visit: Staff, of: str = "") -> Response:
    """``of`` is the key of a row that is changed."""
    register = _register(name)
    form = visit.form().fill({"of": of})
    if of or register.single:
        row = await _row(visit, register, form["of"])
        return _form_page(visit, name, filled(form, register.fields, row))
    return _form_page(visit, name, form)


@router.post("/{name}/row")
async def decide(name: str, visit: Staff) -> Response:
    form, register = visit.form(), _register(name)
    if form["of"]:
        await _row(visit, register, form["of"])
    is_new = not form["of"] and not register.single
    body = body_of(form, register.fields if is_new else register.decided)
    if form.is_wrong:
        return _form_page(visit, name, form, 422)
    try:
        await _send(visit, register, form, body)
    except Refused as refusal:
        return _form_page(visit, name, form.refused(refusal), refusal.status)
    return visit.redirect(f"/staff/rules/{name}", gettext("ثبت شد."))


async def _send(visit: Visit, register: Register, form: Form, body: dict[str, Any]) -> None:
    if not form["of"] and register.adds == "POST":
        await visit.post(register.api, body, key=form.key)
        return
    place = [form["of"]] if form["of"] else [body.pop(name) for name in register.key]
    await visit.ask("PUT", "/".join([register.api, *place]), body)


def _register(name: str) -> Register:
    if name not in REGISTERS:
        raise Refused(404, "not_found", "")
    return REGISTERS[name]


async def _rows(visit: Visit, register: Register) -> list[Mapping[str, Any]]:
    found = await visit.get(register.api)
    rows: list[Mapping[str, Any]] = [found] if register.single else found["items"]
    return rows


async def _row(visit: Visit, register: Register, key: str) -> Mapping[str, Any]:
    for row in await _rows(visit, register):
        if register.single or _key_of(register, row) == key:
            return row
    raise Refused(404, "not_found", "")


def _key_of(register: Register, row: Mapping[str, Any]) -> str:
    return "/".join(row[name] for name in register.key)


async def _page(visit: Visit, name: str, status: int = 200) -> Response:
    register = _register(name)
    rows = [
        {
            "cells": [shown(one, row[one.name]) for one in register.columns],
            "key": _key_of(register, row),
            "active": row.get("active", True),
        }
        for row in await _rows(visit, register)
    ]
    return visit.page(
        "desk_rules/register.html",
        status=status,
        name=name,
        register=register,
        rows=rows,
        may_write=may(visit, register.writes),
    )


def _form_page(visit: Visit, name: str, form: Form, status: int = 200) -> Response:
    register = _register(name)
    is_change = bool(form["of"]) or register.single
    return visit.page(
        "desk_rules/row.html",
        status=status,
        form=form,
        name=name,
        register=register,
        fields=register.decided if is_change else register.fields,
        of=[(one.label, shown(one, form["of"])) for one in register.named] if form["of"] else [],
    )
