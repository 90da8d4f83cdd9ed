"""The postal code of a home."""

from iran.invalid import Reason
from iran.text_value import TextValue


class PostalCode(TextValue):
    """Ten digits. There is no public check digit, and the popular patterns refuse real codes:
    whether a code exists is for an inquiry to say.
    """

    __slots__ = ()

    pattern = r"^[0-9]{10}$"
    example = "1193653471"
    visible = (5, 0)
    malformed = Reason("postal_code_format", "A postal code has ten digits.", "کد پستی ده رقم دارد.")
