"""The picture that an authenticator app takes its key from."""

import re
from html import unescape
from urllib.parse import unquote

import segno

from portal.testing import LOGIN, PAIR, token

URI = "otpauth://totp/x:049?secret=JBSWY3DPEHPK3PXP&issuer=x"


async def test_the_key_is_shown_as_a_picture_that_the_policy_allows(browser, fake) -> None:
    fake.say("POST", "/sessions", 201, {"access_token": token(sub="1"), "refresh_token": "one", **PAIR})
    fake.say("GET", "/me", 200, {"first_name": "مریم", "last_name": "حسینی"})
    await browser.send_form("/login", **LOGIN)
    fake.say("GET", "/me/authenticator", 200, {"enrolled": False})
    fake.say("POST", "/me/authenticator", 201, {"secret": "JBSWY3DPEHPK3PXP", "otpauth_uri": URI})
    await browser.send_form("/account/second-factor")
    page = await browser.get("/account/second-factor/confirmation")
    picture = unescape(re.findall(r'<img src="([^"]*)"', page.text)[0])
    assert picture.startswith("data:image/svg+xml")
    assert "img-src 'self' data:" in page.headers["content-security-policy"]
    drawn = segno.make(URI, micro=False, error="m").svg_data_uri(scale=4, light="#fff")
    assert unquote(picture) == unquote(drawn)
    assert "JBSW Y3DP EHPK 3PXP" in page.text
