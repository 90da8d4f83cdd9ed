"""``python -m payment api | worker | migrate``."""

from chassis.main import main
from payment.app import MIGRATIONS, build
from payment.config import Settings

if __name__ == "__main__":
    main("payment", Settings, build, MIGRATIONS)
