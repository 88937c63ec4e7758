"""A stand-in for Hugging Face, on this machine: its Hub, its router, the providers behind it, and their CDNs.

It is a proxy. Real clients, and real processes, are led to it by environment variables alone.
"""

from . import behaviours
from .accounts import Account
from .behaviour import Behaviour
from .hub import StandIn
from .record import Made, Seen
from .repos import DEV, GATED, LORA, SCHNELL, SD3, TEXT, UNSERVED, Repo, serves

__all__ = [
    "DEV",
    "GATED",
    "LORA",
    "SCHNELL",
    "SD3",
    "TEXT",
    "UNSERVED",
    "Account",
    "Behaviour",
    "Made",
    "Repo",
    "Seen",
    "StandIn",
    "behaviours",
    "serves",
]
