"""Who may decide a change. Source: OWASP ASVS 5.0 2.3.5 (four eyes)."""

from chassis.four_eyes import SamePerson


class OwnChange(SamePerson):
    code = "own_change"
    fa = "درباره‌ی تغییر حساب خودتان همکار دیگری تصمیم می‌گیرد."
    en = "A change of your own account is for somebody else to decide."


class FourEyes(SamePerson):
    code = "four_eyes"
    fa = "شما این تغییر را پیش‌تر پذیرفته‌اید؛ همکار دیگری نیز باید بپذیرد."
    en = "You have approved this change already; somebody else has to as well."
