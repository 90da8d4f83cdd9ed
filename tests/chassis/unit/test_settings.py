"""Settings keep their secrets to themselves."""

import pytest
from pydantic import Field, ValidationError

from chassis.config import ServiceSettings
from chassis.crypto import new_key

SECRET = new_key()


class Settings(ServiceSettings):
    index_key: str = Field(repr=False)


def settings(**changes: object) -> Settings:
    known = {
        "database_url": f"postgresql+asyncpg://sales:{SECRET}@db/sales",
        "amqp_url": f"amqp://sales:{SECRET}@mq/",
        "jwks_url": "http://identity/.well-known/jwks.json",
        "event_keys": f"one:{SECRET}",
        "index_key": SECRET,
    }
    return Settings.model_validate(
        {name: value for name, value in (known | changes).items() if value is not None}
    )


def test_what_is_printed_of_settings_has_no_secret() -> None:
    assert SECRET not in f"{settings()!r} {settings()!s}"


@pytest.mark.parametrize(
    "changes", [{"jwks_url": None}, {"pool_size": "many"}, {"index_key": None, "port": ""}]
)
def test_what_is_said_of_wrong_settings_has_no_secret(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        settings(**changes)
    assert SECRET not in str(refusal.value)
    assert SECRET[:10] not in str(refusal.value)


def test_settings_stay_as_they_are() -> None:
    with pytest.raises(ValidationError):
        settings().port = 1  # type: ignore[misc]  # the type checker says the same
