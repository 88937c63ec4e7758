"""An engine process: it holds one engine and makes the pictures that it is asked for, with nothing of the home.

It ends when its standard input does, even in the midst of a picture: whoever started it may have been killed.
"""

import os
import platform
import signal
import time
from io import FileIO
from queue import SimpleQueue
from threading import Lock, Thread
from typing import IO, NoReturn

from avatar_creator.engines import load_engine
from avatar_creator.engines.base import Engine
from avatar_creator.errors import NotConfigured
from avatar_creator.jobs.attempt import stopped
from avatar_creator.jobs.engine_processes import wire
from avatar_creator.jobs.engine_processes.rowless import Rowless
from avatar_creator.jobs.prepare import prepare
from avatar_creator.processes import messages
from avatar_creator.processes.messages import Broken, EndOfStream, Message

_REPORT_S = 0.25  # between two reports of progress: rows and bars show no more


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process decides what Ctrl-C ends
    requests, replies = FileIO(os.dup(0)), FileIO(os.dup(1), "w")
    # What libraries print is no message, and what they read is none of theirs.
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _Server(requests, replies).serve()


class _Server(Rowless):
    """Makes pictures in the main thread, where libraries expect to be; another one reads what comes meanwhile."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]) -> None:
        self._requests = requests
        self._replies = replies
        self._writes = Lock()
        self._asked: SimpleQueue[Message] = SimpleQueue()
        self._is_making = False
        self._is_cancelled = False
        self._reported_s = 0.0

    def serve(self) -> NoReturn:
        self._is_making = True  # its engine, at first: libraries may take a minute to load
        Thread(target=self._say_alive, daemon=True).start()
        engine = self._begin()
        self._is_making = False
        Thread(target=self._listen, daemon=True).start()
        while True:
            asked = self._asked.get()
            self._reported_s, self._is_making = time.monotonic(), True
            try:
                request, seed = wire.request_of(asked, engine.name)
                picture = engine.generate(request.picture(seed), self)
                made = wire.made(prepare(request, seed, picture))
            except Exception as error:  # noqa: BLE001 - the other process raises it
                made = wire.failure(error)
            self._is_making = False
            self._say(made)

    def _begin(self) -> Engine:
        """Return the engine that the first message names."""
        try:
            first = messages.read(self._requests)
            wire.check_version(first)
        except EndOfStream:
            os._exit(0)
        except (Broken, OSError):
            os.write(2, b"What came through standard input is no message: a worker starts this command.\n")
            os._exit(1)
        except NotConfigured:
            self._say(wire.READY)  # of its version, which the other process is not
            os._exit(1)
        try:
            engine = load_engine(first.head["engine"])
            facts = {"host": platform.node(), **engine.facts()}
        except Exception as error:  # noqa: BLE001 - the other process says it
            self._say(wire.failure(error))
            os._exit(1)
        self._say(wire.ready(facts))
        return engine

    def _listen(self) -> NoReturn:
        try:
            while True:
                message = messages.read(self._requests)
                self._is_cancelled = message == wire.CANCEL
                if not self._is_cancelled:
                    self._asked.put(message)
        except (Broken, OSError):
            os._exit(0)  # at once: nothing is to be cleaned up, and nobody wants the picture

    def _say_alive(self) -> NoReturn:
        while True:
            time.sleep(wire.ALIVE_S)
            if self._is_making:
                self._say(wire.ALIVE)

    def _say(self, message: Message) -> None:
        try:
            with self._writes:
                messages.write(self._replies, message)
        except OSError:
            os._exit(0)

    # -- what the engine reports to

    def progress(self, fraction: float, /) -> None:
        self._check_wanted()
        now_s = time.monotonic()
        if now_s - self._reported_s >= _REPORT_S:
            self._reported_s = now_s
            self._say(Message({"progress": fraction}))

    def phase(self, what: str, /) -> None:
        self._check_wanted()
        self._say(Message({"phase": what}))

    def _check_wanted(self) -> None:
        if self._is_cancelled:
            raise stopped()
