"""The faults of an SMS provider."""

from typing import Literal, Self

from pydantic import model_validator

from simulators.faults import Fault, FaultPlan, WireKind

FateKind = Literal["undelivered", "blocked"]
"""undelivered: taken, and never reaches the phone. blocked: the mobile refuses advertising lines."""


class SmsFault(Fault):
    """Every fault strikes when a message is handed over, a plain one or a pattern."""

    kind: WireKind | FateKind
    operation: Literal["send"] = "send"

    @model_validator(mode="after")
    def _refusal_has_a_code(self) -> Self:
        if self.kind == "refuse" and self.code is None:
            raise ValueError("a refusal needs a code")
        return self


SmsFaults = FaultPlan[SmsFault]
