"""Taking a picture for what it shows: it is decoded and written anew, so nothing else comes along.

Sources: OWASP ASVS 5.0 5.2.1 to 5.2.6. What follows the picture in the file, what its metadata says (the
place where it was taken, too) and whatever the file also is to another program are gone.
"""

from dataclasses import dataclass

from chassis.errors import Problem

MAX_PIXELS = 30_000_000
"""More than a telephone takes in its ordinary mode; decoded, a pixel is four bytes of memory."""
MEDIA_TYPE = "image/jpeg"


class NotAPicture(Problem):
    status = 415
    code = "not_a_picture"
    fa = "فقط عکس (JPEG، PNG یا WebP) پذیرفته می‌شود؛ از برگه‌ها عکس بگیرید."
    en = "Only pictures (JPEG, PNG or WebP) are accepted; take a picture of a document."


class TooManyPixels(Problem):
    status = 422
    code = "too_many_pixels"
    fa = "عکس بیش از {max_pixels} نقطه دارد."
    en = "The picture has more than {max_pixels} pixels."


@dataclass(frozen=True)
class Picture:
    """A JPEG file of our own making."""

    data: bytes
    width: int
    height: int


def redrawn(data: bytes) -> Picture:
    """The picture upright, of a bounded size; takes a while, call it in a thread.

    The kind is told by the content alone. Raises ``NotAPicture`` and ``TooManyPixels``, the latter before
    anything is decoded.
    """
    from sales.voice.drawing import drawn  # noqa: PLC0415 decoders that most processes never need

    return drawn(data)
