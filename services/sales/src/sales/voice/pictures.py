"""Taking a picture for what it shows: it is decoded and written anew, so nothing else comes along.

Sources: OWASP ASVS 5.0 5.2.1 to 5.2.6. What follows the picture in the file, what its metadata says (the
place where it was taken, too) and whatever the file also is to another program are gone.
"""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from chassis.errors import Problem

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 30_000_000
"""More than a telephone takes in its ordinary mode; decoded, a pixel is four bytes of memory."""
MAX_SIDE = 2560
"""Pixels: enough to read a sheet of paper."""
QUALITY = 85
MEDIA_TYPE = "image/jpeg"
Image.MAX_IMAGE_PIXELS = None  # the limit is here, where it has an answer for people
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error)
"""What the decoders raise for files that break their own format."""


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
    """The picture upright, no longer than ``MAX_SIDE``; takes a while, call it in a thread.

    The kind is told by the content alone. Raises ``NotAPicture`` and ``TooManyPixels``, the latter before
    anything is decoded.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooManyPixels(max_pixels=MAX_PIXELS)
            return _jpeg(image)
    except (*DAMAGED, zlib.error):
        raise NotAPicture from None


def _jpeg(image: Image.Image) -> Picture:
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    upright = _on_white(ImageOps.exif_transpose(image))
    upright.info = {}  # a comment or metadata in it would be written again
    file = io.BytesIO()
    upright.save(file, "JPEG", quality=QUALITY)
    return Picture(file.getvalue(), upright.width, upright.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    solid = image.convert("RGBA")
    paper = Image.new("RGBA", solid.size, "white")
    return Image.alpha_composite(paper, solid).convert("RGB")
