"""The published files: by their digest, and in parts."""

from hashlib import sha256

import pytest

from sales.draws.tables import DrawFile, PublishedFile

PARTS = [b"one\n" * 50, b"two\n" * 50, b"three\n" * 50]
FILE = b"".join(PARTS)
ETAG = f'"{sha256(FILE).hexdigest()}"'


@pytest.fixture
async def download(desk):
    """Requests of a file that is kept in three parts."""
    async with desk.office.database.transaction() as session:
        whole = {"plan_id": desk.plan_id, "name": "result.txt"}
        session.add(PublishedFile(**whole, sha256=ETAG.strip('"'), size=len(FILE)))
        rows = [DrawFile(**whole, part=n, first="", root=None, content=part) for n, part in enumerate(PARTS)]
        session.add_all(rows)

    async def get(**headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return await desk.office.client.get(f"/api/v1/draws/{desk.plan_id}/result", headers=told)

    return get


async def test_a_download_goes_on_where_it_broke_off(download):
    whole = await download()
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, FILE, "bytes")
    rest = await download(range="bytes=190-", if_range=ETAG)
    assert (rest.status_code, rest.content) == (206, FILE[190:])
    assert rest.headers["content-range"] == f"bytes 190-{len(FILE) - 1}/{len(FILE)}"
    assert rest.headers["etag"] == ETAG
    middle = await download(range="bytes=199-400")
    assert (middle.content, middle.headers["content-length"]) == (FILE[199:401], "202")
    assert (await download(range="bytes=-7")).content == FILE[-7:]


async def test_who_began_with_another_file_gets_the_whole_one(download):
    answer = await download(range="bytes=190-", if_range='"another"')
    assert (answer.status_code, answer.content) == (200, FILE)


async def test_a_part_that_is_not_there_is_refused_with_the_size(download):
    refused = await download(range="bytes=5000-")
    assert (refused.status_code, refused.json()["code"]) == (416, "range_not_satisfiable")
    assert refused.headers["content-range"] == f"bytes */{len(FILE)}"


@pytest.mark.parametrize("held", [ETAG, f'"other", {ETAG}', f"W/{ETAG}", "*"])
async def test_who_has_the_file_does_not_get_it_again(download, held):
    answer = await download(if_none_match=held, range="bytes=0-5")
    assert (answer.status_code, answer.content) == (304, b"")


async def test_files_are_cached_by_their_digest(desk):
    await desk.enter(1)
    desk.close()
    await desk.freeze()
    entries = await desk.public("/entries")
    assert entries.headers["etag"] == f'"{sha256(entries.content).hexdigest()}"'
    url = f"/api/v1/draws/{desk.plan_id}/entries"
    again = await desk.office.client.get(url, headers={"If-None-Match": entries.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    stranger = await desk.public(f"/proof/{'0' * 64}")
    assert stranger.status_code == 404


async def test_a_plan_without_a_draw_has_none(office):
    plan = await office.open_plan()
    assert (await office.client.get(f"/api/v1/draws/{plan['plan_id']}")).status_code == 404
