"""What a user says of a Ray cluster, checked."""

import re

from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput

AUTO = "auto"
GPUS_MOST = 64
_ADDRESS = re.compile(r"([A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5})")
_PORT_MOST = 65535


def clean_address(given: str) -> str:
    """Return ``auto`` or HOST:PORT. Raises InvalidInput."""
    address = given.strip()
    if address.lower() == AUTO:
        return AUTO
    found = _ADDRESS.fullmatch(address)
    if found and 1 <= int(found[2]) <= _PORT_MOST:
        return address
    is_client = address.startswith("ray://")
    raise InvalidInput(
        f"ray is {shown(given)}" + (", an address of Ray's client, which is not used here." if is_client else "."),
        hint=f"Write {AUTO} on a node of the cluster, or HOST:PORT of its head, as in ray start --address: gpu1:6379",
    )


def clean_gpus(given: float) -> float:
    """Return a number of cards that Ray can give: whole, or a part of one. Raises InvalidInput."""
    if given == int(given) if 1 <= given <= GPUS_MOST else 0 <= given < 1:
        return float(given)
    raise InvalidInput(
        f"gpus per actor is {given:g}.",
        hint=f"Give a whole number up to {GPUS_MOST}, a part of one such as 0.5, or 0 to count CPUs.",
    )
