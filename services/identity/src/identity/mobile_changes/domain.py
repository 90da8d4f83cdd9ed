from chassis.errors import FieldError, InvalidFields, Sentence

_SAME = Sentence("این همان شماره‌ی کنونی شماست.", "This is your present number.")


class MobileUnchanged(InvalidFields):
    """The mobile is the account's already."""

    def __init__(self) -> None:
        super().__init__(errors=[FieldError("mobile", "mobile_unchanged", _SAME)])
