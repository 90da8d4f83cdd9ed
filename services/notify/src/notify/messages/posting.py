"""Posts letters: together, where the lane has time to gather some and the provider takes several at once."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Sequence

from notify.providers.adapter import only
from notify.providers.port import Letter, Outcome, SmsProvider, Verdict

_Waiting = tuple[Letter, "asyncio.Future[Outcome]"]


class Post:
    """Of one lane in a process; letters wait for others for ``gathers`` seconds, 0: for nobody."""

    def __init__(self, gathers: float) -> None:
        self._gathers = gathers
        self._waiting: dict[str, list[_Waiting]] = defaultdict(list)
        self._rounds: set[asyncio.Task[None]] = set()

    async def send(self, provider: SmsProvider, letter: Letter) -> Outcome:
        """What the provider made of the letter; raises what it raised."""
        if not self._gathers or provider.capabilities.texts_at_once == 1:
            return only(await provider.send([letter]))
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        waiting = self._waiting[provider.name]
        waiting.append((letter, answered))
        if len(waiting) == 1:
            self._begin(self._post_soon(provider))
        return await answered

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)

    async def _post_soon(self, provider: SmsProvider) -> None:
        await asyncio.sleep(self._gathers)
        waiting, most = self._waiting.pop(provider.name), provider.capabilities.texts_at_once
        batches = [waiting[start : start + most] for start in range(0, len(waiting), most)]
        await asyncio.gather(*(_post(provider, batch) for batch in batches))


async def _post(provider: SmsProvider, batch: Sequence[_Waiting]) -> None:
    try:
        outcomes = await _outcomes(provider, [letter for letter, _ in batch])
    except Exception as error:  # noqa: BLE001 raised to everybody who waits for it
        for _, answered in batch:
            if not answered.done():
                answered.set_exception(error)
        return
    for (_, answered), outcome in zip(batch, outcomes, strict=True):
        if not answered.done():
            answered.set_result(outcome)


async def _outcomes(provider: SmsProvider, letters: Sequence[Letter]) -> Sequence[Outcome]:
    """When all are refused together it may be for one of them: each is tried alone then."""
    outcomes = await provider.send(letters)
    if len(letters) > 1 and all(outcome.verdict is Verdict.REFUSED for outcome in outcomes):
        return [only(await provider.send([letter])) for letter in letters]
    return outcomes
