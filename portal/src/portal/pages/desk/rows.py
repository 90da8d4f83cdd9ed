"""Rows of fields in a form, the last of them empty: more are filled in without a script."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.forms import Form


@dataclass(frozen=True)
class Rows:
    """The fields of row 2 are named ``<place>.2.<field>``; ``spare`` empty rows follow the filled ones."""

    place: str
    fields: tuple[str, ...]
    spare: int
    most: int

    def name(self, row: int, field: str) -> str:
        return f"{self.place}.{row}.{field}"

    def filled(self, form: Form) -> list[int]:
        """The rows in which something was typed."""
        return [row for row in range(self._there(form)) if self.typed(form, row)]

    def typed(self, form: Form, row: int) -> dict[str, str]:
        """What was typed into a row, by its fields."""
        values = {field: form[self.name(row, field)] for field in self.fields}
        return {field: value for field, value in values.items() if value}

    def shown(self, form: Form) -> range:
        last = max(self.filled(form), default=-1)
        return range(min(max(last + 1 + self.spare, self._there(form)), self.most))

    def fill(self, form: Form, row: int, values: Mapping[str, object]) -> None:
        """What is there already, where nothing has been typed."""
        form.fill({self.name(row, field): values.get(field) for field in self.fields})

    def add(self, form: Form) -> None:
        """Room for more rows than the form had."""
        there = max(self._there(form), len(self.shown(form)))
        for row in range(there, min(there + self.spare, self.most)):
            self.fill(form, row, {})

    def is_wrong(self, form: Form) -> bool:
        return any(name.startswith(f"{self.place}.") for name in form.errors)

    def _there(self, form: Form) -> int:
        """How many rows the form had."""
        rows = [
            name.removeprefix(f"{self.place}.").partition(".")[0] for name in form.typed if self._has(name)
        ]
        return min(max((int(row) + 1 for row in rows if row.isdecimal()), default=0), self.most)

    def _has(self, name: str) -> bool:
        return name.startswith(f"{self.place}.") and name.rpartition(".")[2] in self.fields
