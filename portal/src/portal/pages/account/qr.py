"""The picture from which an authenticator app takes its key."""

ERROR_LEVEL = "m"
PIXELS_OF_A_MODULE = 4


def picture_of(uri: str) -> str:
    """An image as a ``data:`` address, dark on white whatever the page's colours are: apps read no other.

    The library is heavy for a page that few see, so it is loaded with the first one.
    """
    import segno  # noqa: PLC0415 see above

    code = segno.make(uri, micro=False, error=ERROR_LEVEL)
    return code.svg_data_uri(scale=PIXELS_OF_A_MODULE, light="#fff")
