"""The package of the hosted engine as a whole."""

from pathlib import Path

from avatar_creator.engines import huggingface

PACKAGE = Path(huggingface.__file__).parent


def test_its_docstring_lists_every_module() -> None:
    rows = [line.split(maxsplit=1) for line in (huggingface.__doc__ or "").splitlines()[3:] if line]
    assert sorted(name for name, _ in rows) == sorted(path.stem for path in PACKAGE.glob("[!_]*.py"))
