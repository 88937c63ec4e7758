"""Other processes behind pipes: how one is started, what goes through, how it ended.

Decoders of strangers' pictures and engines live in such ones.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.processes import cores, interpreter, messages
else:
    __getattr__ = submodules(__name__)
