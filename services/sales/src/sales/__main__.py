"""``python -m sales api | worker | migrate``."""

from chassis.main import main
from sales.app import MIGRATIONS, build
from sales.config import Settings

main("sales", Settings, build, MIGRATIONS)
