"""Sending money back through its provider: undone within the window, paid back after it."""

from payment.providers.port import BankSession, Provider, Refused, Returned, SessionState, Unanswered
from payment.returns.domain import Method


async def send_back(
    provider: Provider, session: BankSession, amount: int | None, *, reversible: bool
) -> Method | None:
    """How all of the money went back, None when that is not certain: then it is tried again.

    Safe to repeat: what an earlier, unanswered try did is found out before anything else is done.
    """
    if reversible:
        answer = await provider.reverse(session)
        if isinstance(answer, Returned):
            return Method.REVERSED
        if isinstance(answer, Unanswered):
            return None
    return await _refund(provider, session, amount)


async def _refund(provider: Provider, session: BankSession, amount: int | None) -> Method | None:
    """Money that was never verified is not paid back: the provider reverses it by itself."""
    standing = await provider.inquire(session)
    if standing is SessionState.REVERSED:
        return Method.REVERSED
    if standing is not SessionState.VERIFIED or not provider.capabilities.refunds:
        return None
    answer = await provider.refund(session, amount)
    if isinstance(answer, Returned):
        return Method.REFUNDED
    had_gone = isinstance(answer, Refused) and answer.nothing_left
    return Method.REFUNDED if had_gone else None
