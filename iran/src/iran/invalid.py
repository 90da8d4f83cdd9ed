"""What every value type raises when a text is not what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One way to be wrong: a stable code for programs, one sentence in each language for people."""

    code: str
    en: str
    fa: str


class Invalid(ValueError):
    """The text breaks a rule. Never quotes the text, which may be personal."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.en

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def message_en(self) -> str:
        return self.reason.en

    @property
    def message_fa(self) -> str:
        return self.reason.fa
