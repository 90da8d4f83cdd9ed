"""What somebody does with an account, step by step."""

import time

import pyotp

from chassis.testing.eventually import eventually
from iran import to_persian_digits
from nobat.testing.person import Person
from nobat.testing.visitor import Visitor

NEW_PASSWORD = "کوه و دریا ۱۴۰۵"


async def test_the_account_is_seen_and_edited(open_window, member: Visitor, enter) -> None:
    window = await open_window("desktop")
    await enter(window, member)
    await window.open("/account")
    await window.look("account")
    await window.follow("ویرایش حساب کاربری")
    await window.look("account-edit")
    await window.fill(last_name="رستمی", address__city="کاشان")
    await window.press("ثبت تغییرها")
    said = await window.text()
    assert "بخشی از تغییرها ثبت شد" in said
    assert "رستمی" in said
    assert "کاشان" in said
    await window.look("account-pending")
    await window.press("پس گرفتن")
    assert "درخواست پس گرفته شد" in await window.text()


async def test_a_wrong_edit_says_what_is_wrong_and_keeps_it(open_window, member: Visitor, enter) -> None:
    window = await open_window("phone", scripts=False)
    await enter(window, member)
    await window.open("/account/edit")
    await window.fill(address__postal_code="12", iban="IR1")
    await window.press("ثبت تغییرها")
    assert await window.page.locator('[name="address.postal_code"]').input_value() == "12"
    assert await window.page.locator("p.wrong").count() == 2


async def test_sessions_are_listed_and_ended(open_window, member: Visitor, enter) -> None:
    window = await open_window("phone")
    await enter(window, member)
    await window.open("/account/sessions")
    await window.look("account-sessions")
    assert await window.page.get_by_text("همین دستگاه").count() >= 1
    await window.press("پایان دادن")
    assert "آن نشست پایان یافت" in await window.text()
    await window.press("خروج از همین دستگاه")
    assert window.path == "/"
    await window.open("/account")
    assert window.path == "/login?next=/account"


async def test_a_code_by_sms_is_a_way_in_and_leads_back(open_window, member: Visitor) -> None:
    window = await open_window("phone", scripts=False)
    await window.open("/account/password")
    assert window.path.startswith("/login?next=")
    await window.look("login")
    await window.follow("ورود با کد پیامکی")
    sent = len(await member.codes())
    mobile = to_persian_digits(member.person.mobile)
    await window.fill(national_code=member.person.national_code, mobile=mobile)
    await window.press("فرستادن کد")
    await window.look("login-challenge")
    await window.fill(code="123456")
    await window.press("ورود")
    assert await window.page.locator("p.wrong").count() == 1
    await window.fill(code=await member.new_code(after=sent))
    await window.press("ورود")
    assert window.path == "/account/password"


async def test_a_forgotten_password_is_replaced(open_window, member: Visitor) -> None:
    window = await open_window("phone")
    await window.open("/login")
    await window.follow("گذرواژه را فراموش کرده‌ام")
    sent = len(await member.codes())
    await window.fill(national_code=member.person.national_code, mobile=member.person.mobile)
    await window.press("ارسال کد")
    await window.fill(code=await member.new_code(after=sent), new_password="۱۲", password_again="۱۲")
    await window.press("ثبت گذرواژه")
    assert await window.page.locator("p.wrong").count() == 1
    await window.look("recover-password")
    await window.fill(new_password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    await window.fill(code=(await member.codes())[0])
    await window.press("ثبت گذرواژه")
    assert window.path == "/login"
    assert "گذرواژه‌ی تازه ثبت شد" in await window.text()


async def test_what_was_typed_outlives_the_session(open_window, member: Visitor, enter) -> None:
    window = await open_window("phone", scripts=False)
    await enter(window, member)
    await window.open("/account/edit")
    await window.fill(address__street="خیابان تازه، پلاک ۳")
    assert (await member.ask("DELETE", "/sessions")).status_code == 204
    await eventually(lambda: over(window, member))
    await window.press("ثبت تغییرها")
    assert window.path.startswith("/login")
    assert "سر جای خود است" in await window.text()
    await enter_here(window, member)
    assert window.path == "/account/edit"
    assert await window.page.locator('[name="address.street"]').input_value() == "خیابان تازه، پلاک ۳"


async def over(window, member: Visitor) -> bool:
    return (await member.ask("GET", "/me")).status_code == 401


async def enter_here(window, member: Visitor) -> None:
    sent = len(await member.codes())
    await window.fill(national_code=member.person.national_code, password=member.person.password)
    await window.press("ورود")
    if window.path.startswith("/login/challenge"):
        await window.fill(code=await member.new_code(after=sent))
        await window.press("ورود")


async def test_an_authenticator_app_and_a_new_mobile(open_window, member: Visitor, enter) -> None:
    window = await open_window("phone")
    await enter(window, member)
    await window.open("/account/second-factor")
    await window.press("فعال کردن")
    await window.look("authenticator")
    secret = (await window.page.locator(".secret").inner_text()).replace(" ", "")
    await window.fill(code=pyotp.TOTP(secret).at(time.time()))
    await window.press("تأیید")
    assert await window.page.locator(".codes li").count() >= 8
    await window.look("recovery-codes")

    other = Person.random()
    await window.open("/account/mobile")
    await window.fill(mobile=to_persian_digits(other.mobile), password=member.person.password)
    await window.press("فرستادن کد")
    arrived = await eventually(lambda: member.texts(other.mobile))
    await window.fill(code=arrived[0]["code"])
    await window.press("ثبت شماره")
    assert "شماره همراه عوض شد" in await window.text()
