"""What browsers are told about every page."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""No script and no style but ours, and none inside of a page."""


def headers(*, form_action: str = "", leaves: bool = False) -> dict[str, str]:
    """``form_action`` is an origin to which a form of the page, or where it leads, may go as well.

    A page that ``leaves`` sends the browser to a bank: SEP and Sadad want to see the shop's origin.
    """
    policy = POLICY | ({"form-action": f"'self' {form_action}"} if form_action else {})
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "referrer-policy": "strict-origin-when-cross-origin" if leaves else "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "x-content-type-options": "nosniff",
    }
