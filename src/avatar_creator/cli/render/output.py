"""The one sink: data to stdout, talk and progress to stderr; for people, for pipes, or as JSON."""

import json
import os
import stat
import sys
import textwrap
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from avatar_creator.domain.text import visible
from avatar_creator.errors import AvatarError, InvalidInput, NotConfigured, StorageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from avatar_creator.domain.progress import OnProgress, Progress


Line = Callable[[Any], Sequence[object]]
"""Turns a record into the fields of its tab-separated line."""

Draw = Callable[[Any], "RenderableType"]
"""Turns what is to be shown into what rich draws on a terminal."""


class Output:
    """How one command speaks. On a terminal it draws, in a pipe it prints a line a record.

    ``as_lines`` is JSON with a line for each document, and not one that holds them all. Raises InvalidInput for both.
    """

    def __init__(self, *, as_json: bool = False, as_lines: bool = False, quiet: bool = False) -> None:
        if as_json and as_lines:
            raise InvalidInput("json and jsonl are both given.", hint="Leave out one of them.")
        self.as_json = as_json or as_lines
        self._as_lines = as_lines
        self.quiet = quiet
        self.drawn = not self.as_json and not quiet and sys.stdout.isatty()

    @property
    def coloured(self) -> bool:
        """Whether pictures can be shown: a terminal that has colours and wants them."""
        screen = console()
        return self.drawn and screen.color_system is not None and not screen.no_color

    @property
    def shares_terminal(self) -> bool:
        """Whether lines go through a pipe to a program that may print on the terminal of stderr while this runs."""
        if self.drawn or self.as_json:
            return False
        try:
            return stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
        except (OSError, ValueError):  # it is closed
            return False

    # -- data

    def record(self, record: Any, line: Line, draw: Draw | None) -> None:
        """Show one record; ``line`` and ``draw`` get it. Without ``draw`` a terminal has only what is said of it."""
        if self.as_json:
            self._json(record.as_json())
        elif self.drawn:
            if draw is not None:
                self.draw(draw(record))
        else:
            self.line((record.id,) if self.quiet else line(record))

    def records(self, records: Iterable[Any], line: Line, draw: Draw | None) -> None:
        """Show many records: streamed, unless a table must know them all."""
        if self.as_json:
            self._json_array(record.as_json() for record in records)
        elif self.drawn:
            if draw is None:
                deque(records, maxlen=0)
            else:
                self.draw(draw(list(records)))
        else:
            for record in records:
                self.line((record.id,) if self.quiet else line(record))

    def report(self, report: Any, lines: Callable[[Any], Iterable[Sequence[object]]], draw: Draw) -> None:
        """Show a record that takes several lines in a pipe."""
        if self.as_json:
            self._json(report.as_json())
        elif self.drawn:
            self.draw(draw(report))
        else:
            for fields in lines(report):
                self.line(fields)

    def line(self, fields: Sequence[object]) -> None:
        """Write one tab-separated line; an absent value is empty."""
        print("\t".join("" if field is None else visible(str(field)) for field in fields))

    def flush(self) -> None:
        """Pass on what was written: whoever reads the pipe gets it now."""
        sys.stdout.flush()

    def data(self, data: bytes) -> None:
        """Write a file's bytes."""
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    def draw(self, renderable: "RenderableType") -> None:
        console().print(renderable, crop=False)  # a card's long values are the terminal's to wrap

    # -- talk

    def note(self, text: str) -> None:
        """Say something that a script does not need."""
        if not self.quiet:
            talk(text)

    def with_notices(self, on_progress: "OnProgress") -> "OnProgress":
        """Return a function that says the notices among what it gets, and passes on the rest."""

        def say(progress: "Progress") -> None:
            if progress.notice is None:
                on_progress(progress)
            else:
                self.note(progress.notice)

        return say

    def warn(self, text: str) -> None:
        talk(f"Warning: {text}", style="yellow")

    @contextmanager
    def lacks_as_warnings(self) -> Iterator[None]:
        """Say what making a picture would lack, where none is made."""
        try:
            yield
        except NotConfigured as error:
            self.warn(error.message)
            if error.hint:
                talk(f"Hint: {error.hint}")

    def _json(self, value: object) -> None:
        print(_json_text(value, indent=None if self._as_lines else 2))

    def _json_array(self, values: Iterator[dict[str, Any]]) -> None:
        """Write an array element by element, so that a million of them need no memory."""
        if self._as_lines:
            for value in values:
                self._json(value)
            return
        separator = "["
        try:
            for value in values:
                print(f"{separator}\n{textwrap.indent(_json_text(value), '  ')}", end="")
                separator = ","
        finally:  # what was written stays valid JSON, whatever stops the rest
            print("[]" if separator == "[" else "\n]")


def _json_text(value: object, indent: int | None = 2) -> str:
    as_ascii = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")  # \\u escapes are read anywhere
    return json.dumps(value, ensure_ascii=as_ascii, indent=indent, default=str)


def console(*, stderr: bool = False) -> "Console":
    """Return rich's console for one of the streams."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def talk(text: str, *, style: str = "") -> None:
    """Write a sentence to stderr, coloured on a terminal that wants colours."""
    with _if_anybody_reads():
        # While a bar is drawn the stream is one that prints above it, which a console of rich would go round.
        if sys.stderr.isatty() and not hasattr(sys.stderr, "rich_proxied_file"):
            from rich.text import Text

            console(stderr=True).print(Text(visible(text), style=style))
        else:
            print(visible(text), file=sys.stderr)


def show_error(error: AvatarError, *, as_json: bool) -> None:
    """Write a failure to stderr: what happened, and what to do next."""
    if as_json:
        body = {"code": error.code, "message": error.message, "hint": error.hint}
        with _if_anybody_reads():
            print(json.dumps({"error": body}, ensure_ascii=False), file=sys.stderr)
        return
    talk(f"Error: {error.message}", style="bold red")
    if error.hint:
        talk(f"Hint: {error.hint}")


@contextmanager
def no_word_lost(ids: Sequence[str]) -> Iterator[None]:
    """Print what was queued, or name its ids in a StorageError: where stdout takes nothing, nobody would know them."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has had enough
        raise
    except OSError as error:
        raise unwritten(error, f" Queued, and made all the same: {', '.join(ids)}.") from error


def unwritten(error: OSError, lost: str = "") -> StorageError:
    """Return what is said where stdout takes nothing, which is not tried again; ``lost`` is what it was to say."""
    discard(sys.stdout)
    return StorageError(f"The output cannot be written: {error.strerror}.{lost}", hint="See where stdout goes.")


@contextmanager
def _if_anybody_reads() -> Iterator[None]:
    """Go on where stderr takes nothing: a full disk behind it changes neither the work nor the exit code."""
    try:
        yield
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Let the process end in silence when a stream can go nowhere: the interpreter flushes it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
