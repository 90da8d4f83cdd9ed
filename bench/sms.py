"""An SMS provider that takes everything after a while: Kavenegar's two ways of sending, nothing behind them.

``python -m bench.sms PORT SECONDS``. ``GET /codes`` says when each code came, ``GET /count`` how many
texts did.
"""

import asyncio
import sys
import time
from itertools import count
from urllib.parse import parse_qs

from chassis.json import dumps, loads

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Provider:
    """``codes`` maps each code to when it came, in seconds since the epoch."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ids = count(1)
        self.codes: dict[str, float] = {}
        self.texts = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while True:
                path, body = await _request(reader)
                answer = await self._answer(path, body)
                writer.write(HEAD % len(answer) + answer)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            writer.close()

    async def _answer(self, path: str, body: bytes) -> bytes:
        if path == "/codes":
            return dumps(self.codes)
        if path == "/count":
            return dumps(self.texts)
        if "account/info" in path:
            return dumps({"return": {"status": 200, "message": "ok"}, "entries": {"remaincredit": 10**12}})
        came = time.time()
        form = parse_qs(body.decode())
        if "lookup" in path:
            self.codes[form["token"][0]] = came
            number = 1
        else:
            number = len(loads(form["receptor"][0])) if "sendarray" in path else 1
            self.texts += number
        await asyncio.sleep(self._seconds)
        entries = [{"messageid": next(self._ids), "status": 1} for _ in range(number)]
        return dumps({"return": {"status": 200, "message": "ok"}, "entries": entries})


async def _request(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    return first.split(" ")[1], await reader.readexactly(int(headers.get("content-length", 0)))


async def main(port: int, seconds: float) -> None:
    server = await asyncio.start_server(Provider(seconds).serve, "127.0.0.1", port, backlog=1000)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
