"""SOAP 1.1 as far as Behpardakht needs it: a call with plain arguments, one returned text.

Three elements deep, so that it is written here rather than by a library that reads a WSDL: zeep with lxml
would cost each process 30 MB. What comes back is parsed by defusedxml, which refuses entities and DTDs.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
CONTENT_TYPE = "text/xml; charset=utf-8"


class NotSoap(Exception):
    """What came back is no envelope with the call's answer in it."""


def envelope(namespace: str, operation: str, arguments: Mapping[str, object]) -> bytes:
    """The call, arguments in their order."""
    given = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in arguments.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:i="{namespace}"><s:Header/><s:Body>'
        f"<i:{operation}>{given}</i:{operation}></s:Body></s:Envelope>"
    ).encode()


def returned(namespace: str, operation: str, document: bytes) -> str:
    """The text of ``return`` in the answer; raises ``NotSoap``."""
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotSoap from error
    found = root.findtext(f"{{{ENVELOPE}}}Body/{{{namespace}}}{operation}Response/return")
    if root.tag != f"{{{ENVELOPE}}}Envelope" or not found:
        raise NotSoap
    return str(found).strip()
