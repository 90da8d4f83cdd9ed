from chassis.main import main
from identity.app import MIGRATIONS, build
from identity.config import Settings

main("identity", Settings, build, MIGRATIONS)
