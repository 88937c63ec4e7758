"""What `avatar list --json` prints, as a persona file."""

import json
from pathlib import Path

import pytest

from avatar_creator.cli.main import main
from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.engines.fields import FIELDS
from avatar_creator.persona_files import open_persona_file


@pytest.mark.usefixtures("home")
def test_avatars_are_listed_and_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    who = "--persona-name Ana --age 30 --gender female --personality kind --prompt hat"
    how = "--seed 7 --name Cover --width 512 --engine offline --art-style micah"
    assert main(["generate", *who.split(), *how.split()]) == 0
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    (tmp_path / "cast.json").write_text(capsys.readouterr().out, encoding="utf-8")
    file = open_persona_file(tmp_path / "cast.json", fields=FIELDS)
    (row,) = file.rows()
    assert file.kind == "avatars of avatar list --json"
    assert isinstance(row, PersonaRow)
    assert row.persona == Persona("Ana", 30, ("kind",))
    assert row.attributes == Attributes(gender="female")
    assert row.prompt == "hat"
    assert row.persona_id == row.cells["id"]
    wanted = {"name": "Cover", "seed": 7, "width_px": 512, "height_px": 1024, "engine": "offline", "art_style": "micah"}
    assert wanted.items() <= row.choices.items()
    assert "model" not in row.choices


def test_an_option_that_only_a_later_avatar_has_is_read(tmp_path: Path) -> None:
    one = {"image_path": "a.jpg", "full_prompt": "a face", "persona": {"name": "Ana"}, "engine": "offline"}
    drawn = one | {"recipe": {"options": {"art_style": "micah"}}}
    photograph = one | {"engine": "huggingface", "recipe": {"options": {"model": "flux-dev", "guidance": 4.5}}}
    avatars = [{"id": f"av_{i}"} | (drawn if i < 200 else photograph) for i in range(201)]
    (tmp_path / "cast.json").write_text(json.dumps(avatars), encoding="utf-8")
    *_, last = open_persona_file(tmp_path / "cast.json", fields=FIELDS).rows()
    assert isinstance(last, PersonaRow)
    assert last.choices == {"engine": "huggingface", "model": "flux-dev", "guidance": 4.5}
