"""The language in which a request wants its sentences."""

from typing import Annotated

from fastapi import Depends, Header

from chassis.errors import preferred_language


async def asked_language(accepted: Annotated[str | None, Header(alias="Accept-Language")] = None) -> str:
    """``fa`` or ``en``, as the request's ``Accept-Language`` weighs them."""
    return preferred_language(accepted)


Language = Annotated[str, Depends(asked_language)]
