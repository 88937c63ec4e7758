"""How a picture is made: submitted as a row, claimed, attempted, saved, applied. See docs/how-a-picture-is-made.md."""

from typing import TYPE_CHECKING

from avatar_creator.lazy import submodules

if TYPE_CHECKING:
    from avatar_creator.jobs import (
        attempt,
        cancel,
        context,
        engine_processes,
        hooks,
        inline,
        plan,
        queue_status,
        queued,
        recovery,
        retention,
        save,
        source,
        submit,
        wait,
        worker,
        worker_log,
        worker_loop,
        worker_process,
    )
else:
    __getattr__ = submodules(__name__)
