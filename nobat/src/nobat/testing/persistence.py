"""How people's programs behave while the other side falters: they ask again, with the same key."""

import asyncio
import time

import httpx

UNSETTLED = frozenset(
    {
        httpx.codes.BAD_GATEWAY,
        httpx.codes.SERVICE_UNAVAILABLE,
        httpx.codes.GATEWAY_TIMEOUT,
        httpx.codes.TOO_MANY_REQUESTS,
    }
)
PAUSE_SECONDS = 0.3


class Persistent(httpx.AsyncBaseTransport):
    """Repeats what may be repeated until it is settled, for ``patience`` seconds.

    That is a lost connection, an answer in ``UNSETTLED`` and one that says when to try again.
    """

    def __init__(self, patience: float, inner: httpx.AsyncBaseTransport | None = None) -> None:
        everybody = httpx.Limits(max_connections=None)
        self._inner = inner or httpx.AsyncHTTPTransport(limits=everybody, trust_env=False)
        self._patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + self._patience if _is_repeatable(request) else 0.0
        while True:
            response = await self._attempt(request, deadline)
            if response is not None:
                return response
            await asyncio.sleep(PAUSE_SECONDS)

    async def _attempt(self, request: httpx.Request, deadline: float) -> httpx.Response | None:
        """The answer, None when there is none yet; raises what happened once the patience is over."""
        try:
            response = await self._inner.handle_async_request(request)
            await response.aread()
        except httpx.TransportError:
            if time.monotonic() > deadline:
                raise
            return None
        settled = response.status_code not in UNSETTLED and "retry-after" not in response.headers
        if settled or time.monotonic() > deadline:
            return response
        await response.aclose()
        return None

    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_repeatable(request: httpx.Request) -> bool:
    return request.method in {"GET", "HEAD"} or "idempotency-key" in request.headers
