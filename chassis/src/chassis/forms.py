"""Forms that other machines post: a few short fields."""

from urllib.parse import parse_qsl

from fastapi import Request

from chassis.errors import BodyTooLarge

MOST_FIELDS = 100
"""No bank and no SMS provider sends half as many."""


async def posted_form(request: Request) -> dict[str, str]:
    """The fields of an ``application/x-www-form-urlencoded`` body; of one that comes twice, the last.

    Raises ``BodyTooLarge`` for more than ``MOST_FIELDS``.
    """
    body = (await request.body()).decode(errors="replace")
    try:
        return dict(parse_qsl(body, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BodyTooLarge from None
