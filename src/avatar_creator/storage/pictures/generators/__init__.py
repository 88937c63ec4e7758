"""What image generators write into their pictures: a reader a tool, and the table of them.

A reader returns None for what another tool wrote. It gets what strangers wrote, and never raises.
"""

from collections.abc import Callable

from avatar_creator.storage.pictures.generators import (
    a1111,
    comfyui,
    drawthings,
    fooocus,
    invokeai,
    mflux,
    midjourney,
    novelai,
    plain,
    swarmui,
)
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

# In this order: a tool's own form before those that it writes for the sake of others.
READERS: tuple[Callable[[MetadataTexts], Parameters | None], ...] = (
    swarmui.read,
    fooocus.read,
    novelai.read,
    mflux.read,
    invokeai.read,
    drawthings.read,
    a1111.read,
    comfyui.read,
    midjourney.read,
    plain.read,
)


def read(metadata: MetadataTexts) -> Parameters:
    """Return what the first tool's form says that is known; nothing where none is."""
    return next((found for reader in READERS if (found := reader(metadata))), Parameters())
