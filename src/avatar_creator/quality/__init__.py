"""Whether a picture is fit to be somebody's avatar: what is measured of it, held against limits.

`judging` is pure. Pictures are measured in another process, by `decoding`.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.quality import checking, judging
else:
    __getattr__ = submodules(__name__)
