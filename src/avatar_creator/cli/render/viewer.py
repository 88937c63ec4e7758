"""The system's own programs for pictures and pages."""

import os
import subprocess
import sys
from pathlib import Path

_UNTIL_SHOWN_S = 5.0  # a viewer that ends by then has failed if it says so


def is_shown(file: Path | str) -> bool:
    """Have the system show a file, or the page of an address, in its program for it.

    Return whether one does, or has not failed so far.
    """
    if sys.platform == "win32":
        os.startfile(file)  # noqa: S606 - the user's own
        return True
    if sys.platform == "darwin":
        viewer = "open"
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        viewer = "xdg-open"
    else:
        return False  # without a screen it would look for a browser of the terminal
    try:  # in a session of its own: whatever it starts gets no hold of this terminal
        started = subprocess.Popen(
            [viewer, file.absolute() if isinstance(file, Path) else file],  # a name may begin with a hyphen
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return started.wait(_UNTIL_SHOWN_S) == 0
    except subprocess.TimeoutExpired:  # some viewers are waited for until they are closed
        started.returncode = 0  # but not by us, and Python need not warn of it
        return True
    except OSError:
        return False
