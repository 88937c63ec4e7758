"""What keeps data safe, taken away one at a time: then the checks must find something, or they look at nothing.

Each is put before the command line starts; the product knows nothing of it.
"""

import sys
from pathlib import Path

_TESTS = str(Path(__file__).parent.parent)

_LAUNCH = """
import sys
sys.path.insert(0, {tests!r})
{change}
from avatar_creator.cli.main import run
run()
"""

MUTATIONS = {
    "what is answered is not synced": """
from avatar_creator.storage import responses
def write(path, data):
    path.write_bytes(data)
responses.write_new = write
""",
    "a picture is not synced": """
import os
from avatar_creator.storage.pictures import images
def write(path, data, mode=0o600):
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(data)
images.write_new = write
""",
    "folders of pictures are not synced": """
from avatar_creator.storage import durable
from avatar_creator.storage.pictures import images
durable.sync_folder = images.sync_folder = lambda folder: None
""",
    "commits are not synced": """
from avatar_creator.storage import database
database.PRAGMAS = tuple(pragma.replace("FULL", "NORMAL") for pragma in database.PRAGMAS)
""",
    "a new home is not synced": """
from avatar_creator import home
from avatar_creator.storage import database
from avatar_creator.storage.pictures import images  # first, so that it keeps its own
home.sync_folder = lambda folder: None
""",
    "a new folder of pictures is not synced": """
from avatar_creator.storage import durable
sync = durable.sync_folder
durable.sync_folder = lambda folder: None if (folder / "pictures").exists() else sync(folder)
""",
    "the folders of a shard are not synced": """
from avatar_creator.library import shard_runs
def make(folder, mode=0o777):
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
shard_runs.make_folder = make
""",
    "the disk of a merge is not synced": """
from avatar_creator.storage import disks
disks.Disk.sync = lambda disk: True
""",
    "a new database is not synced": """
from avatar_creator.storage import database
database.sync_folder = lambda folder: None
""",
}


# What a scenario is played with.
SETTINGS = {
    "paid": """
from powerloss.paid import install
install()
""",
    "three are many": """
from avatar_creator.storage import disks
disks.MANY = 1
""",
    "nobody starts a worker": """
from avatar_creator.jobs.worker_process import WorkerProcess
WorkerProcess._start = lambda *_: None
""",
}


def program(mutation: str | None, *settings: str) -> tuple[str, ...]:
    """Return how the command line is started, with something taken away or as it is."""
    if mutation is None and not settings:
        return sys.executable, "-m", "avatar_creator"
    changes = [SETTINGS[setting] for setting in settings] + ([MUTATIONS[mutation]] if mutation else [])
    return sys.executable, "-c", _LAUNCH.format(change="".join(changes), tests=_TESTS)
