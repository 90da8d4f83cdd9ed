"""``python -m bench [suite ...] [--quick]``: measures, prints a table, writes it to ``bench/results``."""

import argparse
import asyncio

import psutil

import chassis.logging
from bench import (
    bulk,
    customers,
    deliveries,
    draw,
    growth,
    identity,
    imports,
    intake,
    ledger,
    live,
    messaging,
    portal,
    proxy,
    quotas,
    tracking,
)
from bench.report import Measurement, stolen_since, write
from nobat.servers.runtime import throwaway_folder

SUITES = {
    "intake": intake.measure,
    "ledger": ledger.measure,
    "quotas": quotas.measure,
    "gateway": proxy.measure,
    "portal": portal.measure,
    "messaging": messaging.measure,
    "growth": growth.measure,
    "identity": identity.measure,
    "customers": customers.measure,
    "live": live.measure,
    "deliveries": deliveries.measure,
    "imports": imports.measure,
    "draw": draw.measure,
    "notify": bulk.measure,
    "tracking": tracking.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("suites", nargs="*", help=f"of {', '.join(SUITES)}; all when none is named")
    parser.add_argument("--seconds", type=int, default=10, help="length of each measurement")
    parser.add_argument(
        "--rows",
        type=int,
        default=5_000_000,
        help="orders (growth, tracking) or, up to a million, customers in the table",
    )
    arguments = parser.parse_args()
    chassis.logging.configure("bench", "WARNING")
    chosen = arguments.suites or list(SUITES)
    measurements: list[Measurement] = []
    before = psutil.cpu_times()
    for name in chosen:
        with throwaway_folder() as folder:
            print(f"{name} ...", flush=True)
            measurements += asyncio.run(SUITES[name](folder, arguments.seconds, arguments.rows))
    print(write(measurements, chosen, stolen_since(before)))


main()
