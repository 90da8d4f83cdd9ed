"""The faults of an inquiry provider."""

from typing import Literal, Self

from pydantic import model_validator

from simulators.faults import Fault, FaultPlan, WireKind

InquiryKind = Literal["expire_token", "bank_down", "wrong_answer", "garbage"]
"""expire_token: every token of the provider is void, as it says. bank_down: the Sheba's bank gives it
no answer. wrong_answer: yes for no and no for yes. garbage: a page instead of JSON, with status 200.
"""


class InquiryFault(Fault):
    """``error`` is the provider's own code that a refusal carries."""

    kind: WireKind | InquiryKind
    operation: Literal["ask"] = "ask"
    error: str | None = None

    @model_validator(mode="after")
    def _refusal_has_an_error(self) -> Self:
        if self.kind == "refuse" and self.error is None:
            raise ValueError("a refusal needs an error")
        return self


InquiryFaults = FaultPlan[InquiryFault]
