"""The blind index that finds personal data again without opening it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

from chassis.keys.followed import FollowedKeys
from chassis.keys.text import key_number, named

BLOCK = sha256().block_size


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
        begun_inner, begun_outer = self._begun
        inner, outer = begun_inner.copy(), begun_outer.copy()
        inner.update(f"{purpose}\0{value}".encode())
        outer.update(inner.digest())
        return str(outer.hexdigest())

    @cached_property
    def _begun(self) -> tuple[Any, Any]:
        """HMAC (RFC 2104) as far as it depends on the key alone: files have millions of values, and this half
        of the work is the same for all."""
        key = self.key if len(self.key) <= BLOCK else sha256(self.key).digest()
        padded = key.ljust(BLOCK, b"\0")
        return sha256(bytes(byte ^ 0x36 for byte in padded)), sha256(bytes(byte ^ 0x5C for byte in padded))


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
