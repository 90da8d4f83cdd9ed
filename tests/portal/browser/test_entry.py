"""From a stranger to somebody with an account, and back in again."""

from iran import to_persian_digits
from nobat.testing.visitor import Visitor


async def fill_in(window, who: Visitor) -> None:
    """The three steps of the form, with Persian digits, as people type them."""
    person = who.person
    await window.fill(
        national_code=to_persian_digits(person.national_code),
        first_name="مریم",
        last_name="حسيني",
        father_name="علی",
        birth_date="۱۳۶۹/۲/۲۲",
    )
    await window.choose("gender", "female")
    await window.press("ادامه")
    await window.fill(
        mobile=to_persian_digits(person.mobile),
        address__city="اصفهان",
        address__street="خیابان آزادی، پلاک ۱۲",
        address__postal_code=person.postal_code,
    )
    await window.choose("address.province", person.province.value)
    await window.press("ادامه")
    await window.fill(occupation="معلم", iban=person.iban)
    await window.choose("education", "کارشناسی")
    await window.press("ادامه")


async def test_a_stranger_registers_and_is_in(open_window, somebody: Visitor) -> None:
    window = await open_window("phone")
    await window.open("/")
    await window.look("home")
    await window.follow("ثبت‌نام کاربر جدید")
    await window.look("register")
    await fill_in(window, somebody)
    await window.look("register-password")
    password = somebody.person.password
    await window.fill(password=password, password_again=password)
    await window.press("ثبت اطلاعات")
    assert window.path == "/register/code"
    await window.look("register-code")
    await window.fill(code=to_persian_digits(await somebody.new_code(after=0)))
    await window.press("فعال کردن حساب")
    assert "حساب شما فعال شد" in await window.text()
    assert await window.page.locator('[name="national_code"]').input_value() != ""
    await window.fill(password=password)
    await window.press("ورود")
    assert window.path == "/account"
    assert "مریم حسینی" in await window.page.locator("header").inner_text()


async def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(open_window) -> None:
    window = await open_window("phone")
    await window.open("/register")
    await window.fill(national_code="۱۲۳۴۵۶۷۸۹۰", first_name="مریم", birth_date="۱۴۰۴/۱۳/۰۱")
    await window.press("ادامه")
    assert window.path == "/register"
    assert await window.page.locator("#national_code").input_value() == "۱۲۳۴۵۶۷۸۹۰"
    assert await window.page.locator("#first_name").input_value() == "مریم"
    wrong = [await found.inner_text() for found in await window.page.locator("p.wrong").all()]
    assert len(wrong) == 5
    await window.look("register-wrong")
    await window.page.keyboard.press("Tab")
    await window.page.keyboard.press("Enter")
    assert window.path == "/register#national_code"


async def test_a_draft_survives_until_the_next_visit(open_window, somebody: Visitor) -> None:
    window = await open_window("desktop", scripts=False)
    await window.open("/register")
    await window.fill(national_code=somebody.person.national_code, first_name="مریم")
    await window.press("ادامه")
    await window.open("/")
    await window.open("/register")
    assert await window.page.locator("#first_name").input_value() == "مریم"
    await window.open("/register/password")
    assert window.path == "/register"
