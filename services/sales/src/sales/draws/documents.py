"""The documents that a draw publishes, as ``docs/draws.md`` describes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sales.draws.computing import FrozenEntries
from sales.draws.formats import FORMAT
from sales.draws.recipe import Recipe

VERIFIER = Path(__file__).with_name("verify_draw.py").read_bytes()
VERIFIER_SHA256 = sha256(VERIFIER).hexdigest()
Document = dict[str, Any]


@dataclass(frozen=True)
class DrawnClass:
    """``hand_on`` is the number of the class that gets what this one leaves over."""

    code: str
    hand_on: int | None


@dataclass(frozen=True)
class DrawnOffering:
    """``quotas`` and ``reserves`` by class, in the order of the rules."""

    offering_id: UUID
    title: str
    capacity: int
    quotas: Sequence[int]
    reserves: Sequence[int]


@dataclass(frozen=True)
class DrawRules:
    plan_id: UUID
    circular: str
    title: str
    classes: Sequence[DrawnClass]
    offerings: Sequence[DrawnOffering]
    max_choices: int


def rules_document(rules: DrawRules, recipe: Recipe) -> Document:
    """What is allocated how, and of what the seed will be made."""
    return {
        "format": FORMAT,
        "plan_id": str(rules.plan_id),
        "circular": rules.circular,
        "title": rules.title,
        "classes": [{"code": one.code, "hand_on": one.hand_on} for one in rules.classes],
        "offerings": [
            {
                "offering_id": str(one.offering_id),
                "title": one.title,
                "capacity": one.capacity,
                "quotas": list(one.quotas),
                "reserves": list(one.reserves),
            }
            for one in rules.offerings
        ],
        "max_choices": rules.max_choices,
        **recipe.model_dump(mode="json"),
    }


@dataclass(frozen=True)
class Commitment:
    plan_id: UUID
    attempt: int
    frozen_at: datetime
    rules_sha256: str
    entries: FrozenEntries
    operator_commitment: str

    def document(self) -> Document:
        return {
            "format": FORMAT,
            "plan_id": str(self.plan_id),
            "attempt": self.attempt,
            "frozen_at": self.frozen_at.astimezone(UTC).isoformat(timespec="seconds"),
            "rules_sha256": self.rules_sha256,
            "entries": self.entries.digests.count,
            "entries_sha256": self.entries.digests.entries,
            "registry_sha256": self.entries.digests.registry,
            "merkle_root": self.entries.root.hex(),
            "operator_commitment": self.operator_commitment,
            "verifier_sha256": VERIFIER_SHA256,
        }


def seed_document(
    plan_id: UUID, secret: bytes, witnesses: Sequence[Document], sources: Sequence[Document], seed: bytes
) -> Document:
    """What the seed was made of."""
    return {
        "format": FORMAT,
        "plan_id": str(plan_id),
        "operator_secret": secret.hex(),
        "witnesses": list(witnesses),
        "sources": list(sources),
        "seed": seed.hex(),
    }
