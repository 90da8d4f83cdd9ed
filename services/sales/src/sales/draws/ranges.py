"""A part of a file, as RFC 9110 (section 14) asks for it: for downloads that go on where they broke off."""

import re
from dataclasses import dataclass

from chassis.errors import Problem

ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.IGNORECASE)


class RangeNotSatisfiable(Problem):
    status = 416
    code = "range_not_satisfiable"
    fa = "فایل چنین بخشی ندارد."
    en = "The file has no such part."

    def __init__(self, size: int) -> None:
        super().__init__(headers={"content-range": f"bytes */{size}"})


@dataclass(frozen=True)
class Span:
    """The bytes from ``first`` to ``last``, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def of(self, content: bytes, start: int) -> bytes:
        """What of ``content``, which begins at ``start`` of the file, lies in the span."""
        return content[max(self.first - start, 0) : max(self.last + 1 - start, 0)]


def wanted(header: str | None, size: int) -> Span | None:
    """None for the whole file: also for several ranges at once and for other units, as the RFC allows.

    Raises ``RangeNotSatisfiable``.
    """
    found = ONE_RANGE.fullmatch(header.strip()) if header else None
    if found is None or not any(found.groups()):
        return None
    first, last = (int(number) if number else None for number in found.groups())
    if first is None:
        first, last = max(size - (last or 0), 0), size - 1
    elif last is not None and last < first:
        return None
    if first >= size:
        raise RangeNotSatisfiable(size)
    return Span(first, size - 1 if last is None else min(last, size - 1))
