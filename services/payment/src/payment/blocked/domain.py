"""Why a line of a bank's list is not simply a buyer's blocked deposit."""

from collections.abc import Mapping
from enum import StrEnum

from chassis.errors import Sentence


class ListReason(StrEnum):
    """``no_longer_listed`` is of a complete list, which names somebody no more whom another one named."""

    UNKNOWN_PERSON = "unknown_person"
    TOO_LITTLE = "too_little"
    REPEATED = "repeated"
    OTHER_BANK = "other_bank"
    NO_LONGER_LISTED = "no_longer_listed"


WORDS: Mapping[ListReason, Sentence] = {
    ListReason.UNKNOWN_PERSON: Sentence(
        "کسی با این کد ملی حساب کاربری ندارد.", "Nobody with this national code has an account."
    ),
    ListReason.TOO_LITTLE: Sentence(
        "مبلغ مسدودی از حداقل طرح کمتر است و به حساب نمی‌آید.",
        "Less is blocked than the plan asks for; it does not count.",
    ),
    ListReason.REPEATED: Sentence(
        "این شخص بیش از یک بار در فهرست آمده است؛ سطر آخر به حساب می‌آید.",
        "The list names this person more than once; the last line counts.",
    ),
    ListReason.OTHER_BANK: Sentence(
        "برای این شخص در بانک دیگری هم مبلغ مسدود شده است.",
        "Another bank has blocked a deposit of this person, too.",
    ),
    ListReason.NO_LONGER_LISTED: Sentence(
        "این شخص دیگر در فهرست کامل بانک نیست و مسدودی او آزاد شد.",
        "The bank's complete list names this person no more; the deposit is released.",
    ),
}
