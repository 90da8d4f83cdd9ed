"""What the routes need of the process they run in."""

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


Ctx = Annotated[Context, provided(Context)]
