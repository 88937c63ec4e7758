"""What CONTRIBUTING.md says that it takes to add something is all that it takes."""

import re
import subprocess
import sys
from pathlib import Path

from avatar_creator.domain.persona import Persona
from avatar_creator.library import Library
from cli.commandline import environment
from transcript import blocks_of

ROOT = Path(__file__).parents[2]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
# The program with one module and one row more; the rest of argv is the command line.
WITH_A_COMMAND = """
import sys
from avatar_creator.cli import commands, main

commands.__path__.append(sys.argv.pop(1))
main.COMMANDS |= eval("{" + sys.argv.pop(1) + "}", vars(main))
main.run()
"""


def test_a_command_is_one_file_and_one_row(library: Library, tmp_path: Path) -> None:
    (recipe,) = re.findall(r"^### Add a command$.*?^### ", CONTRIBUTING.read_text("utf-8"), re.MULTILINE | re.DOTALL)
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
