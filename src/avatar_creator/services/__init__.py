"""What the tool does: work that joins two or more parts."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.services import backup, deletion, doctor, reindex, upload, whole_backup
else:
    __getattr__ = submodules(__name__)
