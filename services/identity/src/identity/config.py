"""What identity is told by its environment, beyond what every service is told."""

import os

from pydantic import Field

from identity.inquiries.settings import InquirySettings


class Settings(InquirySettings):
    """Keys are base64 of 32 bytes; keyrings are ``name:key,name:key``, of which the first seals.

    For ``staff_totp_after`` seconds after their appointment a code by SMS will do for staff instead of
    an authenticator app.

    ``code_key`` is the key of the MACs over one-time codes and refresh tokens. ``hash_workers``
    passwords are hashed at a time, ``hash_memory_kib`` each; ``hash_queue`` more may wait, the rest is
    told to come back. ``address_attempts`` secrets may be checked for one client address at full speed: a
    mobile operator puts thousands of people behind one. ``address_codes`` codes an hour, and four times as
    many a day, may be asked for from one address and not be used; ``sms_per_hour`` and ``sms_per_day``
    codes are sent at most.
    """

    jwks_url: str = ""
    data_keys: str = Field(repr=False)
    index_key: str = Field(repr=False)
    code_key: str = Field(repr=False)
    hash_workers: int = os.cpu_count() or 1
    hash_queue: int = 200
    hash_memory_kib: int = 19_456
    staff_totp_after: float = Field(default=0, ge=0)
    address_attempts: int = 300
    address_codes: int = 15
    sms_per_hour: int = 20_000
    sms_per_day: int = 100_000
