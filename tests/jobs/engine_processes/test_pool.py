"""The engine processes of one engine: real ones, that draw, die, freeze and are given back."""

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from apart import Watcher, grown, made_at_once, made_here, pids, request, scripted

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.errors import Cancelled, EngineError
from avatar_creator.jobs.engine_processes import place, pool
from avatar_creator.jobs.engine_processes.place import Place
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.process import EngineProcess, PipedProcess
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.jobs.prepare import Made
from avatar_creator.processes import interpreter
from waiting import LONG_S, until

if os.name == "posix":
    import fcntl
    import pty
    import termios

pytestmark = pytest.mark.slow
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither fork nor these signals")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineProcesses]:
    monkeypatch.setattr(pool, "_PICTURES_EACH", 1)
    opened = EngineProcesses("offline", [Transport(most=2)])
    yield opened
    opened.close()
    until(lambda: not any(_is_alive(pid) for pid in pids(opened)))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# Says that it is ready, and ends.
_BRIEF = """
import sys
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.processes import messages
messages.read(sys.stdin.buffer)
messages.write(sys.stdout.buffer, wire.READY)
"""


# -- what they make


@pytest.mark.parametrize("format_", PictureFormat)
@pytest.mark.parametrize("embed", Embed)
def test_a_picture_is_the_same_as_one_made_here(
    processes: EngineProcesses, format_: PictureFormat, embed: Embed
) -> None:
    grown(processes, 1)
    asked = request(format=format_, embed=embed)
    for seed in (1, 2**31 - 1):
        assert processes.make(asked, seed, Watcher()) == made_here(asked, seed)


def test_so_is_one_of_another_size_and_art_style(processes: EngineProcesses) -> None:
    grown(processes, 2)
    asked = request(width_px=300, height_px=640, options={"art_style": "open-peeps"}, jpeg_quality=71)
    assert made_at_once(processes, range(1, 9), asked) == {seed: made_here(asked, seed) for seed in range(1, 9)}


