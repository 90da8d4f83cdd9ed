"""What each SMS provider can do, from its documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """A text of our own, or a code in a text that the provider approved."""

    TEXT = "text"
    CODE = "code"


class CreditUnit(StrEnum):
    RIAL = "rial"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """``texts_at_once`` go in one request, ``states_at_once`` are asked for in one.

    ``own_id`` are the forms in which a message can be found by the id that we gave it. ``webhook``: it tells
    us by itself when a message has arrived.
    """

    texts_at_once: int
    states_at_once: int
    own_id: frozenset[Form]
    voice: bool
    webhook: bool
    credit: CreditUnit


NEITHER: frozenset[Form] = frozenset()

CAPABILITIES: Mapping[str, Capabilities] = {
    "kavenegar": Capabilities(
        texts_at_once=200,
        states_at_once=500,
        own_id=frozenset({Form.TEXT}),
        voice=True,
        webhook=True,
        credit=CreditUnit.RIAL,
    ),
    "smsir": Capabilities(
        texts_at_once=100,
        states_at_once=1,
        own_id=NEITHER,
        voice=False,
        webhook=False,
        credit=CreditUnit.MESSAGES,
    ),
    "ghasedak": Capabilities(
        texts_at_once=100,
        states_at_once=100,
        own_id=frozenset({Form.TEXT, Form.CODE}),
        voice=True,
        webhook=False,
        credit=CreditUnit.RIAL,
    ),
    "melipayamak": Capabilities(
        texts_at_once=1,
        states_at_once=1,
        own_id=NEITHER,
        voice=False,
        webhook=False,
        credit=CreditUnit.MESSAGES,
    ),
    "ippanel": Capabilities(
        texts_at_once=100,
        states_at_once=1,
        own_id=NEITHER,
        voice=True,
        webhook=False,
        credit=CreditUnit.RIAL,
    ),
}
"""A voice needs a code of digits. All send texts and patterns, and tell a message's state and the credit."""
