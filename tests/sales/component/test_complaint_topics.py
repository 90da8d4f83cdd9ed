"""The topics of complaints are kept by staff; what was filed under one stays."""

from uuid import uuid4

import pytest

PATH = "/api/v1/staff/complaint-topics"
NEW = {"code": "charging", "title": "شارژ خودرو", "sections": ["after_sales"]}


@pytest.fixture
async def desk(office):
    """Requests of a manager."""

    async def send(method, path="", body=None, roles=("manager",), member=uuid4()):  # noqa: B008 one manager
        headers = office.keys.authorization(member, list(roles))
        return await office.client.request(method, f"{PATH}{path}", json=body, headers=headers)

    return send


async def public(office):
    listed = await office.client.get("/api/v1/complaints/topics", headers=office.buyer(uuid4()))
    return {topic["code"]: topic for topic in listed.json()["items"]}


async def file(office, section="after_sales"):
    form = {"section": section, "topic": "charging", "subject": "شارژر", "text": "شارژ نمی‌شود"}
    return await office.client.post("/api/v1/complaints", json=form, headers=office.buyer(uuid4()))


async def test_a_topic_is_added_renamed_moved_and_retired(office, desk):
    added = await desk("POST", body=NEW)
    assert added.status_code == 201, added.text
    assert (added.json()["active"], added.json()["position"]) == (True, 10)
    assert (await file(office)).status_code == 201
    assert (await file(office, "sales")).json()["code"] == "unknown_topic"

    changed = {"title": "شارژ و باتری", "sections": ["sales", "after_sales", "sales"]}
    moved = (await desk("PUT", "/charging", changed)).json()
    assert (moved["title"], moved["sections"]) == ("شارژ و باتری", ["after_sales", "sales"])
    assert (await file(office, "sales")).status_code == 201
    assert (await public(office))["charging"]["title"] == "شارژ و باتری"

    assert (await desk("POST", "/charging/retirement")).json()["active"] is False
    assert (await file(office)).json()["code"] == "unknown_topic"
    assert "charging" not in await public(office)
    listed = (await desk("GET", roles=("care",))).json()["items"]
    assert listed[-1]["code"] == "charging"
    assert (await desk("DELETE", "/charging/retirement")).json()["active"] is True
    auditor = office.keys.authorization(uuid4(), ["auditor"])
    trail = (await office.client.get("/api/v1/staff/audit/sales", headers=auditor)).json()["items"]
    assert [entry["action"] for entry in trail[:4]] == [
        f"sales.complaint_topic.{deed}" for deed in ("restored", "retired", "changed", "added")
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "", NEW | {"code": "price"}, (409, "topic_taken")),
        ("POST", "", NEW | {"code": "با حروف"}, (422, "invalid_fields")),
        ("POST", "", NEW | {"sections": []}, (422, "invalid_fields")),
        ("POST", "", NEW | {"sections": ["kitchen"]}, (422, "invalid_fields")),
        ("PUT", "/nothing", {"title": "هیچ", "sections": ["sales"]}, (404, "not_found")),
        ("POST", "/nothing/retirement", None, (404, "not_found")),
    ],
)
async def test_what_cannot_be_is_refused(desk, method, path, body, expected):
    refused = await desk(method, path, body)
    assert (refused.status_code, refused.json()["code"]) == expected


async def test_only_managers_keep_topics(desk):
    for roles in (("care",), ("operator",), ()):
        assert (await desk("POST", body=NEW, roles=roles)).status_code == 403
