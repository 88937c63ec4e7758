"""A pool of several transports: commands, and nothing is made in this process."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apart import Watcher, made_at_once, made_here, request

from avatar_creator._version import __version__
from avatar_creator.errors import AvatarError, Cancelled, EngineError, NotConfigured
from avatar_creator.jobs.engine_processes import place
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.transport import read_transports
from waiting import until

pytestmark = pytest.mark.slow

Pool = Callable[..., EngineProcesses]
Program = Callable[[str], str]


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Opens pools of transports."""
    monkeypatch.setattr(place, "_AGAIN_S", 0.05)
    opened: list[EngineProcesses] = []

    def open_pool(*texts: str) -> EngineProcesses:
        opened.append(EngineProcesses("offline", read_transports(texts), makes_all=True))
        return opened[-1]

    yield open_pool
    for each in opened:
        each.close()
    until(lambda: all(process.has_ended for each in opened for process in each._started))


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Writes programs that do what they are told, and then are an engine process; returns their commands."""

    def write(script: str = "") -> str:
        file = tmp_path / f"engine_process_{len(list(tmp_path.iterdir()))}.py"
        paths = f"import sys; sys.path[:0] = {sys.path!a}"
        main = "from avatar_creator.jobs.engine_processes.child import main; main()"
        file.write_text(f"{paths}\n{script}\n{main}\n")
        return shlex.join([sys.executable, str(file)])

    return write


def failure(processes: EngineProcesses) -> AvatarError:
    with pytest.raises(AvatarError) as caught:
        processes.make(request(), 1, Watcher())
    return caught.value


def test_each_picture_is_made_by_one_of_them_however_few_there_are(pool: Pool, program: Program) -> None:
    processes = pool("here", program(""))
    seeds = range(1, 9)
    assert made_at_once(processes, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}
    assert {process.name for process in processes._started} == processes._places.keys()
    assert sum(process.pictures for process in processes._started) == 8
    assert all(process.facts["host"] for process in processes._started)


def test_who_waits_for_one_is_told_and_may_want_it_no_more(pool: Pool, program: Program) -> None:
    watcher = Watcher(cancel_at=2)
    with pytest.raises(Cancelled):
        pool(program("import time; time.sleep(5)")).make(request(), 1, watcher)
    assert watcher.reported == ["starting", "starting"]


def test_one_that_cannot_be_started_is_tried_again_and_says_why(pool: Pool, program: Program, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    script = f"open({str(tried)!r}, 'a').write('x'); sys.exit('ssh: connect to \\x1b host gpu2: Connection refused')"
    refused = program(script)
    error = failure(pool(refused))
    assert type(error) is EngineError
    said = "exit code 1: ssh: connect to \\x1b host gpu2: Connection refused"
    assert error.message == f"The engine process {refused} cannot be started: {said}."
    assert error.hint == f"Try it, it should wait and say nothing: {refused}"
    assert tried.read_text() == "xxx"


def test_no_part_of_a_value_that_is_given_to_it_is_repeated(pool: Pool, program: Program) -> None:
    value = "s3cret" * 60
    refused = program(f"sys.exit({value!r} + ' is refused')")
    error = failure(pool(f"API_KEY={value} {refused}"))
    assert "exit code 1: *** is refused" in error.message
    assert "s3cret" not in f"{error.message}{error.hint}"
    assert (error.hint or "").startswith("Try it, with your value for ***, it should wait and say nothing: API_KEY=***")


def test_a_command_that_does_not_exist_is_named(pool: Pool) -> None:
    said = failure(pool("/nowhere/ssh gpu2 avatar engine-process")).message
    assert " cannot be started: /nowhere/ssh: " in said


def test_another_one_makes_the_pictures_meanwhile(pool: Pool, program: Program) -> None:
    processes = pool(program("sys.exit(255)"), "here")
    seeds = range(1, 5)
    assert made_at_once(processes, seeds, request()) == {seed: made_here(request(), seed) for seed in seeds}


def test_one_that_starts_later_is_used(pool: Pool, program: Program, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    processes = pool(program(f"import os; os.path.exists({str(broken)!r}) and sys.exit(1)"))
    failure(processes)
    broken.unlink()
    assert processes.make(request(), 1, Watcher()) == made_here(request(), 1)


def test_another_version_is_named_with_ours_at_once(pool: Pool, program: Program, tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    script = f"""open({str(tried)!r}, 'a').write('x')
import avatar_creator._version
avatar_creator._version.__version__ = '9.8'"""
    error = failure(pool(program(script)))
    assert type(error) is NotConfigured
    assert error.message.endswith(f"The engine process is of version '9.8', and the worker of version {__version__}.")
    assert tried.read_text() == "x"


_LACKS = """
from avatar_creator.engines.offline.engine import OfflineEngine
from avatar_creator.errors import NotConfigured
def lacks(*_):
    raise NotConfigured("There is no card.", hint="Add one.")
"""


def test_an_engine_that_lacks_something_everywhere_is_said_with_where(pool: Pool, program: Program) -> None:
    first, second = (program(f"{_LACKS}\nOfflineEngine.facts = lacks") for _ in range(2))
    error = failure(pool(first, second))
    assert type(error) is NotConfigured
    assert error.message == f"{first}: There is no card. {second}: There is no card."
    assert error.hint == "Add one."


def test_a_picture_that_one_lacks_something_for_is_made_by_another(pool: Pool, program: Program) -> None:
    processes = pool(program(f"{_LACKS}\nOfflineEngine.generate = lacks"), "here")
    assert processes.make(request(), 1, Watcher()) == made_here(request(), 1)
    assert processes.ready == 2
    assert processes.make(request(), 2, Watcher()) == made_here(request(), 2)


def test_a_picture_over_which_three_died_fails_with_what_they_said(pool: Pool, program: Program) -> None:
    script = """
import os
from avatar_creator.engines.offline.engine import OfflineEngine
drawn = OfflineEngine.generate
def generate(self, request, watch):
    if request.seed == 3:
        os.write(2, b"CUDA error: an illegal memory access\\nhf_abcdefghijklmno\\n")
        os._exit(134)
    return drawn(self, request, watch)
OfflineEngine.generate = generate"""
    came = made_at_once(pool(f"{program(script)}*2"), range(1, 6), request())
    error = came.pop(3)
    assert isinstance(error, EngineError)
    said = "exit code 134: CUDA error: an illegal memory access / hf_***"
    assert error.message == f"The process that makes pictures ended 3 times over this one: {said}."
    assert came == {seed: made_here(request(), seed) for seed in (1, 2, 4, 5)}


def test_one_that_greets_is_said_to_send_no_messages(pool: Pool, program: Program) -> None:
    greets = program("print('Welcome to gpu2!', flush=True)")
    assert failure(pool(greets)).message.endswith("cannot be started: it sent what is no message.")
