"""The scripts that make the shards of a plan on clusters, each with something that stands in for its launcher."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from avatar_creator._version import __version__
from avatar_creator.home import Home
from avatar_creator.library import Library

SCRIPTS = Path(__file__).parents[1] / "examples" / "shards"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix" or shutil.which("sh") is None, reason="needs a shell"),
]
# Each runs its tasks one after the other, as the launcher of its name would somewhere, and ends as it does.
LAUNCHERS = {
    "sbatch": """
        array, script, *rest = sys.argv[1:]
        for first, _, last in (part.partition("-") for part in array.removeprefix("--array=").split(",")):
            for task in range(int(first), int(last or first) + 1):
                run(script, *rest, SLURM_ARRAY_TASK_ID=str(task), SLURM_TMPDIR=os.environ["PLACE"])
    """,
    "parallel": """
        import shlex
        command = sys.argv[sys.argv.index("avatar") :]
        options = ["--quote", "--halt", "never", "--retries", "3", "--jobs", "2"]
        assert sys.argv[1 : sys.argv.index("avatar")] == options
        os.chdir("/")  # where a shell of another machine begins is not where this one is
        failed = 0
        lost = os.environ.get("LOST")  # a shard whose machine is away
        for line in sys.stdin.read().split():
            words = shlex.join(part.replace("{}", line) for part in command)  # what --quote does: a shell reads it
            failed += line == lost or subprocess.run(["sh", "-c", words], check=False).returncode != 0
        sys.exit(failed)
    """,
    "hf": """
        assert sys.argv[1:4] == ["jobs", "uv", "run"], sys.argv
        command = sys.argv[sys.argv.index("avatar") :]
        assert sys.argv[4 : sys.argv.index("avatar")] == [
            *("--detach", "--volume", "hf://buckets/me/cast:/cast", "--with", "avatar-creator=={version}"),
            *("--flavor", "l4x1"),
        ]
        run(*(part.replace("/cast", os.environ["PLAN"]) for part in command))
    """,
    "kubectl": """
        import yaml
        job = yaml.safe_load(open(sys.argv[sys.argv.index("-f") + 1], encoding="utf-8"))["spec"]
        (container,) = job["template"]["spec"]["containers"]
        assert job["completionMode"] == "Indexed"
        assert job["podFailurePolicy"]["rules"][1]["onExitCodes"]["containerName"] == container["name"]
        assert [each["mountPath"] for each in container["volumeMounts"]] == ["/cast"]
        for index in range(job["completions"]):
            command = (part.replace("$(JOB_COMPLETION_INDEX)", str(index)) for part in container["command"])
            run(*(part.replace("/cast/plan", os.environ["PLAN"]) for part in command))
    """,
}
HEAD = """#!{python}
import os, subprocess, sys
def run(*command, **variables):
    subprocess.run(command, env=os.environ | variables, check=True)
"""


@pytest.fixture
def shell(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the launchers on PATH, and return the folder of a plan of three shards."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, program in LAUNCHERS.items():
        body = "\n".join(line[8:] for line in program.splitlines())
        text = HEAD.format(python=sys.executable) + body.replace("{version}", __version__)
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
    plan = tmp_path / "a plan"
    for name, value in {"PATH": path, "AVATAR_HOME": home.root, "PLAN": plan, "PLACE": tmp_path / "place"}.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "people.csv").write_text("name\nAnn\nBob\nCy\n", encoding="utf-8")
    run("avatar", "batch", "plan", tmp_path / "people.csv", "--engine", "offline", "--width", "64", "--height", "64")
    return plan


def run(*command: str | Path, code: int = 0) -> str:
    if command[:3] == ("avatar", "batch", "plan"):
        command = (*command, "--shards", "3", "--output", os.environ["PLAN"])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def test_slurm(shell: Path, library: Library) -> None:
    run("sbatch", "--array=0-1", SCRIPTS / "slurm.sh", shell)
    missing = run("avatar", "batch", "status", shell, "--missing").strip()
    assert missing == "2"
    run("sbatch", f"--array={missing}", SCRIPTS / "slurm.sh", shell)
    run("avatar", "batch", "merge", shell)
    assert library.count() == 3


def test_parallel(shell: Path, library: Library) -> None:
    run("avatar", "batch", "run", shell, "--shard", "1")
    run("sh", SCRIPTS / "parallel.sh", shell, "--jobs", "2")
    assert library.count() == 3
    run("sh", SCRIPTS / "parallel.sh", shell, "--jobs", "2")  # again: nothing is missing


def test_parallel_merges_what_is_whole_and_finds_a_plan_that_is_named_from_here(
    shell: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shell.parent)
    monkeypatch.setenv("LOST", "1")
    run("sh", SCRIPTS / "parallel.sh", shell.name, "--jobs", "2", code=5)
    assert library.count() == 2


@pytest.mark.usefixtures("shell")
@pytest.mark.parametrize("script", ["parallel.sh", "hf-jobs.sh"])
def test_what_is_no_plan_ends_it(tmp_path: Path, script: str) -> None:
    run("sh", SCRIPTS / script, tmp_path, "me/cast", code=2)


def test_slurm_passes_options_on(shell: Path) -> None:
    run("sbatch", "--array=0", SCRIPTS / "slurm.sh", shell, "--concurrency", "none", code=1)
    run("sbatch", "--array=0", SCRIPTS / "slurm.sh", shell, "--retry-failed", "--yes")


def test_jobs_of_hugging_face(shell: Path, library: Library) -> None:
    run("avatar", "batch", "run", shell, "--shard", "1")
    run("sh", SCRIPTS / "hf-jobs.sh", shell, "me/cast", "--flavor", "l4x1")
    run("avatar", "batch", "merge", shell)
    assert library.count() == 3


def test_kubernetes(shell: Path, library: Library, tmp_path: Path) -> None:
    text = (SCRIPTS / "kubernetes.yaml").read_text("utf-8")
    job = tmp_path / "job.yaml"
    job.write_text(text.replace("completions: 500", "completions: 3"), encoding="utf-8")
    run("kubectl", "apply", "-f", job)
    run("avatar", "batch", "merge", shell)
    assert library.count() == 3
