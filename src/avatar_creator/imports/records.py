"""The lines of an archive's records, as they follow each other."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

from avatar_creator.archives.layout import AvatarRecord, Head, RejectRecord
from avatar_creator.domain.text import shown
from avatar_creator.errors import InvalidInput
from avatar_creator.imports.checking import CheckLines
from avatar_creator.imports.executor import Executor
from avatar_creator.imports.lines import CheckedLine, End, Line, LineReader, ProjectLine, no_line
from avatar_creator.storage.exchange import Tables

_LINES_MOST = 3_000_000
_TOGETHER_MOST, _TOGETHER_BYTES_MOST = 100, 2**20  # lines that are checked together
_AHEAD = 3  # tasks for each process: it is not to wait for this one


def read_lines(lines: Iterable[bytes], said: str, tables: Tables, executor: Executor | None = None) -> Iterator[Line]:
    """Yield what the lines of a file of records say, which is called ``said``, as rows of these tables.

    Raises InvalidInput for one that is none, with its number, for a newer version's file, and for one that was cut off.
    """
    follows = _Sequence()
    for number, line in enumerate(_checked(lines, said, tables, executor or Executor()), 1):
        if isinstance(line, InvalidInput):
            raise line
        try:
            follows.check(number, line)
        except InvalidInput as error:
            raise no_line(said, number, error.message) from error
        if not isinstance(line, Head):
            yield line
    if not follows.has_ended:
        raise InvalidInput(f"{said} ends too early.", hint="It was cut off: export once more, or copy it again.")


class _Sequence:
    """What stood before a line. An avatar's project does."""

    def __init__(self) -> None:
        self.has_ended = False
        self._counts = Counter[type[Line]]()
        self._projects: set[str] = set()

    def check(self, number: int, line: Line) -> None:
        """Raises InvalidInput for a line that cannot stand here."""
        if self.has_ended or number > _LINES_MOST:
            raise InvalidInput("It stands behind the end." if self.has_ended else "There are too many.")
        match line:
            case ProjectLine(project):
                self._projects.add(project["id"])
            case AvatarRecord(row) | RejectRecord(row):
                if row["project_id"] not in self._projects:
                    raise InvalidInput(
                        f"The project {shown(row['project_id'])} of {row['id']} does not stand before it."
                    )
            case End():
                _check_end(line, End(self._counts[AvatarRecord], self._counts[RejectRecord]))
                self.has_ended = True
        self._counts[type(line)] += 1


def _check_end(said: End, found: End) -> None:
    for kind, count in found._asdict().items():
        if getattr(said, kind) != count:
            raise InvalidInput(f"There are {count} {kind}, and not {getattr(said, kind)}.")


def _checked(lines: Iterable[bytes], said: str, tables: Tables, executor: Executor) -> Iterator[CheckedLine]:
    """Yield the lines, checked: one by one here, or by other processes, which are some tasks ahead."""
    if not executor.processes:
        reader = LineReader(said, tables)
        for number, line in enumerate(lines, 1):
            yield reader.read(number, line)
        return
    waiting = deque[Future[list[CheckedLine]]]()
    wrong = None
    try:
        for number, some in _together(lines):
            waiting.append(executor.submit(CheckLines(some, number, said, tables)))
            if len(waiting) > _AHEAD * executor.processes:
                yield from waiting.popleft().result()
    except InvalidInput as error:  # the file cannot be read further
        wrong = error
    while waiting:
        yield from waiting.popleft().result()
    if wrong is not None:
        raise wrong


def _together(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Yield some lines at a time, with the number of the first."""
    some, size, first = list[bytes](), 0, 1
    for number, line in enumerate(lines, 1):
        some.append(line)
        size += len(line)
        if len(some) == _TOGETHER_MOST or size > _TOGETHER_BYTES_MOST:
            yield first, some
            some, size, first = [], 0, number + 1
    if some:
        yield first, some
