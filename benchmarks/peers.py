"""The tools we compare with. None is needed: what is missing is said, and its benchmarks are skipped."""

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import PROGRAMS, Missing

_DICEBEAR = ("dicebear@10", "node@24")  # with the Node that it asks for: under Node 20 it takes twice the time
_HF = "huggingface_hub"


class Peers:
    """Finds the tools; installs them into ``folder`` when there is one."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.absolute() if folder else None

    def hf(self) -> Path:
        """Return the command line of huggingface_hub, also built on typer and rich. Raises Missing."""
        return self._of_pip("hf", _HF)

    def sigal(self) -> Path:
        """Return the generator of galleries that most people install. Raises Missing."""
        return self._of_pip("sigal", "sigal")

    def _of_pip(self, program: str, package: str) -> Path:
        if self._folder is None:
            found = shutil.which(program, path=str(PROGRAMS)) or shutil.which(program)
        else:
            environment = self._folder / program
            if not (environment / "bin" / program).exists():
                _install([sys.executable, "-m", "venv", str(environment)])
                _install([str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", package])
            found = shutil.which(program, path=str(environment / "bin"))
        if found is None:
            raise Missing(f"{program} is not here: pip install {package}, or --peers DIR")
        return Path(found)

    def dicebear(self) -> Path:
        """Return DiceBear's own command line; its Node stands beside it or on PATH. Raises Missing."""
        if self._folder is None:
            found = shutil.which("dicebear")
        else:
            programs = self._folder / "dicebear" / "node_modules" / ".bin"
            if not (programs / "dicebear").exists():
                _install(
                    ["npm", "install", "--no-fund", "--no-audit", "--prefix", str(programs.parents[1]), *_DICEBEAR]
                )
            found = shutil.which("dicebear", path=str(programs))
        if found is None:
            raise Missing(f"dicebear is not here: npm install -g {' '.join(_DICEBEAR)}, or --peers DIR")
        return Path(found)


def _install(words: list[str]) -> None:
    print(f"installing: {' '.join(words)}", file=sys.stderr)
    if shutil.which(words[0]) is None:
        raise Missing(f"{words[0]} is not here")
    if words[0] == "npm":
        Path(words[words.index("--prefix") + 1]).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"{words[0]} could not install it: {(done.stderr.strip() or done.stdout.strip())[-200:]}")
