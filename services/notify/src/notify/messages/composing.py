"""From what is stored to what the provider is given: opens the seals and renders the text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.crypto import CannotOpen, Keyring
from chassis.json import loads
from iran import Mobile
from notify.contacts.tables import FIRST_NAME, MOBILE
from notify.messages.dispatch import Taken
from notify.messages.tables import CODE, RECIPIENT, SEALED_PARAMS
from notify.providers.capabilities import Form
from notify.templates.domain import render
from notify.templates.rules import parts


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    to: Mobile
    text: str

    @property
    def parts(self) -> int:
        """How many SMS it takes."""
        return parts(self.text)


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """``patterns`` are the names of the approved text by provider."""

    to: Mobile
    patterns: Mapping[str, str]
    code: str
    parts: int = 1


class Unwritable(Exception):
    """What is stored of the message cannot be read, or its template cannot show it."""


def compose(taken: Taken, keyring: Keyring) -> Text | Code:
    """Raises ``Unwritable``."""
    try:
        return _compose(taken, keyring)
    except (CannotOpen, LookupError, ValueError) as error:
        raise Unwritable(type(error).__name__) from None


def _compose(taken: Taken, keyring: Keyring) -> Text | Code:
    to = Mobile(_receiver(taken, keyring))
    if taken.lane.form is Form.CODE:
        return Code(to, taken.patterns, keyring.open(taken.code or b"", CODE).decode())
    words = {**taken.params, **opened_params(taken.sealed_params, keyring), **_name(taken, keyring)}
    return Text(to, render(taken.text, words))


def opened_params(sealed: bytes | None, keyring: Keyring) -> dict[str, Any]:
    """What a message says that is kept sealed."""
    opened: dict[str, Any] = loads(keyring.open(sealed, SEALED_PARAMS)) if sealed else {}
    return opened


def _name(taken: Taken, keyring: Keyring) -> dict[str, str]:
    """Of a customer; whoever is only a recipient has none here."""
    if taken.first_name is None:
        return {}
    return {"first_name": keyring.open(taken.first_name, FIRST_NAME).decode()}


def _receiver(taken: Taken, keyring: Keyring) -> str:
    if taken.recipient is not None:
        return keyring.open(taken.recipient, RECIPIENT).decode()
    return keyring.open(taken.mobile or b"", MOBILE).decode()
