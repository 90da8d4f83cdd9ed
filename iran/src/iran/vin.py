"""The chassis number of a car (ISO 3779)."""

from iran.digits import compact
from iran.invalid import Reason
from iran.text_value import TextValue

_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


class Vin(TextValue):
    """Seventeen digits and capital letters without I, O and Q."""

    __slots__ = ()

    pattern = r"^[0-9A-HJ-NPR-Z]{17}$"
    example = "1M8GDM9AXKP042788"
    malformed = Reason(
        "vin_format",
        "A VIN has seventeen digits and Latin letters, without I, O and Q.",
        "شماره VIN هفده رقم و حرف لاتین دارد و حروف I و O و Q در آن نیست.",
    )

    @classmethod
    def _canonical(cls, text: str) -> str:
        return compact(text).upper()

    @property
    def check_digit_fits(self) -> bool:
        """A North American rule. Valid Iranian and European numbers break it, so it may only warn."""
        total = sum(_VALUES[sign] * weight for sign, weight in zip(self, _WEIGHTS, strict=True))
        return self[8] == "0123456789X"[total % 11]

    @property
    def manufacturer(self) -> str:
        """The world manufacturer identifier, such as `NAA`."""
        return self[:3]
