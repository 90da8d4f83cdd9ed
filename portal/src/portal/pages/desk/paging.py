"""The address of what comes after a page of rows, with what was chosen kept in it."""

from collections.abc import Mapping
from urllib.parse import urlencode


def next_path(place: str, chosen: Mapping[str, object], cursor: object) -> str:
    """Empty after the last page; ``cursor`` is the one that the API gave."""
    if not cursor:
        return ""
    kept = {name: value for name, value in chosen.items() if value and name != "cursor"}
    return f"{place}?{urlencode({**kept, 'cursor': cursor})}"
