"""What stands below a picture."""

from pathlib import Path

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import InvalidInput
from avatar_creator.sheets.captions import Captions
from avatar_creator.sheets.fonts import Fonts
from made_fonts import only_folder, write_font
from sample_records import an_avatar


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return only_folder(tmp_path, monkeypatch)


def person(name: str = "Ana Costa", age: int | None = 29, persona_id: str | None = None, **looks: str) -> Avatar:
    persona = Persona(name, age, ("calm", "kind"))
    return an_avatar(name=name, persona=persona, attributes=Attributes(**looks), persona_id=persona_id)


def lines(template: str, who: Avatar, n: int = 1) -> list[str]:
    return Captions(template, Fonts()).of(who, n)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{name}, {persona_age}", ["Ana Costa, 29"]),
        ("{name}\n{gender}", ["Ana Costa", "female"]),
        ("{Name}\\n{hair color}", ["Ana Costa", ""]),
        ("{n:03} {name} ({eye_color}) - {persona_age}", ["001 Ana Costa - 29"]),
        ("{eye_color}, {name}", ["Ana Costa"]),
        ("{name}, {eye_color} eyes", ["Ana Costa"]),
        ("{personality}", ["calm, kind"]),
        ("{{{n}}}", ["{1}"]),
        ("all of them", ["all of them"]),
        ("", []),
    ],
)
def test_fields_are_filled_in_and_those_without_a_value_left_out(template: str, expected: list[str]) -> None:
    assert lines(template, person(gender="female")) == expected


@pytest.mark.parametrize("template", ["{nmae}", "{name", "{name:03}", "\n" * 8, "x" * 1001])
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(InvalidInput, match=r"^caption (is|has) "):
        Captions(template, Fonts())


@pytest.mark.usefixtures("folder")
def test_fields_of_avatars_may_stand_in_captions() -> None:
    who = person(persona_id="p-7")._replace(tags=("hero", "new"), engine="offline")
    template = "{persona id} {id} {project} {seed} {engine}\\n{source_type} {version} {tags}"
    assert lines(template, who) == [f"p-7 {who.id} {who.project_name} {who.seed} offline", "text_to_image 1 hero, new"]


@pytest.mark.usefixtures("folder")
def test_an_id_stands_for_a_name_that_no_font_has() -> None:
    captions = Captions("{name}, {persona_age}", Fonts())
    assert captions.of(person("अमारा", persona_id="p-7"), 1) == ["p-7, 29"]
    assert captions.of(person("अमारा"), 1) == ["av_1, 29"]
    assert captions.of(person("Zoë Müller"), 1) == ["Zoe Muller, 29"]
    assert captions.of(person("Ana 🌸 Costa"), 1) == ["Ana Costa, 29"]
    assert captions.lacking == {"Devanagari", "Latin", "emoji"}


def test_a_name_that_a_font_has_is_written_as_it_is(folder: Path) -> None:
    write_font(folder / "NotoSans-Regular.ttf", "अमारा")
    captions = Captions("{name}", Fonts())
    assert (captions.of(person("अमारा"), 1), captions.lacking) == (["अमारा"], set())
