"""Plans that are split: what killed processes lose, and how long a plan and a merge take.

python -m benchmarks.shards chaos --pictures 20000 --shards 200 --processes 64 --kills 500 --twice 20 --never 3
python -m benchmarks.shards plan --rows 1000000
python -m benchmarks.shards merge --records 100000
"""

import argparse
import csv
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from avatar_creator.home import HOME_VARIABLE
from avatar_creator.shards.layout import FAILED, RESULT, SHARD
from avatar_creator.storage.ids import AVATAR, new_ids

_PROGRAM = (sys.executable, "-m", "avatar_creator")
_SMALL = ("--engine", "offline", "--width", "64", "--height", "64")
_POLL_S = 0.02
_A_SHARD = 2_500  # records in each file of the merge


def main() -> int:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="avatar-shards-") as folder:
        print(f"load {', '.join(f'{load:.1f}' for load in os.getloadavg())}, {os.cpu_count()} cores", flush=True)
        return int(given.run(given, Path(folder)))


def chaos(given: argparse.Namespace, folder: Path) -> bool:
    """Kill what makes shards at any moment; afterwards each picture is there once, and what is missing is named."""
    plan = _planned(folder, given.pictures, given.shards)
    chance = random.Random(given.seed)
    numbers = list(range(given.shards))
    never = sorted(chance.sample(numbers, given.never))
    made = [number for number in numbers if number not in never]
    second = chance.sample(made, given.twice)
    tasks = [(number, folder / "first") for number in made] + [(number, folder / "second") for number in second]
    chance.shuffle(tasks)
    begun_s = time.monotonic()
    kills = _run_and_kill(plan, tasks, given.processes, given.kills, chance)
    made_s = time.monotonic() - begun_s
    report = _merge_and_kill(plan, [folder / "second", folder / "first"], folder / "home", chance)
    database = sqlite3.connect(folder / "home" / "library.db")
    recipes, different = database.execute("SELECT count(*), count(DISTINCT recipe_hash) FROM avatars").fetchone()
    planned = json.loads((plan / "plan.json").read_text("utf-8"))["shards"]
    expected = given.pictures - sum(planned[number]["pictures"] for number in never)
    left = [
        str(each) for each in (*(folder / "first").iterdir(), *(folder / "second").iterdir()) if each.suffix != ".tar"
    ]
    print(
        f"{given.pictures} pictures in {given.shards} shards, {given.processes} processes, {kills} kills, "
        f"{given.twice} shards twice, {given.never} never: {recipes} pictures, {different} different, {expected} "
        f"expected; "
        f"missing {report['missing_array'] or '-'}, named {'right' if report['missing'] == never else 'WRONG'}; "
        f"{len(left)} files left beside; made in {made_s:.0f} s"
    )
    return not recipes == different == expected or report["missing"] != never or bool(left)


def _run_and_kill(
    plan: Path, tasks: Sequence[tuple[int, Path]], processes: int, kills: int, chance: random.Random
) -> int:
    """Make shards, of which as many processes as are wanted are killed; each is started again until it is made."""
    waiting, running = list(tasks), dict[subprocess.Popen[bytes], tuple[int, Path]]()
    killed = 0
    while waiting or running:
        while waiting and len(running) < processes:
            task = waiting.pop()
            running[_start("run", plan, "--shard", task[0], "--output", task[1])] = task
        for process in [each for each in running if each.poll() is not None]:
            task = running.pop(process)
            if process.returncode:
                waiting.insert(0, task)
        if killed < kills and running and chance.random() < 0.5:
            process = chance.choice(list(running))
            process.send_signal(signal.SIGKILL)
            killed += 1
        time.sleep(_POLL_S)
    return killed


def _merge_and_kill(plan: Path, made: Sequence[Path], home: Path, chance: random.Random) -> dict[str, Any]:
    """Merge, killed twice in the middle of it; return what the last merge says."""
    for _ in range(2):
        process = _start("merge", plan, *made, home=home)
        time.sleep(chance.uniform(1, 4))
        process.kill()
        process.wait()
    command = [*_PROGRAM, "batch", "merge", *map(str, made), "--json"]
    done = subprocess.run(command, env=_environment(home), capture_output=True, check=False)
    print(done.stderr.decode().splitlines()[-2:])
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _start(command: str, *argv: object, home: Path | None = None) -> subprocess.Popen[bytes]:
    given = [*_PROGRAM, "batch", command, *map(str, argv)]
    environment = _environment(home) if home else None
    return subprocess.Popen(given, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, HOME_VARIABLE: str(home)}


