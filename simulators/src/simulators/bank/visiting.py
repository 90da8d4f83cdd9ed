"""The bank's own calls to a callback URL; only to URLs a merchant gave when it asked for a payment."""

import logging
from datetime import timedelta

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError

log = logging.getLogger(__name__)


async def visit(url: str) -> None:
    """GET the URL without following redirects; a merchant that does not answer is logged and left."""
    client = ClientBuilder().timeout(timedelta(seconds=10)).follow_redirects(enable=False).build()
    try:
        async with client:
            await client.get(url).build().send()
    except PyreqwestError as failure:
        log.warning("callback_not_answered", extra={"reason": type(failure).__name__})
