"""What is refused on the way to a draw, and what stands in for what did not come."""

import json
from hashlib import sha256
from uuid import UUID

from sqlalchemy import text

from sales.draws import verify_draw


async def test_what_comes_too_early_is_refused(desk):
    await desk.enter(2)
    assert (await desk.staff("POST", "/freeze", desk.recipe())).json()["code"] == "plan_still_open"
    assert (await desk.staff("POST", "/proposal")).json()["code"] == "illegal_draw_move"
    assert (await desk.staff("POST", "/start")).json()["code"] == "illegal_draw_move"
    desk.close()
    assert (await desk.staff("POST", "/freeze", desk.recipe())).json()["code"] == "recheck_running"
    hasty = desk.recipe() | {"witnesses_until": desk.office.clock().isoformat()}
    hasty["sources"][0]["alternatives"][0]["at"] = desk.office.clock().isoformat()
    assert (await desk.staff("POST", "/freeze", hasty)).json()["code"] == "notice_too_short"
    await desk.freeze()
    early = {"value": "1", "evidence": "a guess"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", early)).json()["code"] == "value_too_early"
    wrong = {"value": "00" * 32}
    assert (await desk.staff("PUT", "/witnesses/1", wrong)).json()["code"] == "reveal_mismatch"
    missing = (await desk.staff("POST", "/proposal")).json()
    assert (missing["code"], missing["missing"]) == ("values_missing", ["notary", "index"])


async def test_two_people_start_a_draw_and_a_correction_withdraws_the_proposal(desk):
    await desk.enter(2)
    desk.close()
    await desk.freeze()
    await desk.seed()
    alone = await desk.staff("POST", "/start", by=desk.one)
    assert (alone.status_code, alone.json()["code"]) == (403, "same_person")
    corrected = {"value": "2,345,679", "evidence": "page 3"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", corrected)).status_code == 200
    assert (await desk.staff("POST", "/start", by=desk.other)).json()["code"] == "values_missing"


async def test_a_silent_witness_and_a_failed_source_have_their_stand_ins(desk, tmp_path):
    await desk.enter(3)
    desk.close()
    await desk.freeze()
    desk.office.clock.advance(hours=3)
    late = await desk.staff("PUT", "/witnesses/1", {"value": desk.reveal.hex()})
    assert late.json()["code"] == "reveal_too_late"
    reading = {"value": "beacon", "evidence": "round 5"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/2", reading)).json()[
        "code"
    ] == "alternative_out_of_turn"
    failed = {"value": None, "evidence": "the exchange was closed"}
    assert (await desk.staff("PUT", "/sources/1/alternatives/1", failed)).status_code == 200
    assert (await desk.staff("PUT", "/sources/1/alternatives/2", reading)).status_code == 200
    assert (await desk.staff("POST", "/proposal")).status_code == 200
    await desk.hold()
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)
    assert json.loads((tmp_path / "seed.json").read_bytes())["witnesses"] == [
        {"name": "notary", "value": None}
    ]


async def test_entries_that_changed_after_the_freeze_stop_the_draw(desk):
    await desk.enter(3)
    desk.close()
    await desk.freeze()
    await desk.seed()
    async with desk.office.database.transaction() as session:
        await session.execute(
            text("UPDATE draw_entries SET applicant_class = 'veterans' WHERE order_id = :id"),
            {"id": UUID(desk.orders[0])},
        )
    await desk.hold()
    watched = (await desk.staff("GET", "")).json()
    assert (watched["state"], watched["problem"]) == ("seeded", "entries_changed")
    assert (await desk.ticket(0))["outcome"] is None


async def test_a_draw_is_given_up_only_while_nobody_can_know_the_seed(desk, tmp_path):
    await desk.enter(2)
    desk.close()
    await desk.freeze()
    given_up = (await desk.staff("POST", "/abort", {"reason": "a wrong list"})).json()
    assert given_up["state"] == "aborted"
    secret = given_up["aborted"][0]["operator_secret"]
    assert (
        sha256(bytes.fromhex(secret)).hexdigest()
        == given_up["aborted"][0]["commitment"]["operator_commitment"]
    )
    await desk.freeze()
    await desk.seed()
    refused = await desk.staff("POST", "/abort", {"reason": "not my friends"})
    assert refused.json()["code"] == "abort_refused"
    await desk.hold()
    await desk.download(tmp_path)
    verify_draw.verify(tmp_path)
