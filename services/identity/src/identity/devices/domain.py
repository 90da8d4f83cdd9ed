"""When a device counts as one that the person has used before.

Sources: OWASP ASVS 5.0 6.3.3 (a second factor, or a written reason for leaving it out);
docs/decisions/0008.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Self
from uuid import UUID

from ua_parser import parse

from identity.client import Place
from identity.vault import Vault

REMEMBERED_FOR = timedelta(days=90)
SAME_PLACE_FOR = timedelta(minutes=15)
"""So long after the person proved their mobile, the same network and agent are the same device."""
NAME_LENGTH = 60
UNNAMED = "ناشناس"

_UUID_BYTES = 16
_MAC_BYTES = 32


@dataclass(frozen=True)
class DeviceToken:
    """What a remembered device shows: base64url of its id and a MAC over it.

    Nothing of it is stored; it is worth something while the device's row is there.
    """

    device_id: UUID

    def text(self, vault: Vault) -> str:
        raw = self.device_id.bytes + bytes.fromhex(self._mac(vault))
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str, vault: Vault) -> Self | None:
        """None when the text is not one that ``text`` made."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            return None
        if len(raw) != _UUID_BYTES + _MAC_BYTES:
            return None
        token = cls(UUID(bytes=raw[:_UUID_BYTES]))
        return token if hmac.compare_digest(raw[_UUID_BYTES:].hex(), token._mac(vault)) else None

    def _mac(self, vault: Vault) -> str:
        return vault.mac(self.device_id.hex, "device_token")


def place_mac(vault: Vault, place: Place) -> str:
    """Recognises a network with an agent; neither can be found in it."""
    return vault.mac(f"{place.network}\0{place.agent or ''}", "device_place")


@lru_cache(maxsize=1024)
def name_of(agent: str | None) -> str | None:
    """What people call the device, such as ``Chrome Mobile 120, Android 13``."""
    if not agent:
        return None
    parsed = parse(agent)
    program, system = parsed.user_agent, parsed.os
    parts = [
        " ".join(filter(None, (part.family, part.major))) for part in (program, system) if part is not None
    ]
    return ", ".join(parts) or agent[:NAME_LENGTH]


def called(agent: str | None) -> str:
    """The same in a text."""
    return name_of(agent) or UNNAMED
