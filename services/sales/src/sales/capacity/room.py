"""The cars that are left while a batch is admitted, on every level of an offering."""

from collections.abc import Collection
from uuid import UUID

from sales.plans.domain import QuotaKey


class Room:
    """``free`` by offering, ``in_quotas`` by limited quota; what is not there has no cars."""

    def __init__(self, free: dict[UUID, int], in_quotas: dict[QuotaKey, int]) -> None:
        self._free = free
        self._in_quotas = in_quotas

    def full(self, offering_id: UUID, quotas: Collection[QuotaKey]) -> UUID | QuotaKey | None:
        """What has no car left for this seat, None when there is one."""
        if self._free.get(offering_id, 0) <= 0:
            return offering_id
        return next((key for key in quotas if self._in_quotas.get(key, 0) <= 0), None)

    def take(self, offering_id: UUID, quotas: Collection[QuotaKey]) -> bool:
        """One car less on every level; nothing changes where one of them is full."""
        if self.full(offering_id, quotas) is not None:
            return False
        self._move(offering_id, quotas, -1)
        return True

    def give_back(self, offering_id: UUID, quotas: Collection[QuotaKey]) -> None:
        """What ``take`` took."""
        self._move(offering_id, quotas, 1)

    def _move(self, offering_id: UUID, quotas: Collection[QuotaKey], step: int) -> None:
        self._free[offering_id] += step
        for key in quotas:
            self._in_quotas[key] += step
