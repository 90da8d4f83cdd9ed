"""When a contract may pass to another person, and how the transfer proceeds.

Source: the makers' rules: an activated contract of a pre-sale only, with all its terms; never where the
circular forbids it (draws, flash plans).
"""

from enum import StrEnum
from typing import Literal

from chassis.errors import Problem
from sales.orders.domain import OrderState

Decision = Literal["approve", "refuse"]
PRE_SALES = frozenset({"pre_sale", "participation"})
TRANSFERABLE = frozenset({OrderState.CONTRACT_ACTIVE, OrderState.SETTLED})
"""Under contract, and no car is tied to it yet."""


class TransferState(StrEnum):
    """Proposed by the owner, accepted by the other, then completed or refused by the staff."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_S = TransferState
OPEN = frozenset({_S.PROPOSED, _S.ACCEPTED})
MOVES = {
    (_S.PROPOSED, "accept"): _S.ACCEPTED,
    (_S.PROPOSED, "decline"): _S.DECLINED,
    (_S.ACCEPTED, "approve"): _S.COMPLETED,
    (_S.ACCEPTED, "refuse"): _S.REFUSED,
    (_S.ACCEPTED, "decline"): _S.DECLINED,
    (_S.PROPOSED, "withdraw"): _S.WITHDRAWN,
    (_S.ACCEPTED, "withdraw"): _S.WITHDRAWN,
    (_S.PROPOSED, "expire"): _S.EXPIRED,
    **{(state, "lose_order"): _S.WITHDRAWN for state in OPEN},
}


class TransferRefused(Problem):
    """``rule`` names what forbids it."""

    status = 409
    code = "transfer_not_allowed"
    fa = "صلح این قرارداد ممکن نیست."
    en = "This contract cannot be transferred."

    def __init__(self, rule: str) -> None:
        super().__init__(rule=rule)


class IllegalTransferMove(Problem):
    status = 409
    code = "illegal_transfer_move"
    fa = "این کار در وضعیت کنونی صلح ممکن نیست."
    en = "The transfer's present state does not allow this."


class TransferOpen(Problem):
    status = 409
    code = "transfer_open"
    fa = "صلح این قرارداد در جریان است."
    en = "This contract is being transferred already."


def moved(state: str, move: str) -> TransferState:
    """The state after ``move``; raises ``IllegalTransferMove``."""
    target = MOVES.get((TransferState(state), move))
    if target is None:
        raise IllegalTransferMove(move=move, state=state)
    return target


def forbidding_rule(kind: str, state: str, *, allowed: bool) -> str | None:
    """The rule that forbids to transfer an order of this kind of sale in this state, None when none does."""
    if not allowed:
        return "transfer_allowed"
    if kind not in PRE_SALES:
        return "pre_sale_only"
    return None if state in TRANSFERABLE else "under_contract"
