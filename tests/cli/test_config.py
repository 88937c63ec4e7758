"""avatar config show|path|set."""

import pytest

from avatar_creator.home import Home
from cli.commandline import Avatar

DEFAULTS = {
    "engine": "auto",
    "project": "default",
    "width": 1024,
    "height": 1024,
    "format": "jpeg",
    "jpeg_quality": 95,
    "embed": "recipe",
    "art_style": "avataaars",
}


def test_show_says_each_value_and_where_it_came_from(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {line[0]: line[1:] for line in avatar("config", "show").lines}
    assert rows.items() >= {key: [str(value), "default"] for key, value in DEFAULTS.items()}.items()
    assert not home.root.exists(), "asking makes no home"
    avatar("config", "set", "width", "512")
    monkeypatch.setenv("AVATAR_HEIGHT", "256")
    monkeypatch.setenv("avatar_format", "png")
    rows = {line[0]: line[1:] for line in avatar("config", "show").lines}
    assert (rows["width"], rows["height"]) == (["512", "config.toml"], ["256", "AVATAR_HEIGHT"])
    assert rows["format"] == ["png", "AVATAR_FORMAT"]
    assert rows["embed"] == ["recipe", "default"]


def test_show_as_json(avatar: Avatar) -> None:
    avatar("config", "set", "width", "512")
    settings = {setting["key"]: setting for setting in avatar("config", "show", "--json").json}
    assert settings["width"] == {"key": "width", "value": 512, "source": "config.toml"}
    assert settings["height"] == {"key": "height", "value": 1024, "source": "default"}


def test_path(avatar: Avatar, home: Home) -> None:
    assert avatar("config", "path").out == f"{home.config}\n"


def test_set_keeps_the_rest_of_the_file(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text('# mine\nproject = "p" # really\n', encoding="utf-8")
    run = avatar("config", "set", "embed", "mark")
    assert (run.out, run.err) == ("", f"embed = mark in {home.config}\n")
    assert home.config.read_text(encoding="utf-8") == '# mine\nproject = "p" # really\nembed = "mark"\n'
    avatar("config", "set", "embed", "none")
    assert home.config.read_text(encoding="utf-8").count("embed") == 1
    assert home.config.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "red", "There is no setting 'colour'.\nHint: Settings: engine, project, width, height, format, "),
        ("width", "63", "width"),
        ("width", "wide", "width"),
        ("height", "2049", "height"),
        ("jpeg_quality", "0", "jpeg_quality"),
        ("format", "gif", "format"),
        ("embed", "all", "embed"),
        ("project", "", "project"),
        ("engine", "dalle", "engine"),
        ("art_style", "cubist", "art_style"),
        ("project", "a\x1b[31mb", "project"),
    ],
)
def test_a_bad_value_is_not_written(avatar: Avatar, home: Home, key: str, value: str, said: str) -> None:
    error = avatar.refused("config", "set", key, value)
    assert said in error
    assert "\x1b" not in error
    assert not home.config.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("width = 3", "The setting width (config.toml) is '3'"),
        ('with = "x"', "there is no setting 'with'"),
        ("width = ", "is not valid TOML"),
        ("\xff", "cannot be read"),
    ],
)
def test_a_bad_file_is_named(avatar: Avatar, home: Home, text: str, said: str) -> None:
    home.create()
    home.config.write_text(text, encoding="latin-1")
    for command in (("config", "show"), ("generate", "--persona-name", "A")):
        assert said in avatar.refused(*command)
    avatar("list")


def test_the_doctor_names_a_bad_file(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("width = 3\n")
    assert "The setting width (config.toml) is '3'" in avatar("doctor", code=1).out


def test_a_bad_value_can_be_mended_with_set(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("width = 3\n")
    avatar("config", "set", "width", "64")
    assert home.config.read_text() == "width = 64\n"


def test_a_bad_variable_is_named(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_WIDTH", "3")
    said = avatar.refused("generate", "--persona-name", "A")
    assert "The setting width (AVATAR_WIDTH) is '3'" in said
    assert "config set" not in said, "config.toml is not where that value stands"


def test_get_a_single_setting_with_the_usual_tools(avatar: Avatar) -> None:
    assert [line[1] for line in avatar("config", "show").lines if line[0] == "format"] == ["jpeg"]
