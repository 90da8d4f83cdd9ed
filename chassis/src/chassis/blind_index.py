"""The blind index that finds personal data again without opening it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from chassis.keys.followed import FollowedKeys
from chassis.keys.text import key_number, named


@dataclass(frozen=True)
class IndexKey:
    """One key; ``generation`` is the number in its name, and grows with each new key."""

    name: str
    key: bytes = field(repr=False)

    @property
    def generation(self) -> int:
        return key_number(self.name)

    def of(self, value: str, purpose: str) -> str:
        """64 hex digits; ``purpose`` keeps the indexes of different columns apart."""
        begun = self._begun.copy()
        begun.update(f"{purpose}\0{value}".encode())
        return begun.hexdigest()

    @cached_property
    def _begun(self) -> hmac.HMAC:
        """The half of the work that is the same for all values: files have millions of them."""
        return hmac.new(self.key, digestmod="sha256")


class BlindIndex(FollowedKeys):
    """HMAC-SHA256 of a value under keys of its own: equal values meet, nothing else is learnt.

    The first key makes the indexes that are stored, all of them find. While the key changes a value is
    stored under one of them or the other; who looks it up asks for ``all_of`` its indexes.
    """

    _keys: Sequence[IndexKey]

    @classmethod
    def parse(cls, text: str) -> Self:
        """As ``FollowedKeys.parse``; a key without a name is the first of its installation."""
        return super().parse(named(text))

    def _take(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("an index needs a key")
        self._keys = [IndexKey(name, key) for name, key in keys.items()]

    @property
    def sealing(self) -> str:
        return self._keys[0].name

    @property
    def names(self) -> list[str]:
        return [key.name for key in self._keys]

    @property
    def present(self) -> IndexKey:
        """The key that makes indexes now."""
        self.refresh_if_stale()
        return self._keys[0]

    def of(self, value: str, purpose: str) -> str:
        """The index to store, or to compare with what is not stored."""
        return self.present.of(value, purpose)

    def all_of(self, value: str, purpose: str) -> list[str]:
        """The indexes that the value may be stored under, the present one first."""
        self.refresh_if_stale()
        return [key.of(value, purpose) for key in self._keys]
