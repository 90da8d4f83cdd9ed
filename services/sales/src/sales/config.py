"""What the sales service is told by its environment."""

from pathlib import Path

from pydantic import Field

from chassis.config import ServiceSettings


class Settings(ServiceSettings):
    """``data_keys`` is the keyring of sealed columns, ``name:key,name:key``, of which the first seals.

    ``index_key`` is the key of the blind indexes of national codes and mobiles, shared with identity.
    ``attachments_dir`` is a folder that all processes of sales share. Instalments are billed
    ``instalment_bill_days`` before they are due.
    ``draw_notice_seconds`` lie at least between the freeze of a draw and the first public source of its seed.
    """

    data_keys: str = Field(repr=False)
    index_key: str = Field(repr=False)
    attachments_dir: Path = Path("/var/lib/nobat/attachments")
    catalogue_refresh_seconds: float = 0.5
    admission_batch: int = 200
    lapse_every_seconds: float = 1
    draws_every_seconds: float = 1
    draw_notice_seconds: float = 3600
    instalment_bill_days: float = 10
