"""Writes RabbitMQ's definitions to the file it is told: users, rights and the exchange.

``SALES_AMQP_PASSWORD`` is the password of ``sales``; the file holds salted hashes only.
"""

import json
import os
import sys
from pathlib import Path

from chassis.messaging.definitions import rabbitmq_definitions
from nobat.topology import SERVICES

passwords = {service: os.environ[f"{service.upper()}_AMQP_PASSWORD"] for service in SERVICES}
Path(sys.argv[1]).write_text(json.dumps(rabbitmq_definitions(SERVICES, passwords)))
