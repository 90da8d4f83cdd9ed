"""The bank's own calls to a callback URL; only to URLs a merchant gave when it asked for a payment."""

import logging
from collections.abc import Mapping
from datetime import timedelta

from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError

log = logging.getLogger(__name__)


async def visit(url: str, form: Mapping[str, str] | None = None) -> None:
    """GET the URL, or post the form to it, without following redirects.

    A merchant that does not answer is logged and left.
    """
    client = ClientBuilder().timeout(timedelta(seconds=10)).follow_redirects(enable=False).build()
    try:
        async with client:
            request = client.get(url) if form is None else client.post(url).form(dict(form))
            await request.build().send()
    except PyreqwestError as failure:
        log.warning("callback_not_answered", extra={"reason": type(failure).__name__})
