"""What people write, in the spelling that is stored."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from iran import normalise


def normalise_lines(text: str) -> str:
    """As ``normalise``, with the line breaks kept; no empty lines at the ends, no two in a row."""
    lines: list[str] = []
    for line in map(normalise, text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip()


def _line(value: Any) -> Any:
    return normalise(value) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return normalise_lines(value) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_line), Field(min_length=2, max_length=200)]
Prose = Annotated[str, BeforeValidator(_lines), Field(min_length=2, max_length=5000)]
