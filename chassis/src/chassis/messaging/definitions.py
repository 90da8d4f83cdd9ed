"""RabbitMQ definitions: a user for each service, limited to its own queues and its own events.

Source: RabbitMQ, "Access Control" and "Schema Definition Export and Import".
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from chassis.messaging import topology

Definitions = dict[str, Any]


def rabbitmq_definitions(
    services: Iterable[str], passwords: Mapping[str, str], vhost: str = "/", administrator: str | None = None
) -> Definitions:
    """Virtual host, exchange, users and permissions; ``passwords`` are by user, who is named as its service.

    The services declare their queues themselves. ``administrator``, if named, may do everything.
    """
    names = sorted(services)
    users = [_user(name, passwords[name], tags=[]) for name in names]
    permissions = [_permission(name, vhost) for name in names]
    if administrator:
        users.append(_user(administrator, passwords[administrator], tags=["administrator"]))
        permissions.append(
            {"user": administrator, "vhost": vhost, "configure": ".*", "write": ".*", "read": ".*"}
        )
    return {
        "vhosts": [{"name": vhost}],
        "users": users,
        "permissions": permissions,
        "topic_permissions": [_topic_permission(name, vhost) for name in names],
        "exchanges": [_exchange(vhost)],
    }


def _user(name: str, password: str, tags: list[str]) -> dict[str, Any]:
    return {
        "name": name,
        "password_hash": password_hash(password, secrets.token_bytes(4)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags,
    }


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's salted SHA-256; ``salt`` has 32 bits."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _permission(service: str, vhost: str) -> dict[str, str]:
    own = rf"{re.escape(service)}\..*"
    shared = f"^({topology.EXCHANGE}|{own})$"
    return {"user": service, "vhost": vhost, "configure": f"^{own}$", "write": shared, "read": shared}


def _topic_permission(service: str, vhost: str) -> dict[str, str]:
    """A service publishes its own events only, and may listen to all."""
    return {
        "user": service,
        "vhost": vhost,
        "exchange": topology.EXCHANGE,
        "write": rf"^{re.escape(service)}\.",
        "read": ".*",
    }


def _exchange(vhost: str) -> dict[str, Any]:
    return {
        "name": topology.EXCHANGE,
        "vhost": vhost,
        "type": "topic",
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }
