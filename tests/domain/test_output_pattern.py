"""Patterns of --output: what may stand in braces, and that values lead nowhere else."""

import unicodedata
from pathlib import PurePath
from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.fields import FIELDS
from avatar_creator.domain.output_pattern import OutputNames, OutputPattern, Places, parts_of, picture_values, safe
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import InvalidInput

PERSONA = Persona("Zoë O'Hara", 7, ("friendly", "a bit shy"))
LOOKS = Attributes(gender="female", hair_color="dark-brown")
MEANS = {"project": "Cast", "engine": "offline", "format": PictureFormat.JPEG, "width": 1024, "height": 1024}
VALUES = picture_values(MEANS, PERSONA, LOOKS, "in a library", name="Zoë O'Hara", seed=5, n=3, id="av_1")
COLUMNS = {"Beruf": None, "persona id": "persona_id", "Alter": "persona_age", "w/m/d": None, "id": "persona_id"}
CELLS = {"Beruf": "Köchin", "w/m/d": "w", "Alter": "7.0"}


def parsed(pattern: str, columns: dict[str, str | None] | None = None) -> OutputPattern:
    return OutputPattern.parse(pattern, OutputNames(FIELDS, columns or {}))


def filled(pattern: str, columns: dict[str, str | None] | None = None, **others: Any) -> str:
    return parsed(pattern, columns).fill(VALUES | others, CELLS)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{name}.png", "Zoë-O-Hara.png"),
        ("{n}-{seed}-{id}.png", "3-5-av_1.png"),
        ("npc/npc_{n:03}.png", "npc/npc_003.png"),
        ("npc_{n:03d}.png", "npc_003.png"),
        ("{persona_age:02}.png", "07.png"),
        ("{seed:010}", "0000000005"),
        ("cast/{gender}/{Hair Colour}.webp", "cast/female/dark-brown.webp"),
        ("{personality}.png", "friendly-a-bit-shy.png"),
        ("{project}/{engine}/{persona.name}.jpg", "Cast/offline/Zoë-O-Hara.jpg"),
        ("{width}x{height}.{{{format}}}.png", "1024x1024.{jpeg}.png"),
        ("{NAME}{ n }.png", "Zoë-O-Hara3.png"),
        ("{eye_color}-{background}.png", "unknown-unknown.png"),
        ("{avatar_id}.png", "av_1.png"),
        ("/abs/{n}.png", "/abs/3.png"),
        ("../{n}.png", "../3.png"),
    ],
)
def test_fields_are_filled_in(pattern: str, path: str) -> None:
    assert filled(pattern) == path


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{Beruf}.png", "Köchin.png"),
        ("{beruf}.png", "Köchin.png"),
        ("{persona id:04}.png", "0017.png"),
        ("{id}.png", "17.png"),
        ("{avatar_id}.png", "av_1.png"),
        ("{Alter:03}.png", "007.png"),
        ("{w/m/d}.png", "w.png"),
    ],
)
def test_columns_of_a_file_are_fields_too(pattern: str, path: str) -> None:
    assert filled(pattern, COLUMNS, persona_id="17") == path


@pytest.mark.parametrize(
    ("pattern", "said", "hint"),
    [
        ("{agee}.png", "{agee} is no field.", "Did you mean {persona_age}? Fields: {name}, {id}, {seed}, {n}, "),
        ("{name.upper}.png", "{name.upper} is no field.", "Fields"),
        ("{name!r}.png", "{name!r} is no field.", "Fields"),
        ("{n[0]}.png", "{n[0]} is no field.", "Fields"),
        ("{}.png", "{} is no field.", "Fields"),
        ("{persona_id}.png", "{persona_id} is no field.", "Fields"),
        ("{count}.png", "{count} is no field.", "Fields"),
        ("{n:9}.png", "in {n:9}, '9' is no padding.", "{n:03}"),
        ("{n:>9}.png", "in {n:>9}, '>9' is no padding.", "{n:03}"),
        ("{n:0999}.png", "in {n:0999}, '0999' is no padding.", "{n:03}"),
        ("{n:050}.png", "in {n:050}, '050' is no padding.", "{n:03}"),
        ("{gender:03}.png", "in {gender:03}, gender is no number.", "Write {gender}."),
        ("{n.png", "a { stands alone", "{{ for a brace"),
        ("n}.png", "a } stands alone", "{{ for a brace"),
    ],
)
def test_what_is_no_field_is_refused(pattern: str, said: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parsed(pattern)
    assert said in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("..", "unknown"),
        ("/", "unknown"),
        ("C:\\x", "C-x"),
        ("-rf", "rf"),
        ("  St. Ann. ", "St.-Ann"),
        ("🎉", "unknown"),
        ("Ana ❤️", "Ana"),
        ("हिन्दी", "हिन्दी"),
        ("ไทย ดี", "ไทย-ดี"),
        ("علی‌رضا", "علیرضا"),
        (unicodedata.normalize("NFD", "Zoë"), "Zoë"),
        ("a\nb\0c", "a-b-c"),
        ("a\u2044b\uff0fc", "a-b-c"),
    ],
)
def test_a_value_is_made_safe(value: str, part: str) -> None:
    assert safe(value) == part
    assert PurePath(filled("x/{Beruf}.png", {"Beruf": None})).parent == PurePath("x")