def test_a_few_pictures_start_none(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = EngineProcesses("offline", [Transport()])
    for seed in range(1, pool._PICTURES_EACH):
        assert processes.make(request(), seed, Watcher()) is None
    assert (processes.ready, processes._starting) == (0, 0)
    monkeypatch.setattr(place, "_AGAIN_S", 0)
    until(lambda: processes.make(request(), 1, Watcher()) and processes.ready == 1)
    processes.close()


def test_what_an_engine_refuses_is_raised_here_and_the_process_goes_on(processes: EngineProcesses) -> None:
    grown(processes, 1)
    before = pids(processes)
    with pytest.raises(Exception, match="cubism"):
        processes.make(request(options={"art_style": "cubism"}), 1, Watcher())
    assert processes.make(request(), 1, Watcher()) == made_here(request(), 1)
    assert set(before) <= set(pids(processes))


def test_what_libraries_print_is_no_message(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, 'print("x" * 100_000, flush=True); os.write(1, b"rubbish"); sys.stdin.read()')
    grown(processes, 1)
    assert processes.make(request(), 3, Watcher()) == made_here(request(), 3)


def test_an_engine_that_calls_services_is_told_that_it_cannot_run_apart(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = {
        2: "watch.begin_call()",
        3: 'watch.save_response(b"whole")',
        4: 'watch.record_charge("fal-ai", "flux")',
        5: 'watch.wait(1, "busy")',
        6: "watch.pause(1)",
    }
    scripted(monkeypatch, " or ".join(f"(request.seed == {seed} and {call})" for seed, call in calls.items()))
    grown(processes, 1)
    for seed, call in calls.items():
        method = call.partition("(")[0].removeprefix("watch.")
        with pytest.raises(Exception, match=rf"cannot run apart: Watch\.{method} needs the row"):
            processes.make(request(), seed, Watcher())
    assert processes.make(request(), 1, Watcher()) == made_here(request(), 1)


def test_progress_is_reported_and_one_that_is_unwanted_ends(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "[(time.sleep(0.05), watch.progress(n / 1000)) for n in range(1000 * (request.seed == 9))]"
    scripted(monkeypatch, script)
    grown(processes, 1)
    watcher = Watcher(cancel_at=3)
    with pytest.raises(Cancelled):
        processes.make(request(), 9, watcher)
    assert watcher.reported == sorted(watcher.reported, key=float)
    assert processes.make(request(), 3, Watcher()) == made_here(request(), 3)


# -- what becomes of them


@posix
def test_one_that_dies_is_replaced_and_its_picture_made_by_another(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    died = tmp_path / "died"
    once = f"request.seed == 5 and not os.path.exists({str(died)!r})"
    scripted(monkeypatch, f"{once} and (open({str(died)!r}, 'w'), os.kill(os.getpid(), 9))")
    grown(processes, 2)
    seeds = range(1, 12)
    assert made_at_once(processes, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}
    assert died.exists()


@posix
def test_a_picture_over_which_three_died_fails_and_the_others_go_on(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, "request.seed == 5 and os.kill(os.getpid(), signal.SIGSEGV)")
    grown(processes, 2)
    came = made_at_once(processes, range(1, 12), request())
    error = came.pop(5)
    assert isinstance(error, EngineError)
    assert error.message == "The process that makes pictures ended 3 times over this one: SIGSEGV."
    assert not error.ends_run
    assert {1, 2, 3, 4, *range(6, 12)} == came.keys()
    elsewhere = {seed: made for seed, made in came.items() if made is not None}  # others: while no process was ready
    assert elsewhere == {seed: made_here(request(), seed) for seed in elsewhere}


@posix
def test_one_that_is_frozen_is_killed_and_replaced(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    grown(processes, 2)
    monkeypatch.setattr(pool, "_SILENT_S", 5)  # longer than a busy machine takes to start a third
    frozen = pids(processes)
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    assert processes.make(request(), 1, Watcher()) == made_here(request(), 1)
    assert len(set(frozen) & set(pids(processes))) < 2


def test_one_that_takes_long_is_not(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, "time.sleep(4 * (request.seed == 9))")
    grown(processes, 1)
    monkeypatch.setattr(pool, "_SILENT_S", 2)
    assert isinstance(processes.make(request(), 9, Watcher()), Made)


# Says by hand what an engine process does; a picture's bytes in parts that come one by one.
_BY_HAND = """
import io, json, sys, time
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Message
out = sys.stdout.buffer
def say(message):
    messages.write(out, message)
    out.flush()
messages.read(sys.stdin.buffer)
say(wire.ready({{}}))
messages.read(sys.stdin.buffer)
{script}
"""


def by_hand(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    command = interpreter.command
    monkeypatch.setattr(interpreter, "command", lambda _statement: command(_BY_HAND.format(script=script)))


def test_a_message_that_comes_slowly_is_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SILENT_S", 2)
    slowly = """
pipe = io.BytesIO()
messages.write(pipe, wire.failure(ValueError("x" * 9000)))
for at in range(0, len(pipe.getvalue()), 1000):
    out.write(pipe.getvalue()[at:at + 1000])
    out.flush()
    time.sleep(0.5)
"""
    by_hand(monkeypatch, slowly)
    processes = EngineProcesses("offline", [Transport()], makes_all=True)
    with pytest.raises(Exception, match="ValueError: x"):
        processes.make(request(), 1, Watcher())
    processes.close()


@pytest.mark.parametrize(
    "script",
    [
        'say(Message({"made": ["jpeg", "wide", 64, "ab", None]}, [b"x", b"x", b"{}"]))',
        'out.write(b"\\xff" * 8)',  # a head of 4 GB
        'out.write((2).to_bytes(4, "big") + b"[]")',
        'out.write((60).to_bytes(4, "big") + b"x" * 60)',
        'head = b\'[{"made": []}, [1e300]]\'; out.write(len(head).to_bytes(4, "big") + head)',
    ],
)
def test_a_picture_is_failed_by_what_is_no_message(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(place, "_AGAIN_S", 0)
    by_hand(monkeypatch, f"{script}; out.flush(); time.sleep(99)")
    processes = EngineProcesses("offline", [Transport()], makes_all=True)
    with pytest.raises(EngineError, match="ended 3 times over this one: it sent what is no message"):
        processes.make(request(), 1, Watcher())
    processes.close()


def test_progress_that_is_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = "[say(Message({'progress': said})) for said in (0.5, 10**400, float('nan'), -1, 'x', None, 0.75)]"
    by_hand(monkeypatch, f"{odd}; say(wire.failure(ValueError('its end')))")
    processes, watcher = EngineProcesses("offline", [Transport()], makes_all=True), Watcher()
    with pytest.raises(Exception, match="its end"):
        processes.make(request(), 1, watcher)
    assert watcher.reported[-7:] == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75]
    processes.close()


def test_those_that_are_idle_are_given_back(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    grown(processes, 2)
    monkeypatch.setattr(processes, "_idle_s", 1)
    until(lambda: processes.ready == 0)
    until(lambda: pids(processes) == [])
    grown(processes, 1)  # and started again


def test_one_that_sends_nonsense_is_ended(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = "sys.stdin.buffer.read(1); sys.stdout.buffer.write(b'x' * 99); sys.stdout.flush(); time.sleep(99)"
    command = interpreter.command
    monkeypatch.setattr(interpreter, "command", lambda _: command(f"import sys, time; {nonsense}"))
    assert processes.make(request(), 1, Watcher()) is None
    until(lambda: not processes._starting)
    assert processes.make(request(), 1, Watcher()) is None
    assert processes._started == set()


@pytest.mark.parametrize("python", ["", "/nowhere/python"])
def test_where_none_can_be_started_pictures_are_made_here(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "executable", python)
    for seed in range(1, 4):
        assert processes.make(request(), seed, Watcher()) is None
        until(lambda: not processes._starting)


def test_they_get_no_secret(processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    scripted(monkeypatch, "assert request.seed != 9, sorted(os.environ)")
    grown(processes, 1)
    with pytest.raises(Exception, match="PATH") as caught:
        processes.make(request(), 9, Watcher())
    assert "HF_TOKEN" not in str(caught.value)


@posix
def test_the_interrupt_of_a_terminal_does_not_reach_them(processes: EngineProcesses) -> None:
    grown(processes, 1)
    (pid,) = pids(processes)[:1]
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    assert isinstance(processes.make(request(), 1, Watcher()), Made)
    assert pid in pids(processes)


_PARENT = """
import sys, time
sys.path[:0] = {paths}
from apart import grown, pids, request
from avatar_creator.jobs.engine_processes import pool, transport
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.processes import interpreter
pool._PICTURES_EACH = 1
processes = grown(pool.EngineProcesses("offline", [{transport}]), 2)
print(*pids(processes), flush=True)
{then}
"""


_MAKES_LARGE_ONES = """
from apart import Watcher
while True:
    processes.make(request(width_px=2048, height_px=2048), 1, Watcher())
"""


_HERE = "Transport(most=2)"
_COMMAND = "Transport('ssh', 2, tuple(interpreter.command(transport._START)))"


def _run(then: str, transport: str = _HERE) -> "subprocess.Popen[str]":
    """Start a process that has two engine processes, and no terminal."""
    here = Path(__file__)
    paths = [str(here.parent), str(here.parents[2])]
    program = _PARENT.format(paths=paths, then=then, transport=transport)
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=os.name == "posix"
    )


@posix
@pytest.mark.parametrize("is_frozen", [False, True])
@pytest.mark.parametrize(
    ("transport", "then"), [(_HERE, "time.sleep(99)"), (_HERE, _MAKES_LARGE_ONES), (_COMMAND, "time.sleep(99)")]
)
def test_none_is_left_of_a_parent_that_was_killed(transport: str, then: str, is_frozen: bool) -> None:
    with _run(then, transport) as parent:
        assert parent.stdout is not None
        left = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(left) == 2
        for pid in left if is_frozen else ():
            os.kill(pid, signal.SIGSTOP)
        if is_frozen:
            until(lambda: {_state(pid) for pid in left} == {"T"})
        parent.kill()
        parent.wait()
    begun = time.monotonic()
    until(lambda: not any(_is_running(pid) for pid in left))
    assert time.monotonic() - begun < LONG_S / 10


@posix
@pytest.mark.parametrize("has_terminal", [True, False])
def test_a_command_has_no_terminal_to_ask_on(has_terminal: bool, tmp_path: Path) -> None:
    said = tmp_path / "said"
    opens = f"os.open('/dev/tty', os.O_RDWR); open({str(said)!r}, 'a').write('asked')"
    program = f"""
import fcntl, sys, termios
from avatar_creator.jobs.engine_processes.transport import Transport
{has_terminal} and fcntl.ioctl(0, termios.TIOCSCTTY, 0)
command = sys.executable, "-c", "import os; {opens}"
assert Transport("ssh", command=command).start("offline").how_ended().startswith("exit code 1")
"""
    ours, terminal = pty.openpty()
    subprocess.run([sys.executable, "-c", program], stdin=terminal, start_new_session=True, check=True)
    os.close(ours)
    os.close(terminal)
    assert not said.exists()


def _is_running(pid: int) -> bool:
    """Return whether it lives; one that ended, and whose end nobody has waited for yet, does not."""
    return _state(pid) not in {"", "Z"}


def _state(pid: int) -> str:
    ps = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return ps.stdout.strip()[:1]


@posix
def test_a_fork_has_its_own_and_leaves_those_of_its_parent_alone() -> None:
    then = """
import os
child = os.fork()
if not child:
    from apart import Watcher, made_here
    assert processes.ready == 0 and not processes._started
    assert processes.make(request(), 1, Watcher()) is None
    os._exit(0 if grown(processes, 1).make(request(), 1, Watcher()) == made_here(request(), 1) else 1)
assert os.waitpid(child, 0)[1] == 0
from apart import Watcher
before = pids(processes)
assert processes.make(request(), 1, Watcher()) and pids(processes) == before
print("good")
"""
    with _run(then) as parent:
        assert parent.stdout is not None
        assert parent.stdout.read().endswith("good\n")


# -- their pipes


def are_closed(process: EngineProcess) -> bool:
    assert isinstance(process, PipedProcess)
    return process._to.closed and process._from.closed


def test_one_that_ends_when_it_is_ready_leaves_no_pipe_open(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = interpreter.command
    monkeypatch.setattr(interpreter, "command", lambda _statement: command(_BRIEF))
    assert processes.make(request(), 1, Watcher()) is None
    until(lambda: len(processes._started) == 1)
    (process,) = processes._started
    with processes._changed:  # nobody hears that it is ready before it has ended
        until(lambda: process.has_ended)
    until(lambda: are_closed(process))


@posix
def test_one_whose_picture_is_there_when_all_are_ended_leaves_no_pipe_open(
    processes: EngineProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, "time.sleep(0.3); watch.progress(0.5)")
    monkeypatch.setattr(processes, "_places", {"here": Place(Transport())})
    grown(processes, 1)
    (process,) = processes._started

    class Closer(Watcher):
        def progress(self, fraction: float, /) -> None:
            if fraction == 0.5 and not processes._is_closed:
                until(lambda: _unread(process) > 1000)
                processes.close()

    assert processes.make(request(), 3, Closer()) == made_here(request(), 3)
    until(lambda: are_closed(process))


def _unread(process: EngineProcess) -> int:
    """Return how many bytes it has sent that are not read yet."""
    assert isinstance(process, PipedProcess)
    (count,) = struct.unpack("i", fcntl.ioctl(process._from.fileno(), termios.FIONREAD, bytes(4)))
    return int(count)
