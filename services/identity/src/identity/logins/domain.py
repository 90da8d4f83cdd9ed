from chassis.errors import Problem


class WrongCredentials(Problem):
    status = 401
    code = "wrong_credentials"
    fa = "کد ملی یا رمز عبور درست نیست."
    en = "The national code or the password is not right."

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": "Bearer"})
