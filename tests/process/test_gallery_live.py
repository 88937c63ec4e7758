"""The live gallery as users run it: beside a batch, until Ctrl-C."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from cli.commandline import SMALL, process, start

_PATIENCE_S = 60
_open = build_opener(ProxyHandler({})).open
pytestmark = pytest.mark.usefixtures("home")


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a live gallery; yield it and the first line of what it prints, which comes at once."""
    with start("gallery", "--serve", *options) as running:
        assert running.stdout is not None
        try:
            yield running, running.stdout.readline().strip()
        finally:
            if running.poll() is None:
                running.kill()


def names(url: str, query: str = "") -> list[str]:
    with _open(f"{url}avatars{query}", timeout=_PATIENCE_S) as response:
        return [row[0] for row in json.load(response)["rows"]]


def test_it_shows_what_another_process_makes_meanwhile(tmp_path: Path) -> None:
    with serving() as (_, url):
        assert names(url) == []
        table = tmp_path / "people.csv"
        table.write_text("name\nAna\nBen\nCleo\n")
        assert process("batch", str(table), *map(str, SMALL)).code == 0
        assert sorted(names(url, "?since=0")) == sorted(names(url)) == ["Ana", "Ben", "Cleo"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_at_once_and_is_no_failure(number: signal.Signals) -> None:
    with serving() as (running, url):
        with ThreadPoolExecutor(32) as pool:
            assert list(pool.map(names, [url] * 64)) == [[]] * 64
        running.send_signal(number)
        out, err = running.communicate(timeout=_PATIENCE_S)
    assert (running.returncode, out, err) == (0, "", "It is there until Ctrl-C.\n")


def test_programs_are_told_where_it_is() -> None:
    with serving("--json") as (running, line):
        assert running.stdout is not None
        said = json.loads(line + "".join(iter(running.stdout.readline, "}\n")) + "}")
        assert said.keys() == {"url", "port"}
        assert said["url"].startswith(f"http://127.0.0.1:{said['port']}/")
        assert names(said["url"]) == []
