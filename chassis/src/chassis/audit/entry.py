"""What is said of one action on somebody's data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Entry:
    """``actor`` did ``action`` (a dotted name) to the data of ``subject``, from ``client``.

    ``actor`` is None for what the system does by itself, ``subject`` for what concerns no one person.
    ``roles`` are those the actor acted with: empty for a person at their own account. ``client`` is the
    network they came from. ``details`` is JSON that holds ids, names of fields and reasons, never
    personal data.
    """

    action: str
    actor: UUID | None = None
    subject: UUID | None = None
    roles: Collection[str] = ()
    client: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
