"""A register: rows of the API that say what holds, and how the desk shows and decides them."""

from dataclasses import dataclass
from typing import Literal

from portal.pages.desk.fields import Field


@dataclass(frozen=True)
class Register:
    """``fields`` are what is decided and ``told`` what rows say besides. ``key`` are those of the fields
    that say which row it is: they stand in its address, and not in what is put there.

    ``adds`` says how a row that is not there yet is made, if at all. ``changes``: a row that is there can be
    decided otherwise, by ``PUT``. A register that is ``single`` is one row. Rows that ``retire`` stay.
    """

    title: str
    what: str
    api: str
    reads: str
    writes: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    told: tuple[Field, ...] = ()
    adds: Literal["PUT", "POST", ""] = ""
    changes: bool = False
    single: bool = False
    removes: bool = False
    retires: bool = False

    @property
    def columns(self) -> tuple[Field, ...]:
        return (*self.fields, *self.told)

    @property
    def decided(self) -> tuple[Field, ...]:
        """The fields that do not say which row it is."""
        return tuple(one for one in self.fields if one.name not in self.key)

    @property
    def named(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.name in self.key)
