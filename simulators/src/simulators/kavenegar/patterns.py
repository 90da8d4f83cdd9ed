"""Kavenegar's approved templates: `%token`, `%token2`, `%token3`, `%token10`, `%token20` in a text."""

import re

from simulators.kavenegar.parameters import LookupParameters
from simulators.kavenegar.wire import KavenegarError

PLACEHOLDER = re.compile(r"%(token20|token10|token3|token2|token)")


def compose(patterns: dict[str, str], lookup: LookupParameters) -> str:
    """The text of the message; 424 without the template, 432 when it has no `%token`, 400 without a value."""
    text = patterns.get(lookup.template)
    if text is None:
        raise KavenegarError(424)
    names = set(PLACEHOLDER.findall(text))
    if "token" not in names:
        raise KavenegarError(432)
    if lookup.type == "call" and not lookup.token.isdecimal():
        raise KavenegarError(428)
    values = lookup.model_dump(include=names, exclude_none=True)
    if names - values.keys():
        raise KavenegarError(400)
    return PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)
