"""Letters that are posted together."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from iran import samples
from notify.messages.posting import Post
from notify.providers.port import Letter, Outcome, Verdict

BAD = samples.mobile(7)


class Counter:
    """A provider that takes three at once and refuses all of them for one that it does not like."""

    name = "counter"
    capabilities = SimpleNamespace(texts_at_once=3)

    def __init__(self):
        self.posted = []

    async def send(self, letters):
        self.posted.append(len(letters))
        if any(letter.to == BAD for letter in letters):
            return [Outcome(Verdict.REFUSED, reason="411")] * len(letters)
        return [Outcome(Verdict.ACCEPTED, message_id=letter.text) for letter in letters]


class Broken(Counter):
    async def send(self, letters):
        raise ConnectionResetError


def letters(*numbers):
    return [Letter(samples.mobile(number), f"متن {number}", uuid4()) for number in numbers]


async def post(provider: Any, posted, gathers):
    counter = Post(gathers)
    return await asyncio.gather(*(counter.send(provider, letter) for letter in posted))


async def test_letters_are_gathered_and_everybody_gets_the_answer_to_their_own():
    provider, written = Counter(), letters(1, 2, 3, 4)
    outcomes = await post(provider, written, 0.01)
    assert sorted(provider.posted) == [1, 3]
    assert [outcome.message_id for outcome in outcomes] == [letter.text for letter in written]


async def test_where_nobody_waits_each_goes_alone():
    provider = Counter()
    await post(provider, letters(1, 2, 3), 0)
    assert provider.posted == [1, 1, 1]


async def test_one_that_is_refused_takes_no_other_with_it():
    outcomes = await post(Counter(), letters(1, 7, 2), 0.01)
    assert [outcome.verdict for outcome in outcomes] == [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.ACCEPTED]


async def test_what_the_provider_raises_is_raised_to_all():
    provider: Any = Broken()
    counter = Post(0.01)
    found = await asyncio.gather(
        *(counter.send(provider, one) for one in letters(1, 2)), return_exceptions=True
    )
    assert [type(error) for error in found] == [ConnectionResetError] * 2
    with pytest.raises(ConnectionResetError):
        await counter.send(provider, letters(3)[0])
