"""Succeeds when the process in this container answers 200 at ``HEALTH_PATH`` on ``HEALTH_PORT``.

Standard library only and without an HTTP client: it runs every few seconds in every container.
"""

import os
import socket
import sys

SECONDS = 4


def is_healthy(port: int, path: str) -> bool:
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        connection.settimeout(SECONDS)
        connection.sendall(f"GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode())
        return connection.makefile("rb").readline().split()[1:2] == [b"200"]


if __name__ == "__main__":
    healthy = is_healthy(int(os.environ.get("HEALTH_PORT", "8000")), os.environ.get("HEALTH_PATH", "/readyz"))
    sys.exit(not healthy)
