"""Another interpreter, for what may crash or cannot run here: it has the modules of this one, and no secret."""

import subprocess
import sys

import pytest

from avatar_creator.processes import interpreter


def test_it_has_the_modules_of_this_one_the_arguments_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr(sys, "path", [*sys.path, "relative", "/of 'quotes' and \udcff"])
    run = interpreter.command(
        "import os; print(ascii((sys.argv[1:], sys.path, 'HF_TOKEN' in os.environ)))", "a b", "-c"
    )
    told = subprocess.run(run, env=interpreter.environment(), capture_output=True, text=True, check=True)
    paths = [path for path in sys.path if path.startswith("/")] if sys.platform != "win32" else sys.path
    assert told.stdout.strip() == ascii((["a b", "-c"], paths, False))
