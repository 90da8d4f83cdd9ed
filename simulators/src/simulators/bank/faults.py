"""The faults of a bank."""

from typing import Literal, Self

from pydantic import Field, model_validator

from simulators.faults import Fault, FaultPlan, WireKind

Operation = Literal["request", "pay", "verify", "settle", "inquiry", "reverse", "refund"]

PayKind = Literal["lose_callback", "duplicate_callback", "other_amount", "expire_token", "auto_reverse"]
"""What goes wrong while the buyer is at the bank.

lose_callback: the browser is not sent back.
duplicate_callback: the bank calls the callback URL by itself as well, `copies` times.
other_amount: the buyer pays `amount`, or a tenth less than asked.
expire_token: the pay page is gone when the buyer comes.
auto_reverse: paid, and the money goes back at once, as if nobody had verified in time.
"""

VerifyKind = Literal["reuse_reference"]
"""reuse_reference: verify answers with the reference of another payment."""

OPERATION_OF: dict[str, Operation] = {
    "lose_callback": "pay",
    "duplicate_callback": "pay",
    "other_amount": "pay",
    "expire_token": "pay",
    "auto_reverse": "pay",
    "reuse_reference": "verify",
}


class BankFault(Fault):
    """`operation` is the answer that suffers; the bank's own kinds come with theirs."""

    kind: WireKind | PayKind | VerifyKind
    operation: Operation = "verify"
    amount: int | None = Field(default=None, gt=0)
    copies: int = Field(default=1, ge=1, le=1000)

    @model_validator(mode="before")
    @classmethod
    def _operation_of_kind(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("kind") in OPERATION_OF:
            return {**data, "operation": OPERATION_OF[data["kind"]]}
        return data

    @model_validator(mode="after")
    def _refusal_has_a_code(self) -> Self:
        if self.kind == "refuse" and self.code is None:
            raise ValueError("a refusal needs a code")
        return self


BankFaults = FaultPlan[BankFault]
