"""The adapter against a socket that misbehaves: what is known about a message, and what leaks."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from chassis.http import new_client
from iran import Mobile
from nobat.servers.ports import free_port
from notify.providers.kavenegar import Kavenegar
from notify.providers.port import StatusUnavailable, Verdict

KEY = "the-secret-key"
MOBILE = Mobile("09123456789")


def answering(status, body):
    def act(writer):
        head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\ncontent-type: application/json\r\n\r\n"
        writer.write(head.encode() + body)

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
        yield server.sockets[0].getsockname()[1]
        done.set()


def kavenegar(port, act=None):
    timeout = 0.3 if act is silent else 2
    return Kavenegar(new_client(timeout=timeout), f"http://127.0.0.1:{port}", KEY, "10004346")


@pytest.mark.parametrize(
    ("act", "verdict"),
    [
        (reset, Verdict.UNCONFIRMED),
        (cut_short, Verdict.UNCONFIRMED),
        (silent, Verdict.UNCONFIRMED),
        (answering(200, b"<html>"), Verdict.UNCONFIRMED),
        (answering(200, b'{"return": {"status": 200}, "entries": []}'), Verdict.UNCONFIRMED),
        (answering(502, b"<html>"), Verdict.UNCONFIRMED),
        (answering(500, b'{"return": {"status": 500}}'), Verdict.UNCONFIRMED),
        (answering(503, b"<html>"), Verdict.POSTPONED),
        (answering(200, b'{"return": {"status": 418}, "entries": null}'), Verdict.POSTPONED),
        (answering(411, b'{"return": {"status": 411}, "entries": null}'), Verdict.REFUSED),
    ],
)
async def test_a_verdict_claims_no_more_than_is_known(act, verdict):
    async with listening(act) as port:
        outcome = await kavenegar(port, act).send_text(MOBILE, "سلام", uuid4())
    assert outcome.verdict is verdict
    assert outcome.message_id is None


async def test_a_message_surely_was_not_taken_where_nobody_listens():
    outcome = await kavenegar(free_port()).send_code(MOBILE, "nobat-code", "482913", uuid4())
    assert outcome.verdict is Verdict.POSTPONED


@pytest.mark.parametrize("act", [reset, silent, answering(500, b"x"), answering(200, b"{}")])
async def test_no_reason_or_error_holds_the_key_or_the_mobile(act):
    async with listening(act) as port:
        adapter = kavenegar(port, act)
        outcome = await adapter.send_text(MOBILE, "سلام", uuid4())
        with pytest.raises(StatusUnavailable) as failed:
            await adapter.deliveries(["1"])
    told = f"{outcome} {failed.value!r} {failed.value.__cause__!r}"
    assert KEY not in told
    assert MOBILE[1:] not in told
    assert failed.value.__suppress_context__
