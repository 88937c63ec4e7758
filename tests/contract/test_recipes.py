"""What CONTRIBUTING.md says that it takes to add something is all that it takes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.cli.main import COMMANDS
from avatar_creator.domain.attributes import ATTRIBUTES
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import EDITABLE_TEXTS
from avatar_creator.engines import ENGINES, OPTIONS
from avatar_creator.engines.table import engines_with, joined
from avatar_creator.library import Library
from cli.commandline import SMALL, environment, process
from transcript import blocks_of

ROOT = Path(__file__).parents[2]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
TAKEN = "an example of CONTRIBUTING.md is a part of the program by now: show another there"
# The program with one module and one row more; the rest of argv is the command line.
WITH_A_COMMAND = """
import sys
from avatar_creator.cli import commands, main

commands.__path__.append(sys.argv.pop(1))
main.COMMANDS |= eval("{" + sys.argv.pop(1) + "}", vars(main))
main.run()
"""


def recipe_of(title: str) -> str:
    (recipe,) = re.findall(rf"^### {title}$.*?(?=^### )", CONTRIBUTING.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return str(recipe)


def test_a_command_is_one_file_and_one_row(library: Library, tmp_path: Path) -> None:
    assert "names" not in COMMANDS, TAKEN
    recipe = recipe_of("Add a command")
    (row,) = re.findall(r'`("names": Entry\(.*?\)),`', recipe)
    (file,) = (block for block in blocks_of(CONTRIBUTING) if block.text.startswith('"""avatar names."""'))
    assert file.text in recipe
    (tmp_path / "names.py").write_text(file.text)

    def run(*argv: str, **variables: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", WITH_A_COMMAND, str(tmp_path), row, *argv],
            env=environment(variables),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    library.generate(persona=Persona("Ann"), width_px=64, height_px=64)
    assert run("names") == "Ann\n"
    assert run("names", "--gender", "male") == ""
    assert re.search(r"names +List names\.", run("--help"))
    assert "--gender" in run("names", "--help")
    assert run(_AVATAR_COMPLETE="complete_bash", COMP_WORDS="avatar nam", COMP_CWORD="1") == "names\n"


# What Python imports first in each process of the test, that of a worker too: one module and two rows more.
WITH_AN_ENGINE = """
from avatar_creator import engines
from avatar_creator.engines import table

