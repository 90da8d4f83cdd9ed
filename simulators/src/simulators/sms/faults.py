"""The faults of an SMS provider."""

from typing import Literal, Self

from pydantic import model_validator

from simulators.faults import Fault, FaultPlan, WireKind

FateKind = Literal["undelivered", "blocked", "delayed"]
"""undelivered: taken, and never reaches the phone. blocked: the mobile refuses advertising lines. delayed:
reaches the phone `seconds` later."""


class SmsFault(Fault):
    """Strikes when a message is handed over, a plain one or a pattern; with operation `ask`, when somebody
    asks for a message or the credit (armed for a provider only)."""

    kind: WireKind | FateKind
    operation: Literal["send", "ask"] = "send"

    @model_validator(mode="after")
    def _refusal_has_a_code(self) -> Self:
        if self.kind == "refuse" and self.code is None:
            raise ValueError("a refusal needs a code")
        return self


SmsFaults = FaultPlan[SmsFault]
