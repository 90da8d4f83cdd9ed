"""What all requests of the process share."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.crypto import Keyring
from portal.gateway import Gateway
from portal.rendering import Renderer
from portal.session import Refreshing


@dataclass(frozen=True)
class Site:
    gateway: Gateway
    renderer: Renderer
    keyring: Keyring
    refreshing: Refreshing
    clock: Clock
