"""What the sales service is told by its environment."""

from pydantic import Field

from chassis.config import ServiceSettings


class Settings(ServiceSettings):
    """``data_keys`` is the keyring of sealed columns, ``name:key,name:key``, of which the first seals.

    ``index_key`` is the key of the blind indexes of national codes and mobiles, shared with identity.
    """

    data_keys: str = Field(repr=False)
    index_key: str = Field(repr=False)
    catalogue_refresh_seconds: float = 0.5
    admission_batch: int = 200
    lapse_every_seconds: float = 1
