"""Mobiles as providers take them: 09…, 9…, +98…, 0098…"""

import re

FORM = re.compile(r"(?:\+98|0098|98|0)?(9\d{9})", re.ASCII)


def mobile(text: str) -> str:
    """The 11-digit form; `ValueError` when it is no Iranian mobile."""
    match = FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError("not an Iranian mobile")
    return "0" + match[1]
