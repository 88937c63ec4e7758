"""How texts are read: phrases, numbers and ages, refusals, and whom a word is about."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.engines.offline.grammar import ages, prompts
else:
    __getattr__ = submodules(__name__)
