"""The command line: reads options, asks the library, prints what it says.

main is the entry; crash and shells are loaded when something goes wrong, or a shell asks.
"""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.cli import crash, options, shells
else:
    __getattr__ = submodules(__name__)
