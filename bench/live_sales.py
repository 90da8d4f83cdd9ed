"""Sales as far as live streams need it: every order is there, belongs to who has its id, and can change."""

import json
import sys

import uvloop
from starlette.types import Receive, Scope, Send

from chassis.server import serve, stop_on_signals


class Orders:
    """``POST /change`` changes all of them."""

    def __init__(self) -> None:
        self.mark = "1-1"

    def event(self, order_id: str) -> str:
        data = {"order_id": order_id, "state": "ready", "version": 1, "at": "2026-11-22T06:00:00+00:00"}
        return f"id: {self.mark}\nevent: order\nretry: 3000\ndata: {json.dumps(data)}\n\n"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answer = self._answer(scope["path"], body)
        headers = [(b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, path: str, body: bytes) -> bytes:
        if path == "/change":
            self.mark = f"{int(self.mark.partition('-')[0]) + 1}-1"
        if path != "/live/orders":
            return self.event(path.split("/")[-2]).encode()
        known: dict[str, str] = json.loads(body)["known"]
        changed = [self._change(order_id) for order_id, mark in known.items() if mark != self.mark]
        return json.dumps({"changed": changed}).encode()

    def _change(self, order_id: str) -> dict[str, str]:
        return {
            "order_id": order_id,
            "customer_id": order_id,
            "mark": self.mark,
            "event": self.event(order_id),
        }


async def run(port: int) -> None:
    await serve(Orders(), "127.0.0.1", port, stop_on_signals())


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1])))
