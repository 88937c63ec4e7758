"""Which font draws which part of a text, and what none can draw."""

from pathlib import Path

import pytest

from avatar_creator.errors import InvalidInput
from avatar_creator.sheets.fonts import Fonts
from avatar_creator.sheets.scripts import advice, script_of
from made_fonts import only_folder, write_font


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return only_folder(tmp_path, monkeypatch)


def parts(fonts: Fonts, text: str) -> list[str]:
    return [run.text for run in fonts.runs(text)]


@pytest.mark.usefixtures("folder")
def test_without_any_font_english_is_drawn() -> None:
    fonts = Fonts()
    assert parts(fonts, "Amara Okafor, 29") == ["Amara Okafor, 29"]
    assert fonts.lacking("Amara Okafor, 29") == set()
    assert fonts.lacking("Zoë अमारा สมชาย 李娜 さくら 김 محمد דנה 🌸 Νίκος Амара") == {
        *("Latin", "Devanagari", "Thai", "Chinese", "Japanese", "Korean", "Arabic", "Hebrew", "emoji", "Greek"),
        "Cyrillic",
    }


def test_each_part_is_drawn_by_the_first_font_that_has_it(folder: Path) -> None:
    write_font(folder / "deep/down/Some-Regular.ttf", "李娜 ")
    write_font(folder / "Other-Regular.otf", "김민준")
    (folder / "broken.ttf").write_bytes(b"nonsense")
    (folder / "readme.txt").write_text("no font")
    assert parts(Fonts(), "Ana 李娜 김민준!") == ["Ana ", "李娜 ", "김민준", "!"]


def test_a_plain_font_is_preferred_to_a_bold_one_with_serifs(folder: Path) -> None:
    write_font(folder / "NotoSerif-Bold.ttf", "Ж")
    plain = write_font(folder / "NotoSans-Regular.ttf", "Ж")
    fonts = Fonts()
    assert fonts.find("Ж") is Fonts.find(fonts, "Ж")
    assert fonts.find("Ж").path == plain  # type: ignore[union-attr]


def test_a_given_font_comes_first_and_has_to_be_one(folder: Path, tmp_path: Path) -> None:
    write_font(folder / "NotoSans-Regular.ttf", "Ж")
    mine = write_font(tmp_path / "mine.ttf", "ЖA")
    fonts = Fonts([mine])
    assert [fonts.find(each).path for each in "ЖA"] == [mine, mine]  # type: ignore[union-attr]
    (tmp_path / "no.ttf").write_text("x")
    for path in (tmp_path / "no.ttf", tmp_path / "none.ttf", tmp_path):
        with pytest.raises(InvalidInput, match="no font that can be read"):
            Fonts([path])


def test_letters_that_need_to_be_joined_have_no_font_where_nothing_joins_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_font(folder / "NotoSans-Regular.ttf", "محمدЖ")
    monkeypatch.setattr("avatar_creator.sheets.fonts.features.check", lambda _: False)
    assert Fonts().lacking("محمد Ж") == {"Arabic"}


@pytest.mark.parametrize(
    ("character", "script"),
    [
        *(("a", "Latin"), ("ж", "Cyrillic"), ("ب", "Arabic"), ("א", "Hebrew"), ("अ", "Devanagari"), ("ส", "Thai")),
        *(
            ("李", "Chinese"),
            ("さ", "Japanese"),
            ("김", "Korean"),
            ("🌸", "emoji"),
            ("★", "symbols"),
            ("𠮷", "Chinese"),
        ),
    ],
)
def test_the_writing_of_a_character_is_named_as_people_call_it(character: str, script: str) -> None:
    assert script_of(character) == script


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert "Install fonts-noto-cjk fonts-noto-core fonts-noto-color-emoji" in advice(["Thai", "Korean", "emoji"])
    monkeypatch.setattr("sys.platform", "darwin")
    assert "--font FILE" in advice(["Thai"])
    assert "noto" not in advice(["Thai"])
