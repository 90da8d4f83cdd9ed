from chassis.errors import FieldError, InvalidFields, Problem, Sentence

_WRONG = Sentence("گذرواژه‌ی کنونی درست نیست.", "The present password is not right.")


class PasswordRefused(InvalidFields):
    """``field`` is guessable for whoever knows the person."""

    def __init__(self, field: str, code: str, sentence: Sentence) -> None:
        super().__init__(errors=[FieldError(field, code, sentence)])


class PasswordWrong(Problem):
    """Not 401: the caller is logged in and stays so."""

    status = 422
    code = "password_wrong"
    fa = _WRONG.fa
    en = _WRONG.en

    def __init__(self, field: str) -> None:
        super().__init__(errors=[FieldError(field, self.code, _WRONG)])
