"""How a command's process ends: at once, with all done that was left to its end."""

import signal
import subprocess
import sys

import pytest

from avatar_creator.home import Home

ENDING = """
import atexit, sys, threading
from avatar_creator.cli.main import run

atexit.register(lambda: print("cleaned up"))
other = threading.Thread(target=lambda: (go_on.wait(), print("waited for")))
go_on = threading.Event()
if {threads}:
    other.start()
    threading.Timer(0, go_on.set).start()
sys.argv[1:] = {argv}
run()
"""


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize(("argv", "code"), [(["status"], 0), (["status", "gen_nope"], 3)], ids=["done", "failed"])
def test_what_was_left_to_the_end_is_done(argv: list[str], code: int, threads: bool) -> None:
    program = ENDING.format(argv=argv, threads=threads)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == code
    assert ended.stdout.split("\n")[-2:] == ["cleaned up", ""]
    assert ("waited for" in ended.stdout) is threads


@pytest.mark.parametrize(
    "thread", ["", "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"]
)
def test_a_command_takes_no_modules_apart(home: Home, thread: str) -> None:
    """That is 5 % of its time. An object that lives in a module is told of it."""
    home.create()
    program = "import sys\nclass Told:\n    def __del__(self): print('taken apart')\ntold = Told()\n" + thread
    program += "from avatar_creator.cli.main import run\nsys.argv[1:] = ['--version']\nrun()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.startswith("avatar ")
    assert "taken apart" not in ended.stdout


@pytest.mark.usefixtures("home")
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_at_the_end_shows_no_traceback() -> None:
    program = "import atexit, os, signal, sys\natexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
    program += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    program += "from avatar_creator.cli.main import run\nsys.argv[1:] = ['--version']\nrun()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


@pytest.mark.usefixtures("home")
def test_ctrl_c_pressed_twice_shows_no_traceback() -> None:
    program = "import sys\nfrom avatar_creator.cli import main\ndef again(*_args, **_named): raise KeyboardInterrupt\n"
    program += "main.show_error = again\nsys.argv[1:] = ['status', 'gen_nope']\nmain.run()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (130, "")
