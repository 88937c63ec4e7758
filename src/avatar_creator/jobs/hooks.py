"""Starting a user's command when a generation has ended."""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from avatar_creator.errors import NotFound, StorageError
from avatar_creator.home import HOME_VARIABLE, OWNER_FOLDER, Home, owner_hint, owner_only
from avatar_creator.storage.generations import Generations, PendingHook
from avatar_creator.storage.queries import Queries

_CLOSE = "Close it to them: avatar doctor --fix"
_AT_ONCE = 8  # commands: a thousand generations cancelled together must not start a thousand processes


class _Command(subprocess.Popen[bytes]):
    """A process that may outlive this one."""

    def __del__(self) -> None:
        """Warn nobody that it still runs."""


class Hooks:
    """Starts the commands of generations that have ended, each at least once, and waits for none of them."""

    def __init__(self, home: Home, generations: Generations, queries: Queries) -> None:
        self._home = home
        self._generations = generations
        self._queries = queries
        self._running: list[_Command] = []

    def start_due(self) -> bool:
        """Start the commands of the worker's generations; False if more are due than may run at once."""
        self._forget_ended()
        for hook in self._generations.find_hooks():
            if len(self._running) >= _AT_ONCE:
                return False
            self._generations.record_hook(hook.id, self._start(hook))
        return True

    def start_of(self, generation_ids: Sequence[str]) -> None:
        """Start the commands of generations that were made inline; they may outlive this process."""
        self._forget_ended()
        for hook in self._generations.find_hooks(generation_ids):
            self._generations.record_hook(hook.id, self._start(hook))

    def _forget_ended(self) -> None:
        self._running = [process for process in self._running if process.poll() is None]  # else they stay as zombies

    def check(self) -> None:
        """Raise StorageError where no command of this home is started."""
        why = self._home.why_foreign()
        if why is not None:
            foreign = owner_hint(self._home.database) or owner_hint(self._home.root)
            raise StorageError(
                f"on done starts nothing from this home: {why}.",
                hint=f"What others write there would be started in your name. {foreign or _CLOSE}",
            )

    def _start(self, ended: PendingHook) -> str:
        """Start a command, without a shell, and return what is noted of it."""
        try:
            self.check()
        except StorageError as error:
            return f"{ended.command[0]} was not started: {error.message}"
        path = copy = ""
        with suppress(NotFound):
            generation = self._queries.get_generation(ended.id)
            path = str(generation.avatar.image_path) if generation.avatar else ""
            copy = str(generation.output_path or "") if generation.avatar else ""
        environment = os.environ | {
            HOME_VARIABLE: str(self._home.root),
            "AVATAR_GENERATION_ID": ended.id,
            "AVATAR_GENERATION_STATUS": ended.status.value,
            "AVATAR_GENERATION_PATH": path,
            "AVATAR_GENERATION_OUTPUT": copy,
        }
        log = self._home.logs / "on-done.log"
        try:
            log.parent.mkdir(OWNER_FOLDER, exist_ok=True)
            with open(log, "ab", opener=owner_only) as said:
                process = _Command(
                    list(ended.command),
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    env=environment,
                    start_new_session=os.name == "posix",
                )
        except (OSError, ValueError) as error:  # ValueError: of a NUL, which Python programs can put in
            return f"{ended.command[0]} could not be started: {getattr(error, 'strerror', None) or error}"
        self._running.append(process)
        return f"{ended.command[0]} was started as process {process.pid}"
