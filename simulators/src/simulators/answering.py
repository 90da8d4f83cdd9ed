"""Answers a provider's client under the faults that are armed for it."""

from asyncio import sleep, timeout
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from fastapi import Request, Response

from simulators.faults import ActiveFaults, Fault

F = TypeVar("F", bound=Fault)


async def answer(
    request: Request,
    faults: ActiveFaults[F],
    operation: str,
    work: Callable[[], Response],
    refuse: Callable[[int], Response],
) -> Response:
    """Do `work` and give its answer, unless a fault says otherwise.

    slow: after the fault's seconds. slow_done: so too, but everything is done at once. unavailable: 503,
    nothing done. refuse: the fault's code, nothing done. hang_lost: no answer, nothing done. hang_done:
    everything done, no answer.
    """
    if slow := faults.strike("slow", operation):
        await sleep(slow.seconds)
    if faults.strike("unavailable", operation):
        return Response("<h1>503 Service Temporarily Unavailable</h1>", 503, media_type="text/html")
    if (refusal := faults.strike("refuse", operation)) and refusal.code is not None:
        return refuse(refusal.code)
    if lost := faults.strike("hang_lost", operation):
        return await _hang(request, lost.seconds)
    if done := faults.strike("hang_done", operation):
        work()
        return await _hang(request, done.seconds)
    response = work()
    if late := faults.strike("slow_done", operation):
        await sleep(late.seconds)
    return response


async def _hang(request: Request, seconds: float) -> Response:
    """Hold the connection until the client gives up, at most `seconds`."""
    with suppress(TimeoutError):
        async with timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    return Response(status_code=504)
