"""The rules of a registration."""

from datetime import timedelta

from chassis.errors import Problem

DRAFT_LIFETIME = timedelta(hours=24)


class RegistrationReplaced(Problem):
    status = 410
    code = "registration_replaced"
    fa = "ثبت‌نام دیگری با همین کد ملی فعال شده است؛ با همان وارد شوید."
    en = "Another registration with the same national code has become the account; log in with that one."


class AlreadyActivated(Problem):
    status = 409
    code = "already_activated"
    fa = "این ثبت‌نام پیش‌تر فعال شده است؛ وارد شوید."
    en = "This registration is already activated; log in."
