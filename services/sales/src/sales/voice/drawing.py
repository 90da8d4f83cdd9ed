"""Decoding a picture and drawing it anew."""

import io
import struct
import zlib

from PIL import Image, ImageOps

from sales.voice.pictures import MAX_PIXELS, NotAPicture, Picture, TooManyPixels

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_SIDE = 2560
"""Pixels: enough to read a sheet of paper."""
QUALITY = 85
Image.MAX_IMAGE_PIXELS = None  # the limit is our own, where it has an answer for people
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, OverflowError, struct.error)
"""What the decoders raise for files that break their own format."""


def drawn(data: bytes) -> Picture:
    """No side is longer than ``MAX_SIDE``. Raises ``NotAPicture`` and ``TooManyPixels``."""
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
