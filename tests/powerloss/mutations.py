"""What keeps data safe, taken away one at a time: then the checks must find something, or they look at nothing.

Each is put before the command line starts; the product knows nothing of it.
"""

import sys

_LAUNCH = """
import sys
{change}
from avatar_creator.cli.main import run
run()
"""

MUTATIONS = {
    "a picture is not synced": """
from avatar_creator.storage.pictures import images
def write(path, data, mode):
    with open(path, "xb", opener=lambda name, flags: images.os.open(name, flags, mode)) as file:
        file.write(data)
images.write_new = write
""",
    "folders of pictures are not synced": """
from avatar_creator.storage.pictures import images
images.sync_folder = lambda folder: None
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
from avatar_creator.storage.pictures import images
sync = images.sync_folder
images.sync_folder = lambda folder: None if (folder / "pictures").exists() else sync(folder)
""",
    "a new database is not synced": """
from avatar_creator.storage import database
database.sync_folder = lambda folder: None
""",
}


def program(mutation: str | None) -> tuple[str, ...]:
    """Return how the command line is started, with something taken away or as it is."""
    if mutation is None:
        return sys.executable, "-m", "avatar_creator"
    return sys.executable, "-c", _LAUNCH.format(change=MUTATIONS[mutation])
