"""What the sales service is told by its environment."""

from pydantic import Field

from chassis.config import ServiceSettings


class Settings(ServiceSettings):
    """``index_key`` is the key of the national code's blind index, shared with identity."""

    index_key: str = Field(repr=False)
    catalogue_refresh_seconds: float = 0.5
    admission_batch: int = 200
    lapse_every_seconds: float = 1
