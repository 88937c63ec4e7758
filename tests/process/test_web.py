"""Web services of Python programs, under the real servers."""

import json
import os
import re
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.library import open_library
from servers.serving import Service, served

ROOT = Path(__file__).parents[2]

# Draws when it is imported: under gunicorn --preload, in the parent of all workers.
DRAWS_AT_IMPORT = """
from web import app
from avatar_creator import Persona, open_library
with open_library() as first:
    first.generate(persona=Persona("At import"), seed=1, width_px=64, height_px=64)
"""

posix = pytest.mark.skipif(os.name != "posix", reason="gunicorn is for POSIX")


def check(service: Service, requests: int) -> None:
    assert service.make_and_show_many(requests) == []
    status, body = service.ask("GET", "/avatars/av_nobody")
    assert (status, json.loads(body)["code"]) == (404, "not_found")


@pytest.mark.parametrize("server", ["uvicorn", pytest.param("gunicorn", marks=posix)])
def test_the_example_serves_many_at_once(home: Home, tmp_path: Path, server: str) -> None:
    with served(server, home.root, tmp_path / "log") as service:
        check(service, 40)
    assert service.complaints() == []
    with open_library() as library:
        assert len(list(library.find())) == 20
        assert library.app.doctor.examine(fix=False).healthy


@pytest.mark.parametrize("source", ["examples/web.py", "docs/python.md"])
def test_what_is_wrong_with_a_request_is_answered(home: Home, tmp_path: Path, source: str) -> None:
    text = (ROOT / source).read_text(encoding="utf-8")
    if source.endswith(".md"):
        (text,) = (block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "FastAPI()" in block)
    (tmp_path / "service.py").write_text(text, encoding="utf-8")
    with served("uvicorn", home.root, tmp_path / "log", app="service:app", folder=tmp_path) as service:
        status, body = service.ask("POST", "/avatars?name=&seed=1")
        assert (status, json.loads(body)["message"]) == (400, "Nothing says who the picture shows.")
        assert service.ask("GET", "/avatars/av_nobody")[0] == 404
    assert service.complaints() == []


@posix
def test_workers_of_a_parent_that_drew(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "drew.py").write_text(DRAWS_AT_IMPORT)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "examples"))
    with served("gunicorn", home.root, tmp_path / "log", app="drew:app", folder=tmp_path) as service:
        check(service, 24)
    assert service.complaints() == []