@pytest.mark.parametrize(
    ("pattern", "name", "path"),
    [
        ("{name}.png", "Con", "Con_.png"),
        ("{name}", "NUL", "NUL_"),
        ("{name}/a.png", "aux", "aux_/a.png"),
        ("{name}.png", "com1.x", "com1_.x.png"),
        ("{name}.png", "Conny", "Conny.png"),
        ("con.png", "x", "con.png"),
    ],
)
def test_names_of_devices_are_no_names_of_files(pattern: str, name: str, path: str) -> None:
    assert filled(pattern, name=name) == path


def test_without_a_suffix_a_dot_is_none() -> None:
    assert filled("{name}", name="St. Ann") == "St--Ann"
    assert filled("{name}/{n}", name="St. Ann") == "St.-Ann/3"


def test_a_number_that_is_longer_than_a_name_can_be_is_refused_as_such() -> None:
    with pytest.raises(InvalidInput, match="File name too long"):
        parsed("{Beruf:03}.png", COLUMNS).fill(VALUES, {"Beruf": "7" * 5000})


@pytest.mark.parametrize("letter", ["x", "ü", "语", "\U0001d4b3"])
def test_a_name_has_as_many_bytes_as_a_file_can_have(letter: str) -> None:
    most = (255 - len(".png")) // len(letter.encode())
    assert filled("{name}.png", name=letter * most) == letter * most + ".png"
    with pytest.raises(InvalidInput, match="File name too long") as caught:
        filled("{name}.png", name=letter * (most + 1))
    assert "and a name at most 255" in (caught.value.hint or "")
    assert len(filled("{name}/{name}/{name}.png", name=letter * most)) > 2 * most


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [
        ("{n}.png", "."),
        ("a.png", "."),
        ("cast/{n}.png", "cast"),
        ("a/b/{gender}/c/{n}.png", "a/b"),
        ("cast-{n}/a.png", "."),
        ("/{n}.png", "/"),
        ("/a/{n}.png", "/a"),
        ("a{{b/{n}", "a{b"),
    ],
)
def test_the_folder_that_has_to_be_there(pattern: str, folder: str) -> None:
    assert parsed(pattern).folder == folder


@pytest.mark.parametrize(
    ("pattern", "format_"),
    [
        ("{n}.png", PictureFormat.PNG),
        ("{n}.JPG", PictureFormat.JPEG),
        ("{n}", None),
        ("a.b/{n}", None),
        ("{persona.name}", None),
        ("x.{n}", None),
    ],
)
def test_the_suffix_is_the_format(pattern: str, format_: PictureFormat | None) -> None:
    assert parsed(pattern).format is format_


def test_a_suffix_of_no_format_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"\.gif is no format"):
        _ = parsed("{n}.gif").format


def test_namesakes_are_numbered_in_their_order() -> None:
    places = Places(parsed("{name}.png"))
    names = ["Ana.png", "Ana.png", "ana.png", "Ana-2.png", "Zoë.png", unicodedata.normalize("NFD", "Zoë") + ".png"]
    found = [places.place(name) for name in names]
    assert found == ["Ana.png", "Ana-2.png", "ana-3.png", "Ana-2-2.png", "Zoë.png", "Zoe\u0308-2.png"]


def test_a_number_makes_no_name_too_long() -> None:
    places = Places(parsed("{name}"))
    places.place("x" * 254)
    with pytest.raises(InvalidInput, match="File name too long"):
        places.place("x" * 254)


@pytest.mark.parametrize("given", ["{nmae}", "{name", "{name:03}"])
def test_another_option_is_called_by_its_own_name(given: str) -> None:
    with pytest.raises(InvalidInput, match=r"^caption is "):
        list(parts_of("caption", given, OutputNames(FIELDS)))
