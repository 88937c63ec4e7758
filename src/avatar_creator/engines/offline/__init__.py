"""Drawings made on the spot: DiceBear's art, dressed as the persona asks; no token, no network.

request_reader reads what was asked for, appearance decides the rest by seed, variants chooses the drawings of an art
style that show it, svg composes them, render makes the picture file.
"""

from avatar_creator.engines.base import Setup


def ready(_setup: Setup) -> str:
    """Say why `auto` takes it: nothing before it in the table was ready."""
    return "Drawn by the offline engine: there is no Hugging Face token for photographs."
