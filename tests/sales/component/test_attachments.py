"""Pictures are added to complaints and fetched by who may."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from sales.voice import jobs
from sales.voice.attachments_api import MAX_FORM_BYTES
from sales.voice.folder import Folder

PATH = "/api/v1/complaints"


def photo(marker=b""):
    file = io.BytesIO()
    Image.new("RGB", (60, 30), "blue").save(file, "JPEG")
    return file.getvalue() + marker


@pytest.fixture
async def complaint(office):
    customer = uuid4()
    form = {"section": "after_sales", "topic": "repair", "subject": "ترمز", "text": "عکس پیوست است"}
    filed = await office.client.post(PATH, json=form, headers=office.buyer(customer))
    return customer, f"{PATH}/{filed.json()['complaint_id']}"


async def send(office, customer, path, data, *, key=None, name="file"):
    headers = office.buyer(customer) | ({"Idempotency-Key": key} if key else {})
    files = {name: ("../../evil.php", data, "image/jpeg")}
    return await office.client.post(f"{path}/attachments", files=files, headers=headers)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_picture_is_kept_sealed_and_fetched_by_its_owner_and_by_care(office, complaint, tmp_path):
    customer, path = complaint
    sent = await send(office, customer, path, photo(b"<script>"))
    assert sent.status_code == 201, sent.text
    view = sent.json()
    [file] = files_in(tmp_path)
    assert (b"JFIF" in file.read_bytes(), file.stat().st_mode & 0o777) == (False, 0o600)
    place = f"{path}/attachments/{view['attachment_id']}"
    got = await office.client.get(place, headers=office.buyer(customer))
    assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert (len(got.content), b"script" in got.content) == (view["size"], False)
    page = (await office.client.get(path, headers=office.buyer(customer))).json()
    assert page["attachments"] == [view]
    staff = place.replace("/complaints", "/staff/complaints")
    care = office.keys.authorization(uuid4(), ["care"])
    assert (await office.client.get(staff, headers=care)).content == got.content
    assert (await office.client.get(place, headers=office.buyer(uuid4()))).status_code == 404
    other = f"{path}/attachments/{uuid4()}"
    assert (await office.client.get(other, headers=office.buyer(customer))).status_code == 404


async def test_a_repeated_upload_is_kept_once(office, complaint, tmp_path):
    customer, path = complaint
    answers = [await send(office, customer, path, photo(), key="photo-0001") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(files_in(tmp_path)) == 1


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7", "not_a_picture"), (b"", "not_a_picture"), (b"GIF89a;", "not_a_picture")]
)
async def test_what_is_no_picture_is_refused_and_not_kept(office, complaint, tmp_path, data, code):
    customer, path = complaint
    refused = await send(office, customer, path, data)
    assert (refused.status_code, refused.json()["code"]) == (415, code)
    assert files_in(tmp_path) == []


async def test_a_form_without_the_file_or_of_another_kind_is_refused(office, complaint):
    customer, path = complaint
    assert (await send(office, customer, path, photo(), name="picture")).status_code == 422
    headers = office.buyer(customer)
    plain = await office.client.post(f"{path}/attachments", json={}, headers=headers)
    assert plain.status_code == 415
    broken = headers | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await office.client.post(f"{path}/attachments", content=b"--y\r\n", headers=broken)
    assert (answer.status_code, answer.json()["code"]) in {(400, "malformed_form"), (422, "invalid_fields")}


@pytest.mark.parametrize("part", [("a.jpg", b"x", "image/jpeg"), (None, b"x")])
async def test_a_form_of_a_thousand_parts_is_refused(office, complaint, tmp_path, part):
    """Be they files or fields."""
    customer, path = complaint
    parts = [*[(f"file{n}", part) for n in range(1000)], ("file", ("a.jpg", photo(), "image/jpeg"))]
    refused = await office.client.post(f"{path}/attachments", files=parts, headers=office.buyer(customer))
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed_form")
    assert files_in(tmp_path) == []


async def test_two_gigabytes_are_refused_unread(office, complaint, tmp_path):
    customer, path = complaint
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while sent < 2_000_000_000:
            sent += 65_536
            yield b"\xff" * 65_536

    headers = office.buyer(customer) | {"Content-Type": "multipart/form-data; boundary=x"}
    address = f"{path}/attachments"
    refused = await office.client.post(address, content=endless(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    assert sent < 2 * MAX_FORM_BYTES
    announced = headers | {"Content-Length": "2000000000"}
    assert (await office.client.post(address, content=endless(), headers=announced)).status_code == 413
    assert files_in(tmp_path) == []


async def test_a_stranger_is_refused_before_the_file_is_read(office, complaint):
    _, path = complaint
    assert (await send(office, uuid4(), path, b"not even looked at")).status_code == 404


async def test_ten_pictures_are_enough(office, complaint):
    customer, path = complaint
    for _ in range(10):
        assert (await send(office, customer, path, photo())).status_code == 201
    refused = await send(office, customer, path, photo())
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_attachments")


async def test_what_care_adds_the_customer_sees_and_only_care_adds_it(office, complaint, tmp_path):
    customer, path = complaint
    agent, staff = uuid4(), path.replace("/complaints", "/staff/complaints")

    async def add(data, *roles):
        files, headers = {"file": ("a.jpg", data, "image/jpeg")}, office.keys.authorization(agent, [*roles])
        return await office.client.post(f"{staff}/attachments", files=files, headers=headers)

    for _ in range(10):
        assert (await send(office, customer, path, photo())).status_code == 201
    added = await add(photo(), "care")
    assert added.status_code == 201, added.text
    assert (await add(photo(), "auditor")).status_code == 403
    assert (await add(b"%PDF-1.7", "care")).json()["code"] == "not_a_picture"
    page = (await office.client.get(path, headers=office.buyer(customer))).json()
    assert [each["author"] for each in page["attachments"]] == ["customer"] * 10 + ["care"]
    place = f"{path}/attachments/{added.json()['attachment_id']}"
    assert (await office.client.get(place, headers=office.buyer(customer))).status_code == 200
    assert len(files_in(tmp_path)) == 11
    trail = await office.client.get(
        f"/api/v1/staff/audit/sales?subject={customer}",
        headers=office.keys.authorization(uuid4(), ["auditor"]),
    )
    assert [entry["action"] for entry in trail.json()["items"]] == ["sales.complaint.attached"]
    care = office.keys.authorization(agent, ["care"])
    await office.client.post(f"{staff}/resolution", json={"text": "پایان"}, headers=care)
    assert (await add(photo(), "care")).json()["code"] == "illegal_complaint_move"


async def test_files_without_a_row_are_swept_later(office, complaint, tmp_path):
    customer, path = complaint
    await send(office, customer, path, photo())
    folder, clock = Folder(tmp_path), office.clock
    folder.write(lost := uuid4(), b"left behind")
    await jobs.sweep(office.database, clock, folder)
    assert len(files_in(tmp_path)) == 2
    clock.advance(seconds=timedelta(days=1).total_seconds())
    await jobs.sweep(office.database, clock, folder)
    [kept] = files_in(tmp_path)
    assert kept.name != lost.hex


async def test_a_file_that_is_gone_is_not_found_and_a_changed_one_is_not_shown(office, complaint, tmp_path):
    customer, path = complaint
    view = (await send(office, customer, path, photo())).json()
    place, headers = f"{path}/attachments/{view['attachment_id']}", office.buyer(customer)
    [file] = files_in(tmp_path)
    sealed = file.read_bytes()
    file.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Exception, match="damaged"):
        await office.client.get(place, headers=headers)
    file.unlink()
    assert (await office.client.get(place, headers=headers)).status_code == 404


async def test_the_key_of_a_file_is_sealed(office, complaint):
    customer, path = complaint
    await send(office, customer, path, photo())
    async with office.database.transaction() as session:
        keys = await session.scalars(text("SELECT file_key FROM complaint_attachments"))
        assert all(bytes(key)[1:5] == b"test" for key in keys)
