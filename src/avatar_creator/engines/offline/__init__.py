"""Drawings made on the spot: DiceBear's art, dressed as the persona asks; no token, no network.

request_reader reads what was asked for, appearance decides the rest by seed, variants chooses the drawings of an art
style that show it, svg composes them, render makes the picture file. Each loads when it is used: a plan that is queued
needs few of them.
"""

from typing import TYPE_CHECKING

from avatar_creator.engines.base import Setup
from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.engines.offline import appearance, description, render, request_reader, rng, svg, variants
else:
    __getattr__ = submodules(__name__)


def ready(_setup: Setup) -> str:
    """Say why `auto` takes it: nothing before it in the table was ready."""
    return "Drawn by the offline engine: there is no Hugging Face token for photographs."
