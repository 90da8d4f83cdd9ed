"""``python -m nobat``."""

from nobat.cli import main

main()
