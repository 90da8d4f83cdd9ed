"""``python -m notify api | worker | migrate``"""

from chassis.main import main
from notify.app import MIGRATIONS, build
from notify.config import Settings

if __name__ == "__main__":
    main("notify", Settings, build, MIGRATIONS)
