"""What an adapter does where its provider lacks something."""

from collections.abc import Sequence
from uuid import UUID

from pyreqwest.client import Client

from notify.providers.capabilities import CAPABILITIES, Capabilities
from notify.providers.port import Outcome, Secret, StatusUnavailable, Verdict
from notify.providers.wire import Wire


class Adapter:
    """The base of the adapters; each sets ``name``, which names it in ``CAPABILITIES`` too."""

    name: str

    def __init__(self, client: Client) -> None:
        self._client = client
        self._wire = Wire(self.name)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.name]

    async def call(self, secret: Secret) -> Outcome:
        return Outcome(Verdict.ELSEWHERE, reason=f"{self.name}:no_voice")

    async def find(self, own_id: UUID) -> str | None:
        raise StatusUnavailable(f"{self.name}:no_own_id")


def only(outcomes: Sequence[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome
