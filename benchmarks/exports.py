"""An export at three sizes, beside the bare loop over the same files.

The bare loop is one of Pillow's own, in one process: opened, cut down for each size, saved; without marks, manifest,
checks, or a disk that is waited for. `python -m benchmarks.exports` prints the peak of memory after 200 and 1 000.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image

from avatar_creator import open_library
from avatar_creator.home import HOME_VARIABLE
from benchmarks.commands import AVATAR
from benchmarks.measure import PYTHON, Pair, command
from benchmarks.setting import Setting

_SIZES = (512, 256, 128)
_PICTURES = 200
_PEAKS = (200, 1000)


def three_sizes(setting: Setting) -> Pair:
    home, out = setting.scratch / "exports", setting.scratch / "out"
    variables = _library(home, _PICTURES)
    with open_library(home) as library:
        pictures = setting.scratch / "pictures.json"
        pictures.write_text(json.dumps([str(avatar.image_path) for avatar in library.find()]), "utf-8")

    def anew() -> None:
        shutil.rmtree(out, ignore_errors=True)

    return Pair(
        command([AVATAR, *_export(out)], variables=variables, before=anew),
        command([PYTHON, "-m", "benchmarks.exports", "--bare", pictures, out], before=anew),
    )


def _library(home: Path, count: int) -> Mapping[str, Path]:
    variables = {HOME_VARIABLE: home}
    made = [str(AVATAR), "cast", str(count), "--quiet"]
    subprocess.run(made, env={**os.environ, **_texts(variables)}, check=True, stdout=subprocess.DEVNULL)
    return variables


def _texts(variables: Mapping[str, Path]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items()}


def _export(out: Path) -> list[str]:
    return ["export", "--output", str(out), "--size", ",".join(map(str, _SIZES)), "--quiet"]


def _bare(pictures: Path, out: Path) -> None:
    out.mkdir()
    for path in map(Path, json.loads(pictures.read_text("utf-8"))):
        image = Image.open(BytesIO(path.read_bytes()))
        for size in _SIZES:
            small = image.resize((size, size), Image.Resampling.LANCZOS)
            small.save(out / f"{path.stem}-{size}.jpg", quality=90)


def _peaks() -> None:
    """Print the peak of the largest of the processes, which have all ended, after exports of so many."""
    with tempfile.TemporaryDirectory(prefix="avatar-benchmarks-") as scratch:
        for count in _PEAKS:
            variables = _library(Path(scratch) / str(count), count)
            script = (
                "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True,"
                " stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
            )
            words = [PYTHON, "-c", script, str(AVATAR), *_export(Path(scratch) / f"out-{count}")]
            said = subprocess.run(
                words, env={**os.environ, **_texts(variables)}, check=True, capture_output=True, text=True
            )
            megabytes = int(said.stdout) * (1 if sys.platform == "darwin" else 1024) / 10**6
            print(f"{count:5} pictures: {megabytes:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        _bare(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        _peaks()
