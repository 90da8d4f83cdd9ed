"""Passwords that guessers try first: words of leaked lists, names, runs and repetitions.

Source: zxcvbn's lists (30,000 leaked passwords; words, names and titles, which it keeps apart from them),
and what Persian keyboards add to them.
"""

from functools import cache
from itertools import chain, pairwise

_OF_HERE = """
19821982 19901990 13601360 13651365 13701370 13751375 13801380 123321123 1112223334 102030405060
iran1234 iran12345 iraniran tehran123 tehran1234 tehran021 persepolis persepolis1 esteghlal esteghlal1
perspolis mohammad mohammad1 alireza1 alireza123 mohammadreza ali123456 reza1234 zahra123 fatemeh1
fatemeh123 khodaya1 salam123 salam1234 hossein1 hossein123 password1234 qwerty12345 aa12345678 secret123
p@ssword pa$$word guest123 admin1234 شسیبلاتن شسیبلاتنم ضصثقفغعه ضصثقفغعهخ پرسپولیس استقلال دوستتدارم
"""


@cache
def common_passwords() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 20 MB that most processes never need

    return frozenset(map(str.casefold, chain(_OF_HERE.split(), *FREQUENCY_LISTS.values())))


def is_common(plain: str) -> bool:
    """Whether ``plain``, which is casefolded and has ASCII digits, is one of the first guesses."""
    return plain in common_passwords() or _is_repetition(plain) or _is_run(plain)


def _is_repetition(text: str) -> bool:
    """``aaaaaaaa``, ``12121212``, ``salamsalam``."""
    return text in (text + text)[1:-1]


def _is_run(text: str) -> bool:
    """``23456789``, ``0987654321``, ``abcdefgh``: every sign the next or the one before of the last."""
    steps = {_step(left, right) for left, right in pairwise(text)}
    return steps in ({1}, {-1})


def _step(left: str, right: str) -> int:
    if left.isdecimal() and right.isdecimal():
        return (int(right) - int(left) + 1) % 10 - 1
    return ord(right) - ord(left)
