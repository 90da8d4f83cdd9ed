"""A code given in answer to a challenge, whether it was sent or an authenticator app made it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Problem
from identity.authenticators import service as authenticators
from identity.authenticators.domain import EitherCode, RecoveryCode
from identity.authenticators.service import Candidate, Matched
from identity.challenges import service as challenges
from identity.challenges.domain import TRIES, CodeWrong
from identity.challenges.service import Guess
from identity.challenges.tables import Challenge
from identity.context import Context
from identity.devices.service import LOGIN_PURPOSES


@dataclass(frozen=True)
class Answered:
    """A challenge whose code was right; ``matched`` when an authenticator app, or what stands in for it, was
    asked."""

    challenge: Challenge
    matched: Matched | None = None

    @property
    def customer_id(self) -> UUID:
        assert self.challenge.customer_id is not None
        return self.challenge.customer_id


@dataclass(frozen=True)
class Attempt:
    """A counted try, with what its code is compared with when none was sent."""

    guess: Guess
    candidate: Candidate | None = None

    async def judge(self, context: Context, code: EitherCode) -> Answered | Problem:
        target = self.guess.target
        if isinstance(target, Problem):
            return target
        if self.candidate is not None:
            matched = await self.candidate.match(context, code)
            return Answered(target, matched) if matched else CodeWrong(TRIES - target.tries)
        if isinstance(code, RecoveryCode):
            return CodeWrong(TRIES - target.tries)
        verdict = self.guess.judge(context.vault, code)
        return verdict if isinstance(verdict, Problem) else Answered(verdict)


async def attempt(session: AsyncSession, context: Context, challenge_id: UUID, code: EitherCode) -> Attempt:
    """Counts a try of a challenge that belongs to a login."""
    guess = await challenges.guess(session, challenge_id, LOGIN_PURPOSES, context.clock())
    target = guess.target
    if isinstance(target, Problem) or target.method != "totp":
        return Attempt(guess)
    assert target.customer_id is not None
    return Attempt(guess, await authenticators.candidate(session, context, target.customer_id, code))
