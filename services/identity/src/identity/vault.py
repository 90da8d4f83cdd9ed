"""The keys that personal data, codes and refresh tokens are kept under."""

from collections.abc import Mapping
from typing import Any, Self

from chassis.crypto import BlindIndex, Keyring
from chassis.json import dumps, loads
from events.identity import NATIONAL_CODE
from identity.config import Settings
from iran import Mobile, NationalCode

MOBILE = "mobile"


class Vault:
    """Seals values for a column or an event, finds them again, and makes MACs of secrets."""

    def __init__(self, data: Keyring, events: Keyring, index: BlindIndex, secrets: BlindIndex) -> None:
        self._data = data
        self._events = events
        self._index = index
        self._secrets = secrets

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            Keyring.parse(settings.data_keys),
            Keyring.parse(settings.event_keys),
            BlindIndex.parse(settings.index_key),
            BlindIndex.parse(settings.code_key),
        )

    @property
    def keyrings(self) -> Mapping[str, Keyring]:
        """Those whose keys can change while everything runs."""
        return {"data": self._data, "events": self._events}

    def seal(self, value: Any, place: str) -> bytes:
        """A JSON value for the column ``place`` (``table.column``)."""
        return self._data.seal(dumps(value), place)

    def open(self, sealed: bytes, place: str) -> Any:
        return loads(self._data.open(sealed, place))

    def seal_for_event(self, value: Mapping[str, Any], place: str) -> str:
        """An object for the event field ``place`` (``event name.field``)."""
        return self._events.seal_object(value, place)

    def index_of(self, value: NationalCode | Mobile) -> str:
        return self._index.of(value, MOBILE if isinstance(value, Mobile) else NATIONAL_CODE)

    def index_of_address(self, address: str) -> str:
        return self._index.of(address, "client_address")

    def index_of_request(self, request_json: str) -> str:
        """Tells two requests apart without revealing what they hold."""
        return self._index.of(request_json, "request")

    def mac(self, secret: str, purpose: str) -> str:
        """64 hex digits in which ``secret`` can be recognised but not found."""
        return self._secrets.of(secret, purpose)
