"""The command `avatar`, and python -m avatar_creator."""

import gc
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def run() -> "NoReturn":
    """Run the command line of this process.

    What imports make lives as long as the process: looking for garbage in it takes 15 % of a short command. So that
    begins when the command that was typed is loaded.
    """
    handler = signal.getsignal(signal.SIGINT)
    if handler is not signal.SIG_IGN:  # as of what a script runs in the background: its Ctrl-C is not for that
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # while modules load, it could only show a traceback
    gc.disable()
    from avatar_creator.cli.main import run as run_command_line  # noqa: PLC0415
    from avatar_creator.storage import suspension  # noqa: PLC0415

    signal.signal(signal.SIGINT, handler)
    suspension.install(_give_cursor)
    run_command_line()


def _give_cursor(shell: bool) -> None:
    """Give the shell its cursor back, or take it again."""
    cursor = sys.modules.get("avatar_creator.cli.render.cursor")  # where there is none, nothing hides it
    if cursor is not None:
        cursor.give_cursor(shell=shell)


if __name__ == "__main__":
    run()
