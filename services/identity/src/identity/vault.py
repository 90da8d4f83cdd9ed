"""The keys that personal data, codes and refresh tokens are kept under."""

from collections.abc import Mapping
from typing import Any, Self

from chassis.blind_index import BlindIndex, IndexKey
from chassis.crypto import Keyring
from chassis.json import dumps, loads
from chassis.keys.followed import FollowedKeys
from events.identity import NATIONAL_CODE
from identity.config import Settings
from iran import Mobile, NationalCode

MOBILE = "mobile"


class Vault:
    """Seals values for a column or an event, finds them again, and makes MACs of secrets.

    Only columns that are looked up have blind indexes, whose key can change; what must stay the same from
    one request to the next is a MAC.
    """

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
    def data(self) -> Keyring:
        """What the columns are sealed with."""
        return self._data

    @property
    def followed(self) -> Mapping[str, FollowedKeys]:
        """The keys that can change while everything runs."""
        return {"data": self._data, "events": self._events, "index": self._index}

    def seal(self, value: Any, place: str) -> bytes:
        """A JSON value for the column ``place`` (``table.column``)."""
        return self._data.seal(dumps(value), place)

    def open(self, sealed: bytes, place: str) -> Any:
        return loads(self._data.open(sealed, place))

    def seal_for_event(self, value: Mapping[str, Any], place: str) -> str:
        """An object for the event field ``place`` (``event name.field``)."""
        return self._events.seal_object(value, place)

    @property
    def index_key(self) -> IndexKey:
        """What indexes are stored under from now on."""
        return self._index.present

    def index_of(self, value: NationalCode | Mobile) -> str:
        """The present index, to name something by that need not last."""
        return self._index.of(value, purpose_of(value))

    def indexes_of(self, value: NationalCode | Mobile) -> list[str]:
        """What the value may be stored under."""
        return self._index.all_of(value, purpose_of(value))

    def former_indexes_of(self, value: NationalCode | Mobile) -> list[str]:
        """Those under keys that are being replaced."""
        return self.indexes_of(value)[1:]

    def index_of_address(self, address: str) -> str:
        return self._secrets.of(address, "client_address")

    def index_of_request(self, request_json: str) -> str:
        """Tells two requests apart without revealing what they hold."""
        return self._secrets.of(request_json, "request")

    def scope_of(self, national_code: NationalCode) -> str:
        """Whose request it is, whatever becomes of the index key."""
        return self._secrets.of(national_code, "scope")

    def mac(self, secret: str, purpose: str) -> str:
        """64 hex digits in which ``secret`` can be recognised but not found."""
        return self._secrets.of(secret, purpose)


def purpose_of(value: NationalCode | Mobile) -> str:
    """What the index of such a value is made for."""
    return MOBILE if isinstance(value, Mobile) else NATIONAL_CODE
