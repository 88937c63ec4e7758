"""The providers behind Hugging Face's router: what each takes, and how it answers."""

from .fal import Fal
from .generations import Nscale, Together
from .inference import Endpoint, HuggingFace
from .replicate import Replicate
from .wavespeed import WaveSpeed

PROVIDERS = {
    provider.name: provider for provider in (Fal(), Replicate(), WaveSpeed(), Together(), Nscale(), HuggingFace())
}
ENDPOINT = Endpoint()

__all__ = ["ENDPOINT", "PROVIDERS"]
