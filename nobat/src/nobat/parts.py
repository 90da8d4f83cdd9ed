"""The services as parts that one process can hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource
from pydantic_settings.sources.utils import parse_env_vars

import identity.app
import identity.config
import notify.app
import notify.config
import payment.app
import payment.config
import sales.app
import sales.config
from chassis.config import ServiceSettings
from chassis.service import Service


def as_fields(env: Mapping[str, str], prefix: str = "") -> dict[str, Any]:
    """Environment variables under the names that settings classes have for them."""
    return {name.lower().removeprefix(prefix): value for name, value in env.items()}


@dataclass(frozen=True)
class Part:
    """What a service brings; ``build`` takes an instance of ``settings``."""

    settings: type[ServiceSettings]
    build: Callable[[Any], Service]
    migrations: Path

    def settings_of(self, env: Mapping[str, str]) -> ServiceSettings:
        """The settings that a process with this environment, and no other, would have."""
        source = EnvSettingsSource(self.settings)
        source.env_vars = parse_env_vars(env)
        return self.settings(**source())


PARTS: Mapping[str, Part] = {
    "identity": Part(identity.config.Settings, identity.app.build, identity.app.MIGRATIONS),
    "sales": Part(sales.config.Settings, sales.app.build, sales.app.MIGRATIONS),
    "payment": Part(payment.config.Settings, payment.app.build, payment.app.MIGRATIONS),
    "notify": Part(notify.config.Settings, notify.app.build, notify.app.MIGRATIONS),
}
