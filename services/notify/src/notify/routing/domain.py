"""What the order of the providers of a route may be."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from chassis.errors import FieldError, InvalidFields, Sentence
from notify.providers.capabilities import CAPABILITIES


class Route(StrEnum):
    """The three lanes, and the calls for codes that did not arrive.

    A route without providers sends nothing.
    """

    CODE = "code"
    TRANSACTIONAL = "transactional"
    BULK = "bulk"
    VOICE = "voice"


EMPTY_ALLOWED = frozenset({Route.VOICE, Route.BULK})
"""What somebody waits for needs a provider."""

SENTENCES = {
    "unknown_provider": Sentence("این سامانه‌ی پیامک شناخته نیست.", "This SMS provider is not known."),
    "not_connected": Sentence("این سامانه‌ی پیامک وصل نیست.", "This SMS provider is not connected."),
    "twice": Sentence("هر سامانه یک بار می‌آید.", "Each provider comes once."),
    "no_voice": Sentence("این سامانه تماس نمی‌گیرد.", "This provider does not call."),
    "empty": Sentence("دست‌کم یک سامانه لازم است.", "At least one provider is needed."),
}


def check(route: Route, order: Sequence[str], connected: Collection[str]) -> None:
    """Raises ``InvalidFields`` with everything that is wrong."""
    faults = [(f"providers.{at}", code) for at, code in enumerate(_faults(route, order, connected)) if code]
    if not order and route not in EMPTY_ALLOWED:
        faults.append(("providers", "empty"))
    if faults:
        raise InvalidFields(errors=[FieldError(field, code, SENTENCES[code]) for field, code in faults])


def _faults(route: Route, order: Sequence[str], connected: Collection[str]) -> list[str | None]:
    return [_fault(route, order[:at], name, connected) for at, name in enumerate(order)]


def _fault(route: Route, before: Sequence[str], name: str, connected: Collection[str]) -> str | None:
    if name not in CAPABILITIES:
        return "unknown_provider"
    if name not in connected:
        return "not_connected"
    if name in before:
        return "twice"
    return "no_voice" if route is Route.VOICE and not CAPABILITIES[name].voice else None
