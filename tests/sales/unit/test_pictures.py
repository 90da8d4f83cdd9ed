"""A picture is drawn anew; what is none is refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sales.voice import drawing
from sales.voice.pictures import NotAPicture, TooManyPixels, redrawn

SCRIPT = b"<script>alert(1)</script>%PDF-1.4 PK\x03\x04"


def picture(kind="JPEG", size=(80, 40), mode="RGB", **options):
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_telephone_makes_becomes_a_jpeg(kind):
    drawn = redrawn(picture(kind))
    assert (drawn.data[:3], drawn.width, drawn.height) == (b"\xff\xd8\xff", 80, 40)


def test_a_file_that_is_also_something_else_is_only_a_picture_afterwards():
    comment = picture("JPEG", comment=SCRIPT)
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode("latin-1")
    for data in (picture() + SCRIPT, comment, picture(exif=exif), picture("PNG") + SCRIPT):
        drawn = redrawn(data).data
        assert SCRIPT in data
        assert not any(part in drawn for part in (b"script", b"PDF", b"PK\x03\x04", b"Exif"))


def test_a_picture_is_turned_upright_and_loses_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    drawn = redrawn(picture(exif=exif))
    assert (drawn.width, drawn.height) == (40, 80)
    assert not Image.open(io.BytesIO(drawn.data)).getexif()


def test_a_large_picture_becomes_smaller_and_transparency_white():
    assert redrawn(picture(size=(5000, 100))).width == drawing.MAX_SIDE
    file = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(file, "PNG")
    assert Image.open(io.BytesIO(redrawn(file.getvalue()).data)).getpixel((1, 1)) == (255, 255, 255)


def test_a_flood_of_pixels_is_refused_before_it_is_decoded():
    bomb = picture("PNG", size=(10_000, 10_000), mode="1")
    assert len(bomb) < 100_000
    with pytest.raises(TooManyPixels):
        redrawn(bomb)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n1 0 obj", b"GIF89a\x01\x00\x01\x00", b"<svg/>", SCRIPT])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(NotAPicture):
        redrawn(data)


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_picture_is_drawn_or_refused_and_nothing_else(kind, data):
    whole = picture(kind)
    at = data.draw(st.integers(1, len(whole) - 1))
    for damaged in (whole[:at], whole[:at] + data.draw(st.binary(min_size=1, max_size=9)) + whole[at + 1 :]):
        try:
            assert redrawn(damaged).data
        except (NotAPicture, TooManyPixels):
            continue