engines.__path__.append({folder!r})
table.OPTIONS["stripes"] = table._option("stripes", eval({option!r}, vars(table)))
table.ENGINES |= eval({row!r}, vars(table))
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def onecolor(tmp_path: Path, library: Library) -> Run:
    """Return what runs Python with the engine of the recipe, which takes the option of the recipe for options, too."""
    del library  # whose environment comes first
    assert "onecolor" not in ENGINES, TAKEN
    assert "stripes" not in OPTIONS, TAKEN
    recipe = recipe_of("Add an engine")
    (row,) = re.findall(r'`("onecolor": Entry\(.*?\)),`', recipe)
    (option,) = re.findall(r"`stripes: (Annotated\[.*\])`", recipe_of("Add an option of an engine"))
    (file,) = (block for block in blocks_of(CONTRIBUTING) if block.text.startswith('"""Pictures of one color."""'))
    assert file.text in recipe
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "onecolor.py").write_text(file.text)
    row = "{" + row.removesuffix(")") + ', ("stripes", "steps"))}'
    (folder / "sitecustomize.py").write_text(WITH_AN_ENGINE.format(folder=str(folder), row=row, option=option))
    path = os.pathsep.join((str(folder), str(ROOT / "tests")))

    def run(*argv: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", *argv],
            env=environment({"PYTHONPATH": path}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return run


ANN = ("--persona-name", "Ann", "--width", "64", "--height", "64", "--engine", "onecolor", "--seed", "255")


def test_an_engine_is_one_file_and_one_row(onecolor: Run) -> None:
    def avatar(*argv: str) -> str:
        return onecolor("avatar_creator", *argv).stdout

    assert ", ".join((*ENGINES, "onecolor")) in " ".join(avatar("generate", "--help").replace("\u2502", " ").split())
    assert json.loads(avatar("generate", *ANN, "--dry-run", "--json"))["sent"] == {"color": "#0000ff"}
    inline = json.loads(avatar("generate", *ANN, "--commercial", "--json"))
    detached = json.loads(avatar("generate", *ANN, "--detach", "--json"))["id"]
    (waited,) = json.loads(avatar("wait", detached, "--json"))
    assert (inline["status"], inline["engine"], inline["model"]) == ("completed", "onecolor", "onecolor")
    assert waited["avatar"]["recipe"] == inline["avatar"]["recipe"]
    assert waited["avatar"]["recipe"]["made_with"] == {"color": "#0000ff"}
    assert [row["engine"] for row in json.loads(avatar("status", "--json"))] == ["onecolor", "onecolor"]
    assert "ok\tengine onecolor\tready.\t\n" in avatar("doctor")


def test_an_engine_made_by_the_recipe_keeps_the_contract_of_engines(onecolor: Run) -> None:
    done = onecolor("pytest", "-n", "0", "-p", "no:cacheprovider", "tests/contract/test_engines.py", "-k", "onecolor")
    assert int(re.findall(r"(\d+) passed", done.stdout)[0]) > 10
    assert "failed" not in done.stdout


def test_an_option_of_engines_is_one_row(onecolor: Run) -> None:
    def avatar(*argv: str, code: int = 0) -> str:
        done = onecolor("avatar_creator", *argv, code=code)
        return done.stderr if code else done.stdout

    help_ = " ".join(avatar("generate", "--help").replace("\u2502", " ").split())
    assert re.search(r"--stripes <int> How many stripes, 0 to 9\. \[default: \(0\)\]", help_)
    planned = avatar("generate", *ANN, "--stripes", "3", "--steps", "4", "--dry-run", "--json")
    assert json.loads(planned)["options"] == {"stripes": 3, "steps": 4}
    assert "stripes is '10', outside 0 to 9" in avatar("generate", *ANN, "--stripes", "10", code=2)
    said = avatar("generate", *ANN, "--engine", "offline", "--steps", "4", code=2)
    takers = joined([*engines_with("steps"), "onecolor"])
    assert f"--steps is an option of {takers}, not of the offline engine." in said
    avatar("config", "set", "stripes", "5")
    assert json.loads(avatar("generate", *ANN, "--dry-run", "--json"))["options"] == {"stripes": 5}
    made = json.loads(avatar("generate", *ANN, "--engine", "auto", "--stripes", "1", "--json"))
    assert (made["engine"], made["avatar"]["recipe"]["options"]) == ("onecolor", {"stripes": 1})
    assert "less than or equal to 9" in avatar("config", "set", "stripes", "10", code=2)


class Changed:
    """The program as a recipe changes it: a copy of the source, and what it says."""

    def __init__(self, folder: Path, recipe: str) -> None:
        self.package = folder / "avatar_creator"
        shutil.copytree(ROOT / "src" / "avatar_creator", self.package)
        text = CONTRIBUTING.read_text("utf-8").split(f"### {recipe}\n")[1].split("\n### ")[0].split("\n## ")[0]
        self.blocks = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)

    def add(self, block: str, file: str, before: str) -> None:
        path = self.package / file
        text = path.read_text("utf-8")
        assert block not in text, TAKEN
        assert text.count(before) == 1
        path.write_text(text.replace(before, block + before), "utf-8")

    def add_step(self, sql: str) -> None:
        path = self.package / "storage" / "migrations.py"
        path.write_text(f"{path.read_text('utf-8')}\nMIGRATIONS = (*MIGRATIONS, {sql!r})\n", "utf-8")

    def __call__(self, *argv: str, **variables: str) -> str:
        done = process(*argv, PYTHONPATH=str(self.package.parent), **variables)
        assert done.code == 0, done
        return done.out

    def json(self, *argv: str) -> Any:
        return json.loads(self(*argv, "--json"))


def test_an_attribute_is_a_field_a_step_and_a_line_of_the_engine(library: Library, tmp_path: Path) -> None:
    old = library.generate(persona=Persona("Ann"), width_px=64, height_px=64)
    library.close()
    assert "headwear" not in {attribute.name for attribute in ATTRIBUTES}, TAKEN
    run = Changed(tmp_path, "Add an attribute")
    field, step, line = run.blocks
    run.add(field, "domain/attributes.py", "    style: str | None")
    run.add(line, "engines/offline/request_reader.py", "        self._read_attribute(Topic.DRESS,")
    run.add_step(step)

    assert run.json("show", old.id)["attributes"]["headwear"] is None, "the old library is brought up to date"
    made = run.json("generate", *map(str, SMALL), "--persona-name", "Eve", "--headwear", "beanie")["avatar"]
    assert made["attributes"]["headwear"] == made["recipe"]["attributes"]["headwear"] == "beanie"
    assert made["full_prompt"].startswith("Eve, wearing a beanie, ")
    assert [avatar["id"] for avatar in run.json("list", "--headwear", "Beanie")] == [made["id"]]
    assert run.json("inspect", made["image_path"])["recipe"] == made["recipe"]
    hat = ("generate", *map(str, SMALL), "--prompt", "x", "--seed", "7", "--headwear", "hat", "--dry-run")
    cap = (*hat[:-2], "cap", "--dry-run")
    assert run.json(*hat)["sent"]["drawings"] != run.json(*cap)["sent"]["drawings"]
    assert "--headwear" in run("generate", "--help")
    words = {"COMP_WORDS": "avatar list --headwear tur", "COMP_CWORD": "3"}
    assert run(_AVATAR_COMPLETE="complete_bash", **words).split() == ["turban"]
    assert run.json("edit", made["id"], "--headwear", "turban")["attributes"]["headwear"] == "turban"
    assert run.json("edit", made["id"], "--clear", "headwear")["attributes"]["headwear"] is None
    (tmp_path / "people.csv").write_text("name,Head-Wear\nBob,cap\n")
    (row,) = run.json("batch", str(tmp_path / "people.csv"), *map(str, SMALL))
    assert run.json("show", row["avatar_id"])["attributes"]["headwear"] == "cap"


def test_a_text_that_users_edit_is_a_field_and_a_step(library: Library, tmp_path: Path) -> None:
    old = library.generate(persona=Persona("Ann"), width_px=64, height_px=64)
    library.close()
    assert "caption" not in EDITABLE_TEXTS, TAKEN
    run = Changed(tmp_path, "Add a column")
    field, step = run.blocks
    run.add(field, "domain/records.py", "    warnings: tuple[str, ...] = ()")
    run.add_step(step)

    assert run.json("show", old.id)["caption"] is None, "the old library is brought up to date"
    assert run.json("edit", old.id, "--caption", "For the poster")["caption"] == "For the poster"
    assert run.json("list")[0]["caption"] == "For the poster"
    assert "A line to print below it." in run("edit", "--help")
    assert run.json("edit", old.id, "--clear", "caption")["caption"] is None
    long = process("edit", old.id, "--caption", "x" * 201, PYTHONPATH=str(tmp_path))
    assert (long.code, "caption has 201 characters" in long.err) == (2, True)


@pytest.mark.parametrize("named", ["eye_color", "skin_tone"])
def test_an_attribute_is_named_in_few_places(named: str) -> None:
    """The table, the steps of the migrations, and what has words for it: engine, prompts, casts, synonyms.

    Everybody else asks the table. What columns of strangers' files are called is no code: a file has what it has.
    """
    package = ROOT / "src" / "avatar_creator"
    of_strangers = {package / "persona_files" / "words.py", *(package / "persona_files" / "kinds").glob("*.py")}
    files = [path for path in package.rglob("*.py") if re.search(rf"\b{named}\b", path.read_text("utf-8"))]
    files = [path for path in files if path not in of_strangers]
    steps = {"first_steps.py", "finding_step.py"}
    casts = {"axes.py", "coloring.py", "appearance.py"}  # two of that name: the other draws
    assert {path.name for path in files} == {"attributes.py", *steps, "request_reader.py", "synonyms.py", *casts}
