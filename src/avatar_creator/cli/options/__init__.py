"""Options that several commands share or that take work to read, and questions asked before a loss or a cost."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.cli.options import mistyped, mistyped_cast, output_path, persona_file, spending, times
else:
    __getattr__ = submodules(__name__)
