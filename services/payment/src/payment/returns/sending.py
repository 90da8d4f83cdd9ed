"""Sending money back through its provider: undone within the window, paid back after it where it can be."""

from payment.providers.port import BankSession, Provider, Refused, Returned, SessionState, Unanswered
from payment.returns.domain import Method


async def send_back(
    provider: Provider, session: BankSession, amount: int | None, *, reversible: bool
) -> Method | None:
    """How all of the money goes back, None when that is not certain: then it is tried again.

    Safe to repeat: what an earlier, unanswered try did is found out before anything else is done. Of a
    provider without inquiries, only its answer to a reversal tells, also when it comes too late.
    """
    stays = False
    if reversible or not provider.capabilities.inquiry:
        answer = await provider.reverse(session)
        if isinstance(answer, Returned):
            return Method.REVERSED
        if isinstance(answer, Unanswered):
            return None
        stays = answer.stays
    standing = await provider.inquire(session)
    if standing is SessionState.REVERSED:
        return Method.REVERSED
    if not stays and standing is not SessionState.VERIFIED:
        return None
    return await _refund(provider, session, amount)


async def _refund(provider: Provider, session: BankSession, amount: int | None) -> Method | None:
    """Of verified money: what was never verified, the provider reverses by itself."""
    if not provider.capabilities.refunds:
        return Method.TRANSFERRED
    answer = await provider.refund(session, amount)
    if isinstance(answer, Returned):
        return Method.REFUNDED
    had_gone = isinstance(answer, Refused) and answer.nothing_left
    return Method.REFUNDED if had_gone else None
