"""The chain: who is asked, who is spared, and that an outage is never a no."""

import asyncio
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from chassis.testing.clock import MovableClock
from identity.inquiries.chain import NOBODY, Chain
from identity.inquiries.domain import Answer, Kind, Outage, Person, Question, Result
from identity.inquiries.providers.port import Reply
from iran import PersonName, Sheba, samples

MATCH, NO_MATCH = Reply(Result.MATCH, raw=b"yes"), Reply(Result.NO_MATCH, "name", raw=b"no")
INVALID = Reply(Result.INVALID_INPUT, "mobile")
DOWN = Reply(Result.UNAVAILABLE, "http_503", Outage.PROVIDER)
BANK_DOWN = Reply(Result.UNAVAILABLE, "bank", Outage.BANK)
UNKNOWN = Reply(Result.UNAVAILABLE, "matching.unknown", Outage.QUESTION)
FAILURES, SECONDS = 3, 30.0


class Scripted:
    """A provider that replies what it is told to, and counts."""

    def __init__(self, name: str, reply: Reply = MATCH) -> None:
        self.name = name
        self.reply = reply
        self.asked: list[Question] = []
        self.trace_ids: list[str] = []

    async def ask(self, question: Question, trace_id: str) -> Reply:
        self.asked.append(question)
        self.trace_ids.append(trace_id)
        return self.reply


def question(kind: Kind = Kind.MOBILE_OWNER, bank: str = "012") -> Question:
    person = Person(
        national_code=samples.national_code(1),
        mobile=samples.mobile(1),
        first_name=PersonName("زهرا"),
        last_name=PersonName("محمدی"),
        birth_date=date(1990, 5, 12),
        iban=Sheba.of_account(bank, "1"),
    )
    return Question(kind, person)


def chain(*providers: Scripted, clock: MovableClock | None = None, order: list[str] | None = None) -> Chain:
    names = order or [provider.name for provider in providers]
    return Chain(
        providers,
        dict.fromkeys(Kind, names),
        clock or MovableClock(),
        failures=FAILURES,
        seconds=SECONDS,
    )


async def ask_often(asked: Chain, times: int, what: Question) -> list[Answer]:
    return [await asked.ask(what) for _ in range(times)]


@given(st.lists(st.sampled_from([MATCH, NO_MATCH, INVALID, DOWN, BANK_DOWN, UNKNOWN]), max_size=5))
def test_the_first_answer_that_is_one_counts(replies):
    providers = [Scripted(f"p{number}", reply) for number, reply in enumerate(replies)]
    answer = asyncio.run(chain(*providers).ask(question()))

    telling = [number for number, reply in enumerate(replies) if reply.result is not Result.UNAVAILABLE]
    if telling:
        first = telling[0]
        assert (answer.result, answer.provider) == (replies[first].result, f"p{first}")
        assert [len(provider.asked) for provider in providers] == [1] * (first + 1) + [0] * (
            len(replies) - first - 1
        )
    else:
        assert answer.result is Result.UNAVAILABLE
        assert answer.provider == (f"p{len(replies) - 1}" if replies else None)


async def test_the_order_is_the_settings_and_who_has_no_contract_is_passed_over():
    first, second = Scripted("first", NO_MATCH), Scripted("second")
    assert (
        await chain(first, second, order=["absent", "second", "first"]).ask(question())
    ).provider == "second"
    assert first.asked == []


async def test_nobody_to_ask_is_no_answer():
    answer = await chain().ask(question())
    assert (answer.result, answer.reason, answer.provider) == (Result.UNAVAILABLE, NOBODY, None)


async def test_an_answer_carries_its_evidence():
    clock, provider = MovableClock(), Scripted("p", NO_MATCH)
    answer = await chain(provider, clock=clock).ask(question())
    assert (answer.reason, answer.provider, answer.asked_at) == ("name", "p", clock())
    assert [answer.trace_id] == provider.trace_ids
    assert answer.digest == "9390298f3fb0c5b160498935d79cb139aef28e1c47358b4bbba61862b9c26e59"


async def test_every_question_has_a_trace_id_of_its_own():
    provider = Scripted("p")
    await ask_often(chain(provider), 20, question())
    assert len(set(provider.trace_ids)) == 20
    assert all(trace_id.isalnum() and len(trace_id) <= 40 for trace_id in provider.trace_ids)


async def test_a_provider_that_fails_in_a_row_is_spared_then_tried_once_in_a_while():
    clock, broken, other = MovableClock(), Scripted("broken", DOWN), Scripted("other")
    asked = chain(broken, other, clock=clock)
    await ask_often(asked, 10, question())
    assert (len(broken.asked), len(other.asked)) == (FAILURES, 10)

    clock.advance(seconds=SECONDS)
    await ask_often(asked, 10, question())
    assert len(broken.asked) == FAILURES + 1

    broken.reply = MATCH
    clock.advance(seconds=SECONDS)
    await ask_often(asked, 10, question())
    assert (len(broken.asked), len(other.asked)) == (FAILURES + 11, 20)


async def test_while_all_are_spared_nobody_is_asked():
    only = Scripted("only", DOWN)
    answers = await ask_often(chain(only), FAILURES + 1, question())
    assert [answer.provider for answer in answers] == ["only"] * FAILURES + [None]
    assert {answer.result for answer in answers} == {Result.UNAVAILABLE}


async def test_a_bank_that_is_down_costs_neither_other_banks_nor_other_kinds_their_answers():
    provider = Scripted("p", BANK_DOWN)
    asked = chain(provider)
    mellat, melli = question(Kind.IBAN_OWNER, "012"), question(Kind.IBAN_OWNER, "017")
    await ask_often(asked, 10, mellat)
    assert len(provider.asked) == FAILURES

    provider.reply = MATCH
    assert (await asked.ask(mellat)).result is Result.UNAVAILABLE
    assert (await asked.ask(melli)).result is Result.MATCH
    assert (await asked.ask(question())).result is Result.MATCH


async def test_a_provider_that_is_back_answers_for_a_bank_that_is_back():
    clock, provider = MovableClock(), Scripted("p", BANK_DOWN)
    asked, mellat = chain(provider, clock=clock), question(Kind.IBAN_OWNER)
    await ask_often(asked, FAILURES, mellat)
    provider.reply = MATCH
    clock.advance(seconds=SECONDS)
    assert (await asked.ask(mellat)).result is Result.MATCH


async def test_a_question_that_cannot_be_answered_says_nothing_of_provider_or_bank():
    provider = Scripted("p", UNKNOWN)
    await ask_often(chain(provider), 10, question(Kind.IBAN_OWNER))
    assert len(provider.asked) == 10


@given(st.lists(st.tuples(st.sampled_from([MATCH, DOWN, BANK_DOWN]), st.integers(0, 20)), max_size=40))
def test_an_outage_never_becomes_a_no(story):
    clock, provider = MovableClock(), Scripted("p")
    asked = chain(provider, clock=clock)

    async def live() -> set[Result]:
        results = set()
        for reply, seconds in story:
            provider.reply = reply
            clock.advance(seconds=seconds)
            results.add((await asked.ask(question(Kind.IBAN_OWNER))).result)
        return results

    assert asyncio.run(live()) <= {Result.MATCH, Result.UNAVAILABLE}
