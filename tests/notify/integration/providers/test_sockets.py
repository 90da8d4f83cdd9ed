"""The adapters against a socket that misbehaves: what is known about a message, and what leaks."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from iran import Mobile
from notify.providers.port import Letter, Secret, StatusUnavailable, Verdict

KEY = "the-secret-key"
MOBILE = Mobile("09123456789")
CODE = "482913"


def answering(status, body):
    def act(writer):
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\ncontent-type: application/json\r\n\r\n"
        writer.write(head.encode() + body)

    return act


def redirecting(status, location):
    def act(writer):
        head = (
            f"HTTP/1.1 {status} X\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode())

    return act


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


def cut_short(writer):
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"return": {"status": 200}, "entr')
    writer.close()


def silent(_):
    return None


@asynccontextmanager
async def listening(act):
    done = asyncio.Event()

    async def serve(reader, writer):
        await reader.read(4096)
        act(writer)
        await done.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        done.set()


ACCEPTED_WITHOUT_ID = (
    b'{"return": {"status": 200}, "entries": [], "status": 1, "data": {}, "isSuccess": true,'
    b' "statusCode": 200, "RetStatus": 1, "meta": {"status": true}}'
)


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        (reset, Verdict.UNCONFIRMED),
        (cut_short, Verdict.UNCONFIRMED),
        (silent, Verdict.UNCONFIRMED),
        (answering(200, b"<html>"), Verdict.UNCONFIRMED),
        (answering(200, ACCEPTED_WITHOUT_ID), Verdict.UNCONFIRMED),
        (answering(200, b"[]"), Verdict.UNCONFIRMED),
        (answering(502, b"<html>"), Verdict.UNCONFIRMED),
        (answering(500, b"{}"), Verdict.UNCONFIRMED),
        (answering(503, b"<html>"), Verdict.OUTAGE),
        (answering(429, b"<html>"), Verdict.POSTPONED),
    ],
)
async def test_a_verdict_claims_no_more_than_is_known(adapter, name, act, verdict):
    async with listening(act) as url:
        provider = adapter(name, url, timeout=0.2 if act is silent else 20)
        [outcome] = await provider.send([Letter(MOBILE, "سلام", uuid4())])
    assert outcome.verdict is verdict
    assert outcome.message_id is None


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_is_not_followed_and_leaves_open_what_became_of_the_message(adapter, name, status):
    visits = []

    def visited(writer):
        visits.append(writer)
        reset(writer)

    async with listening(visited) as elsewhere, listening(redirecting(status, elsewhere)) as url:
        provider = adapter(name, url)
        [outcome] = await provider.send([Letter(MOBILE, "سلام", uuid4())])
        outcome_of_code = await provider.send_code(Secret(MOBILE, "100001", CODE, uuid4()))
        with pytest.raises(StatusUnavailable):
            await provider.deliveries(["1"])
    assert (outcome.verdict, outcome_of_code.verdict) == (Verdict.UNCONFIRMED, Verdict.UNCONFIRMED)
    assert not visits


@pytest.mark.parametrize("act", [reset, answering(500, b"x"), answering(200, b"{}")])
async def test_no_reason_or_error_holds_the_key_the_mobile_or_the_code(adapter, name, act):
    async with listening(act) as url:
        provider = adapter(name, url, secret=KEY, timeout=0.5)
        outcome = await provider.send_code(Secret(MOBILE, "100001", CODE, uuid4()))
        with pytest.raises(StatusUnavailable) as failed:
            await provider.deliveries(["1"])
    told = f"{outcome} {failed.value!r} {failed.value.__cause__!r}"
    assert not [secret for secret in (KEY, MOBILE[1:], CODE) if secret in told]
    assert failed.value.__suppress_context__