def plan(given: argparse.Namespace, folder: Path) -> bool:
    begun_s = time.monotonic()
    _planned(folder, given.rows, given.shards)
    wall_s, used = time.monotonic() - begun_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{given.rows} rows planned in {wall_s:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU, "
        f"{used.ru_maxrss / 1024:.0f} MB"
    )
    return False


def _planned(folder: Path, rows: int, shards: int) -> Path:
    file, plan = folder / "people.csv", folder / "plan"
    with file.open("w", encoding="utf-8", newline="") as to:
        csv.writer(to).writerows([("id", "name", "age", "gender", "hair style"), *_people(rows)])
    command = [*_PROGRAM, "batch", "plan", str(file), "--shards", str(shards), "--output", str(plan), *_SMALL]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return plan


def _people(count: int) -> Iterator[tuple[str, str, int, str, str]]:
    for number in range(count):
        gender, style = ("female", "male")[number % 2], ("bob", "short", "curly")[number % 3]
        yield f"p{number}", f"Person {number}", 18 + number % 60, gender, style


def merge(given: argparse.Namespace, folder: Path) -> bool:
    """Merge files with many small pictures, of which one was made and the others are copies with other recipes."""
    plan = _planned(folder, 1, 1)
    _start("run", plan, "--shard", 0).wait()
    made = folder / "many"
    made.mkdir()
    count = -(-given.records // _A_SHARD)
    ids = new_ids(AVATAR)
    for number in range(count):
        _write_many(plan / "done" / "00000.tar", made / f"{number:05}.tar", number, count, ids)
    size = sum(each.stat().st_size for each in made.iterdir())
    for said in ("new", "known"):
        before, begun_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [*_PROGRAM, "batch", "merge", str(made), "--json"]
        done = subprocess.run(command, env=_environment(folder / "home"), capture_output=True, check=False)
        wall_s, used = time.monotonic() - begun_s, resource.getrusage(resource.RUSAGE_CHILDREN)
        records = json.loads(done.stdout)["pictures"][said]
        cpu_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{records} records {said}, {size / 2**20:.0f} MB: {wall_s:.1f} s, {cpu_s:.1f} s of CPU, "
            f"{records / wall_s:.0f}/s, {used.ru_maxrss / 1024:.0f} MB"
        )
    shutil.rmtree(made)
    return False


def _write_many(template: Path, path: Path, number: int, shards: int, ids: Iterator[str]) -> None:
    with tarfile.open(template) as tar:
        files = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}  # type: ignore[union-attr]
    head, project, avatar, _ = map(json.loads, files["library/records.jsonl"].splitlines())
    picture, thumbnail = (files[avatar["files"][0][name]] for name in ("picture", "thumbnail"))
    lines = [head, project]
    with tarfile.open(path, "w") as tar:
        shard = json.loads(files[SHARD]) | {"plan": "0" * 64, "shard": number, "shards": shards, "pictures": _A_SHARD}
        _put(tar, SHARD, json.dumps(shard).encode())
        for place, id_ in enumerate(islice(ids, _A_SHARD)):
            recipe = sha256(id_.encode()).hexdigest()
            names = {"picture": f"pictures/{id_}.jpg", "thumbnail": f"library/thumbnails/{id_}.thumb.jpg"}
            _put(tar, names["picture"], picture)
            _put(tar, names["thumbnail"], thumbnail)
            own = {"id": id_, "recipe_hash": recipe, "persona_id": f"p{number}-{place}"}
            own |= {"image_path": f"00/{id_}.jpg", "thumbnail_path": f"00/{id_}.thumb.jpg"}
            lines.append({**avatar, "avatar": avatar["avatar"] | own, "files": [avatar["files"][0] | names]})
        lines.append({"kind": "end", "avatars": _A_SHARD, "rejects": 0})
        records = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
        _put(tar, "library/records.jsonl", records)
        _put(tar, FAILED, b"")
        sums = {"records_sha256": sha256(records).hexdigest(), "failed_sha256": sha256(b"").hexdigest()}
        _put(tar, RESULT, json.dumps({"made": _A_SHARD, "failed": 0, **sums}).encode())


def _put(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, BytesIO(data))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.shards", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for run, options in (
        (chaos, {"pictures": 1000, "shards": 40, "processes": 8, "kills": 40, "twice": 5, "never": 3, "seed": 1}),
        (plan, {"rows": 1_000_000, "shards": 500}),
        (merge, {"records": 100_000}),
    ):
        command = commands.add_parser(run.__name__)
        command.set_defaults(run=run)
        for name, value in options.items():
            command.add_argument(f"--{name.replace('_', '-')}", type=int, default=value, help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
