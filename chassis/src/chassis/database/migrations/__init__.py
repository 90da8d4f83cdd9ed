"""Alembic, configured in code: the chassis' own tables and the service's, as two branches."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

CHASSIS_VERSIONS = Path(__file__).parent / "versions"
MIGRATION_LOCK = 7_031_926

if TYPE_CHECKING:
    from alembic.config import Config


def alembic_config(service_versions: Path) -> "Config":
    """Configuration whose heads are the chassis branch and the service branch."""
    from alembic.config import Config  # noqa: PLC0415 - large, and most processes never migrate

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{CHASSIS_VERSIONS}\n{service_versions}")
    return config


async def migrate(url: str, service_versions: Path) -> None:
    """Brings the database at ``url`` to the newest version; safe to run from several processes."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade, service_versions)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, service_versions: Path) -> None:
    from alembic import command  # noqa: PLC0415 - as above

    config = alembic_config(service_versions)
    connection.execute(text(f"SELECT pg_advisory_lock({MIGRATION_LOCK})"))
    connection.commit()
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")
    connection.commit()


def run(url: str, service_versions: Path) -> None:
    """``migrate`` for a command line."""
    asyncio.run(migrate(url, service_versions))
