from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from chassis.service import Service
from identity.schema import Base


async def test_the_tables_are_what_the_migrations_make(service: Service) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": _own})
        found: list[object] = compare_metadata(context, Base.metadata)
        return found

    async with service.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def _own(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or name in Base.metadata.tables
