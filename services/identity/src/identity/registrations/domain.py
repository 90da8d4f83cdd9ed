"""The rules of a registration."""

from datetime import timedelta

from chassis.errors import Problem

DRAFT_LIFETIME = timedelta(hours=24)
RESEND_GAP = timedelta(seconds=60)


class RegistrationReplaced(Problem):
    status = 410
    code = "registration_replaced"
    fa = "پس از این، ثبت‌نام دیگری با همین کد ملی آغاز شده است؛ همان را ادامه دهید."
    en = "A later registration with the same national code has taken its place; continue with that one."


class AlreadyActivated(Problem):
    status = 409
    code = "already_activated"
    fa = "این ثبت‌نام پیش‌تر فعال شده است؛ وارد شوید."
    en = "This registration is already activated; log in."
