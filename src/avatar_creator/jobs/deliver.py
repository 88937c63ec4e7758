"""Writing the copies that users want of pictures, once their generations are completed.

Whoever completes a generation writes its copy: an inline run or the worker. If it is killed in between, whoever comes
next does: the next worker, or a command whose answer depends on it.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from avatar_creator.errors import AvatarError, NotFound, StorageError
from avatar_creator.storage import liveness, pictures
from avatar_creator.storage.outputs import DueOutput, Outputs

if TYPE_CHECKING:
    from avatar_creator.storage.pictures.images import PictureStore  # most of the time no copy is due


class Deliverer:
    """Writes copies. Why one cannot be written stands in its row, and fails nothing else: the picture is safe."""

    def __init__(
        self,
        outputs: Outputs,
        store: "Callable[[], PictureStore]",
        runners: Path,
        is_worker_running: Callable[[], bool],
    ) -> None:
        self._outputs = outputs
        self._store = store
        self._runners = runners
        self._is_worker_running = is_worker_running

    def deliver(self, ids: Sequence[str]) -> None:
        """Write the copies of generations that this process has completed."""
        self._deliver(self._outputs.find_due(ids))

    def deliver_left(self, *, by_worker: bool = False) -> int:
        """Write those that killed processes left, and return how many; ``by_worker``: this process is the worker."""
        due = self._outputs.find_due()
        if not due:
            return 0
        worker_runs = not by_worker and self._is_worker_running()
        left = [each for each in due if not (worker_runs if each.owner is None else self._is_alive(each.owner))]
        self._deliver(left)
        return len(left)

    def _is_alive(self, owner: str) -> bool:
        return liveness.alive(self._runners, owner)

    def _deliver(self, due: Iterable[DueOutput]) -> None:
        for output in due:
            try:
                self._write(output)
            except AvatarError as error:
                self._outputs.record_failure(output.id, error.message)
            else:
                self._outputs.record_written(output.id, output.path)

    def _write(self, output: DueOutput) -> None:
        if output.image_path is None:
            raise NotFound("Its avatar was deleted, or got a later picture, before the copy was written.")
        original, path = self._store().path(output.image_path), Path(output.path)
        try:
            data = original.read_bytes()
        except OSError as error:
            raise StorageError(f"The file {original} cannot be read: {error.strerror}.") from error
        try:
            pictures.copies.write_copy(
                data, path, replace=output.replace, below=Path(output.folder) if output.folder else None
            )
        except StorageError:
            if not pictures.copies.is_copy(
                path, data
            ):  # else a process wrote it, and was killed before it could say so
                raise
