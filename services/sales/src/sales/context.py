"""What use cases need of the process they run in."""

from dataclasses import dataclass
from typing import Annotated

from chassis.clock import Clock
from chassis.crypto import Keyring
from chassis.service import provided


@dataclass(frozen=True)
class Context:
    """The time, and the keyring of sealed columns."""

    clock: Clock
    keyring: Keyring

    def seal(self, text: str, place: str) -> bytes:
        """For the column ``place`` (``table.column``)."""
        return self.keyring.seal(text.encode(), place)

    def open(self, sealed: bytes, place: str) -> str:
        return self.keyring.open(sealed, place).decode()


Ctx = Annotated[Context, provided(Context)]
