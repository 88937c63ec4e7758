"""Transports: commands, each of which runs one engine process behind its standard input and output."""

import os
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from avatar_creator.domain.assignments import MASK, assigned_values, is_secret, without_values
from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.home import PREFIX
from avatar_creator.jobs import engine_processes
from avatar_creator.processes import interpreter

if TYPE_CHECKING:
    from avatar_creator.jobs.engine_processes.process import PipedProcess

HERE = "here"
_START = "from avatar_creator.jobs.engine_processes.child import main; main()"
_LONGEST = 1000  # characters of one that a user writes
_MOST = 1000  # processes, of all transports together
_TIMES = re.compile(r"(.*?)\s*\*\s*([0-9]{1,6})", re.DOTALL)
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
_CARD = re.compile(r"(?:cuda|gpu):([0-9]+)", re.IGNORECASE)
# What engines on this machine are told of it: where caches are, and how libraries use cards and cores.
_PASSED_ON = (
    "HOME USERPROFILE LOCALAPPDATA TMPDIR TEMP TMP XDG_CACHE_HOME HF_HOME HF_HUB_ HUGGINGFACE_HUB_CACHE CUDA_"
    " NVIDIA_ HIP_ ROCR_ HSA_ TORCH PYTORCH_ TRITON_ OMP_ MKL_"
)


@dataclass(frozen=True, slots=True)
class Transport:
    """What starts engine processes in one place, up to ``most`` at once.

    ``name`` is what its user wrote, without values of variables, which may be tokens. Without a ``command`` they are
    children with this interpreter.
    """

    name: str = HERE
    most: int = 1
    command: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name if self.most == 1 else f"{self.name}*{self.most}"

    @property
    def is_here(self) -> bool:
        return not self.command

    @property
    def by_hand(self) -> str | None:
        return None if self.is_here else self.name

    def require_program(self) -> None:
        """Raise InvalidInput if this machine has no program of that name."""
        if self.command and shutil.which(self.command[0], path=self.variables.get("PATH")) is None:
            raise _invalid(self.name, f"there is no program {shown(self.command[0])} here")

    def open(self) -> None:
        """Do nothing: whether a command can be used is known when its first process is started."""

    def start(self, engine: str) -> "PipedProcess":
        """Start a process for an engine. Raises OSError."""
        command = interpreter.command(_START) if self.is_here else self.command
        environment = _variables_here() if self.is_here else _variables_elsewhere()
        start = engine_processes.process.PipedProcess  # imported now: a few pictures need none
        # A program of others might ask for a password on the terminal, if there is one.
        own_session = not self.is_here and _has_terminal()
        return start(
            engine,
            command,
            {**environment, **self.variables},
            name=self.name,
            own_session=own_session,
            unsaid=assigned_values([*map("=".join, self.variables.items()), *self.command]),
        )

    def close(self) -> None:
        """Do nothing: a command is not started before its first process."""


def read_transports(texts: Iterable[str]) -> tuple[Transport, ...]:
    """Return the transports that a user wrote; the same one twice has twice as many processes. Raises InvalidInput."""
    found: dict[str, Transport] = {}
    for text in texts:
        said, transport = _read(text)
        most = transport.most + (found[said].most if said in found else 0)
        found[said] = replace(transport, most=most)
    if sum(transport.most for transport in found.values()) > _MOST:
        raise InvalidInput(
            f"These are more than {_MOST} engine processes.",
            hint="Name fewer: each makes a picture at a time.",
        )
    return tuple(_named_apart(found.values()))


def _named_apart(transports: Iterable[Transport]) -> Iterator[Transport]:
    """Yield transports, with a number in the names of those that differ in values only, which no name says."""
    named = Counter[str]()
    for each in transports:
        named[each.name] += 1
        same = named[each.name]
        yield replace(each, name=each.name.replace(MASK, f"{MASK}({same})")) if same > 1 else each


def _read(text: str) -> tuple[str, Transport]:
    """Return what is written as ``[NAME=VALUE ...] here|COMMAND [*N]``, and that without the number."""
    if len(text) > _LONGEST or visible(text) != text:
        raise _invalid(text, f"it is longer than {_LONGEST} characters, or has some that cannot be seen")
    times = _TIMES.fullmatch(text.strip())
    said, most = (times[1], int(times[2])) if times else (text.strip(), 1)
    if not 1 <= most <= _MOST:
        raise _invalid(text, f"the number after * is to be 1 to {_MOST}")
    try:
        words = shlex.split(said)
    except ValueError:
        raise _invalid(text, "a quote is not closed") from None
    name, variables = without_values(said), {}
    while words and (assigned := _VARIABLE.fullmatch(words[0])):
        variables[assigned[1]] = assigned[2]
        del words[0]
    if not words:
        raise _invalid(text, "it names no command")
    if card := _CARD.fullmatch(words[0]):
        raise InvalidInput(
            f"engine process is {shown(without_values(text[:_LONGEST]))}: a card is named by a variable.",
            hint=f"Write: --engine-process 'CUDA_VISIBLE_DEVICES={card[1]} {HERE}'",
        )
    if words[0].startswith(f"{HERE}*"):
        raise _invalid(text, "what follows * is no number")
    if words[0] != HERE:
        return said, Transport(name, most, tuple(words), variables)
    if len(words) > 1:
        raise _invalid(text, f"nothing can stand behind {HERE} but *N")
    return said, Transport(name, most, variables=variables)


def _invalid(text: str, why: str) -> InvalidInput:
    return InvalidInput(
        f"engine process is {shown(without_values(text[:_LONGEST]))}: {why}.",
        hint=f"Write {HERE}, '{HERE}*4', 'CUDA_VISIBLE_DEVICES=1 {HERE}' or 'ssh HOST avatar engine-process'.",
    )


def _has_terminal() -> bool:
    """Return whether this process's session has a terminal. A worker that runs in the background has none."""
    if os.name != "posix":
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _variables_here() -> dict[str, str]:
    """Return the variables that a child gets: none that may be secret, since an engine runs code of others."""
    passed_on = tuple(_PASSED_ON.split())
    own = {name: value for name, value in os.environ.items() if name.upper().startswith(passed_on)}
    return interpreter.environment() | _without_secrets(own)


def _variables_elsewhere() -> dict[str, str]:
    """Return those that a command gets: ssh needs its agent and srun its job, and some pass all on to the far side."""
    return _without_secrets(os.environ)


def _without_secrets(variables: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in variables.items() if not (is_secret(name) or name.upper().startswith(PREFIX))
    }
