"""News for many: a file of people, sent in by the manager; one of them wants none."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx

from chassis.testing.eventually import eventually
from nobat.testing.visitor import API, Json, Visitor

NewBuyer = Callable[..., Awaitable[Visitor]]
RUNS = "/staff/message-runs"
FIRST_NAME = "مریم"


async def send_in(manager: Visitor, file: str) -> Json:
    """The run of a file, once it is read."""
    form = {"title": "فراخوان تکمیل وجه", "file_name": "people.csv", "format": "csv"}
    run = await manager.post(RUNS, form, key=str(uuid4()))
    path = f"{RUNS}/{run['run_id']}"
    sent = await manager.api.put(
        f"{API}{path}/file/parts/1",
        content=file.encode(),
        headers={"authorization": f"Bearer {manager.token}", "content-type": "application/octet-stream"},
    )
    assert sent.status_code == httpx.codes.NO_CONTENT, sent.text
    await manager.post(f"{path}/file/start", {"parts": 1}, 200)
    return await eventually(lambda: manager.get(path), lambda seen: seen["state"] == "ready")


async def test_a_file_of_people_is_told_once_and_who_wants_none_is_not(
    new_buyer: NewBuyer, manager: Visitor, operator: Visitor, no_quiet_hours: None
) -> None:
    wants, declines = await new_buyer(), await new_buyer()
    answer = await declines.ask("PUT", "/messages/preferences", {"bulk": False})
    assert answer.json() == {"bulk": False}
    number = str(uuid4().int)[:12]
    people = [f"{buyer.person.mobile},{FIRST_NAME},{number}" for buyer in (wants, declines, wants)]
    run = await send_in(manager, "\n".join(["mobile,first_name,number", *people]))
    assert (run["figures"]["waiting"], run["file"]["rows_bad"]) == (1, 2)
    path = f"{RUNS}/{run['run_id']}"
    errors = await manager.ask("GET", f"{path}/file/errors.csv")
    assert sorted(row.split(",")[2] for row in errors.text.splitlines()[1:]) == ["opted_out", "repeated"]

    await manager.post(f"{path}/start", expected=200)
    await wants.text_with(number)
    done = await eventually(lambda: manager.get(path), lambda seen: seen["state"] == "done")
    assert (done["figures"]["recipients"], done["figures"]["cancelled"]) == (1, 0)
    assert not [item for item in await declines.texts() if number in item["text"]]

    me = (await wants.get("/me"))["customer_id"]
    history = (await operator.get(f"/staff/messages?customer_id={me}"))["items"]
    assert "welcome" in {item["template"] for item in history}


async def test_a_manager_changes_what_a_message_says(new_buyer: NewBuyer, manager: Visitor) -> None:
    path = "/staff/message-templates/welcome"
    word = f"حساب {uuid4().int % 10**6} فعال شد"
    proposed = await manager.post(
        f"{path}/versions", {"text": "{first_name} عزیز، " + word}, key=str(uuid4())
    )
    published = await manager.ask("PUT", f"{path}/versions/{proposed['version']}/publication")
    assert published.json()["active"]
    buyer = await new_buyer()
    assert FIRST_NAME in await buyer.text_with(word)
    assert (await manager.ask("PUT", f"{path}/versions/1/publication")).status_code == httpx.codes.OK
