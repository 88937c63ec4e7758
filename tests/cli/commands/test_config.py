"""avatar config show|path|set|unset."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from avatar_creator.home import Home
from avatar_creator.settings import writing
from avatar_creator.settings.values import DEFAULTS
from avatar_creator.storage.locks import Lock
from cli.commandline import Avatar, Run, files_below, plain, process, shell, terminal

TOKEN = "hf_" + "Ab1" * 11


def test_show_says_each_value_and_where_it_came_from(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {line[0]: line[1:] for line in avatar("config", "show").lines}
    plainly = {key: str(value) for key, value in DEFAULTS.values().items() if isinstance(value, (str, int, float))}
    assert rows.items() >= {key: [value, "default"] for key, value in plainly.items()}.items()
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
        ("width = 0x" + "f" * 20_000, "The setting width (config.toml) is a huge number"),
        ("[[prices]]\nprovider='a'\nmodel='b'\nusd_per_image = 0x" + "f" * 9000, "The setting prices (config.toml)"),
    ],
)
def test_a_bad_file_is_named(avatar: Avatar, home: Home, text: str, said: str) -> None:
    home.create()
    home.config.write_text(text, encoding="latin-1")
    for command in (("config", "show"), ("generate", "--persona-name", "A")):
        assert said in avatar.refused(*command)
    avatar("list")


def test_a_path_is_that_from_here_wherever_commands_run(
    avatar: Avatar, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"local_model = {tmp_path / 'flux'} in " in avatar("config", "set", "local_model", "./flux").err
    assert avatar("config", "set", "local_lora", "owner/name").err.startswith("local_lora = owner/name in ")
    assert str(tmp_path / "flux") in home.config.read_text("utf-8")


def test_a_setting_that_one_engine_alone_has_lacks_its_name(avatar: Avatar) -> None:
    assert (
        "no setting 'local_device'; did you mean 'device'?"
        in avatar("config", "set", "local_device", "cpu", code=2).err
    )


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


# -- unset


def test_unset_goes_back_to_the_default(avatar: Avatar, home: Home) -> None:
    avatar("config", "set", "width", "512")
    run = avatar("config", "unset", "width")
    assert (run.out, run.err) == ("", f"width is no longer in {home.config}\n")
    assert ["width", "1024", "default"] in avatar("config", "show").lines
    assert avatar("config", "unset", "width").err == f"width is not in {home.config}\n"


def test_unset_mends_a_file_with_a_setting_that_does_not_exist(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("witdh = 512\n")
    avatar.refused("config", "show")
    avatar("config", "unset", "witdh")
    avatar("config", "show")
    assert "There is no setting 'witdh'" in avatar.refused("config", "unset", "witdh")


def test_unset_makes_no_home(avatar: Avatar, home: Home) -> None:
    avatar("config", "unset", "width")
    assert not home.root.exists()


def test_a_value_is_missing(avatar: Avatar) -> None:
    said = avatar.refused("config", "set", "width")
    assert said == "Error: Missing argument 'VALUE'.\nHint: Type: avatar config set width VALUE"


# -- what is not set


def test_what_is_not_set_is_empty_and_null(avatar: Avatar) -> None:
    assert ["steps", "", "default"] in avatar("config", "show").lines
    assert {"key": "steps", "value": None, "source": "default"} in avatar("config", "show", "--json").json


# -- the token


def _piped(text: str, *, show: str = "show --json") -> Run:
    return shell(f"printf '{text}' | avatar config set hf_token && avatar config {show}")


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
@pytest.mark.parametrize("text", [TOKEN, f"{TOKEN}\\n", f"  {TOKEN}  \\r\\nsecond line"])
def test_a_token_is_read_from_a_pipe_and_kept_for_the_owner_alone(avatar: Avatar, home: Home, text: str) -> None:
    avatar("config", "set", "width", "512")
    home.config.chmod(0o666)
    run = _piped(text)
    assert (run.code, run.err) == (0, f"hf_token is set in {home.config}\n")
    assert {"key": "hf_token", "value": "********", "source": "config.toml"} in run.json
    assert home.config.read_text() == f'width = 512\nhf_token = "{TOKEN}"\n'
    assert home.config.stat().st_mode & 0o777 == 0o600
    assert ["hf_token", "********", "config.toml"] in avatar("config", "show").lines


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
@pytest.mark.parametrize("text", ["", "\\n", "sk-topsecret\\n", "hf_topsecret topsecret", "hf_topsecret\\377", "hf_"])
def test_a_bad_token_is_refused_and_not_repeated(home: Home, text: str) -> None:
    for mode in ("show", "show --json"):
        run = _piped(text, show=mode)
        assert (run.code, run.out) == (2, "")
        assert run.err == (
            "Error: The setting hf_token cannot be that: a token begins with hf_ and holds no spaces.\n"
            "Hint: See: avatar config show\n"
        )
    assert not home.config.exists()


def test_a_token_as_an_argument_is_refused_and_not_repeated(avatar: Avatar, home: Home) -> None:
    for argv in (("hf_token", TOKEN), ("hf_token", "no token"), (f"hf_token={TOKEN}",), ("width", TOKEN)):
        said = avatar.refused("config", "set", *argv)
        assert TOKEN[3:12] not in said
    said = avatar.refused("config", "set", "hf_token", TOKEN)
    assert said == (
        "Error: hf_token is a secret: as an argument other users see it, and your shell's history keeps it.\n"
        "Hint: Type: avatar config set hf_token, or pipe it in; then make a new one in place of this one."
    )
    assert not home.config.exists()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("typed", "code"), [(f"{TOKEN}\n", 0), ("topsecret\n", 2), ("\x03", 130)])
def test_a_token_is_typed_unseen(avatar: Avatar, home: Home, typed: str, code: int) -> None:
    seen = terminal("config", "set", "hf_token", typed=typed, question="hf_token: ")
    assert seen.code == code
    assert "ecret" not in plain(seen.out).replace("is a secret", "")
    assert TOKEN not in seen.out
    assert home.config.exists() == (code == 0)
    if code == 0:
        assert "********" in plain(terminal("config", "show").out)
        assert avatar("config", "show").out.count("********") == 1


def test_a_token_is_nowhere_but_in_its_file(avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.create()
    home.config.write_text(f'hf_token = "{TOKEN}"\n')
    home.config.chmod(0o600)
    runs = [
        avatar.generate("--engine", "offline"),
        avatar("config", "show", "--json"),
        avatar("doctor"),
        avatar("generate", "-p", "x", "--engine", "offline"),
    ]
    monkeypatch.setenv("AVATAR_HF_TOKEN", f"{TOKEN} x")
    runs.append(avatar("config", "show", code=2))
    runs.append(avatar("doctor", code=1))
    assert TOKEN[3:] not in str(runs)
    holding = [name for name in files_below(home.root) if TOKEN[3:].encode() in (home.root / name).read_bytes()]
    assert holding == ["config.toml"]


def test_a_token_in_a_bug_is_made_unusable(avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(f"Authorization: Bearer {TOKEN}")

    monkeypatch.setattr("avatar_creator.library.config.Config.show", fail)
    run = avatar("config", "show", code=70)
    log = (home.logs / "crash.log").read_text()
    assert "ZeroDivisionError: Authorization: Bearer hf_***\n" in run.err
    assert "Bearer hf_***" in log
    assert TOKEN[3:] not in run.err + log


def test_a_token_that_others_can_read_is_named_and_closed(avatar: Avatar, home: Home) -> None:
    avatar("config", "set", "width", "512")
    home.config.chmod(0o644)
    assert any(str(home.config) in line[2] for line in avatar("doctor").lines if line[0] == "note")
    avatar("doctor", "--fix")
    assert home.config.stat().st_mode & 0o777 == 0o600


# -- prices


def test_prices_are_shown_and_edited_in_the_file(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text('[[prices]]\nprovider = "nscale"\nmodel = "flux"\nusd_per_image = 0.01\n')
    (line,) = [line for line in avatar("config", "show").lines if line[0] == "prices"]
    assert line[1].split("; ") == [
        "fal-ai fal-ai/flux/dev: 0.025 USD/MP, 2026-08, fal.ai model pages",
        "fal-ai fal-ai/flux-lora: 0.035 USD/MP, 2026-08, fal.ai model pages",
        "nscale flux: 0.01 USD a picture",
    ]
    said = avatar.refused("config", "set", "prices", "1")
    assert said == f"Error: prices are tables, not one value.\nHint: Edit them in {home.config}, each as [[prices]]."
    assert avatar.refused("config", "set", "prices") == said


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_prices_and_what_is_not_set_fit_a_terminal(home: Home) -> None:
    del home
    lines = plain(terminal("config", "show").out).splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert ["steps", "not", "set", "default"] in [line.split() for line in lines]
    assert sum("USD/MP" in line for line in lines) == 2


def test_settings_go_to_any_home(tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert process("config", "set", "steps", "12", AVATAR_HOME=str(other)).code == 0
    assert (other / "config.toml").read_text() == "steps = 12\n"


# -- files and variables as other programs write them


def test_a_mark_before_the_first_key_is_no_error(avatar: Avatar, home: Home) -> None:
    """Notepad and PowerShell write one."""
    home.create()
    home.config.write_bytes('\ufeffwidth = 512\n# "mine"\n'.encode())
    assert ["width", "512", "config.toml"] in avatar("config", "show").lines
    avatar("config", "set", "height", "256")
    assert home.config.read_bytes() == b'width = 512\n# "mine"\nheight = 256\n'
    avatar("config", "unset", "width")
    assert home.config.read_bytes() == b'# "mine"\nheight = 256\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Width = 512\n", "there is no setting 'Width'; did you mean 'width'?"),
        (f'HF_TOKEN = "{TOKEN}"\n', "there is no setting 'HF_TOKEN'; did you mean 'hf_token'?"),
        ("jpeg-quality = 3\n", "there is no setting 'jpeg-quality'; did you mean 'jpeg_quality'?"),
        ("_env_file = 'x'\n", "there is no setting '_env_file'"),
        ("[width]\nx = 1\n", "The setting width (config.toml) is"),
        ('"a\\u001b[2Jb" = 1\n', r"there is no setting 'a\x1b[2Jb'"),
    ],
)
def test_keys_are_exact(avatar: Avatar, home: Home, text: str, said: str) -> None:
    home.create()
    home.config.write_text(text)
    for command in (("config", "show"), ("generate", "--dry-run", "--gender", "female"), ("worker", "run")):
        assert said in avatar.refused(*command)
    assert said.partition(" is")[0] in avatar("doctor", code=1).out


def test_a_setting_beside_a_wrong_key_is_not_set(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("Width = 512\n")
    said = avatar.refused("config", "set", "width", "600")
    assert "there is no setting 'Width'; did you mean 'width'?" in said
    assert said.endswith("take it out with: avatar config unset Width")
    assert home.config.read_text() == "Width = 512\n"
    avatar("config", "unset", "Width")
    avatar("config", "set", "width", "600")
    assert home.config.read_text() == "width = 600\n"


@pytest.mark.parametrize("value", ["klein", "http://example.org/model", ""])
def test_a_model_that_cannot_be_one_is_not_set(avatar: Avatar, home: Home, value: str) -> None:
    said = avatar.refused("config", "set", "local_model", value, code=2)
    assert "local_model" in said
    assert not home.config.exists()


@pytest.mark.parametrize("value", ["klein-4b", "owner/name", "./FOLDER"])
def test_what_an_engine_takes_is_set(avatar: Avatar, value: str) -> None:
    avatar("config", "set", "local_model", value)
    avatar("config", "set", "local_guidance", 3)  # which the default model does not take, and another one does


@pytest.mark.parametrize("variable", ["AVATAR_WIDTH", "avatar_width"])
def test_a_setting_that_a_variable_sets_is_not_set(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    avatar("config", "set", "width", "300")
    monkeypatch.setenv(variable, "512")
    said = avatar.refused("config", "set", "width", "600")
    assert "width is set by the variable AVATAR_WIDTH, which goes before config.toml" in said
    assert home.config.read_text() == "width = 300\n"
    run = avatar("config", "unset", "width")
    assert run.err.splitlines()[-1] == "Warning: The variable AVATAR_WIDTH still sets width."
    assert home.config.read_text() == ""
    monkeypatch.setenv(variable, "")
    avatar("config", "set", "width", "600")
    assert ["width", "600", "config.toml"] in avatar("config", "show").lines


def test_a_token_that_a_variable_sets_is_not_asked_for(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATAR_HF_TOKEN", TOKEN)
    assert "hf_token is set by the variable AVATAR_HF_TOKEN" in avatar.refused("config", "set", "hf_token")


DEEP = "nested too deeply"
FILES = {
    "lists": (b"a = " + b"[" * 50_000, DEEP),
    "lists that end": (b"width = " + b"[" * 150 + b"]" * 150, DEEP),
    "tables": (b"width = " + b"{a = " * 10_000, DEEP),
    "a key": (b"width." + b"a." * 40_000 + b"a = 1", DEEP),
    "a key of many lines": (b"width." + b"a." * 150 + b"a = 1", DEEP),
    "prices": (b"prices = " + b"[" * 100 + b"]" * 100, DEEP),
    "digits": (b"width = " + b"9" * 5000, "is not valid TOML: a number in it is too long."),
    "size": (b"# \n" * 50_000, "more than 100000 bytes"),
    "NULs": (b"\0" * 100, "is not valid TOML"),
    "Latin-1": ("project = 'é'\n".encode("latin-1"), "it is not UTF-8."),
    "UTF-16": ("width = 512\n".encode("utf-16"), "it is not UTF-8, it is UTF-16."),
    "UTF-16 of the other order": ("\ufeffwidth = 512\n".encode("utf-16-be"), "it is not UTF-8, it is UTF-16."),
}
WITH_SETTINGS = (("config", "show"), ("config", "set", "width", "512"), ("generate", "--gender", "female"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_no_setting_can_come_from_is_named(avatar: Avatar, home: Home, name: str) -> None:
    content, said = FILES[name]
    home.create()
    home.config.write_bytes(content)
    for command in WITH_SETTINGS[::2]:
        assert said in avatar.refused(*command)
    assert str(home.config) in avatar.refused("config", "set", "height", "512")
    assert said in avatar("doctor", code=1).out
    assert not home.pictures.exists()


def _fifo(path: Path) -> None:
    os.mkfifo(path)


ODD: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "a pipe": (_fifo, 2, "it is no file."),
    "a folder": (Path.mkdir, 6, "cannot be read: Is a directory."),
    "an endless file": (lambda path: path.symlink_to("/dev/zero"), 2, "more than 100000 bytes"),
    "a link to itself": (lambda path: path.symlink_to(path.name), 6, "cannot be read: "),
}


def test_a_device_is_not_replaced(avatar: Avatar, home: Home, null_device: Path) -> None:
    home.create()
    home.config.symlink_to(null_device)
    said = avatar.refused("config", "set", "width", "512", code=6)
    assert f"{home.config} leads to {null_device}, which is no file: nothing was changed." in said
    assert f"Run: rm {home.config}" in said
    home.config.unlink()
    null_device.rename(home.config)
    assert f"{home.config} is no file" in avatar.refused("config", "set", "width", "512", code=6)
    assert home.config.is_char_device()
    assert home.config.stat().st_mode & 0o777 == 0o666


def test_a_link_to_a_file_stays_one(avatar: Avatar, home: Home, tmp_path: Path) -> None:
    home.create()
    home.config.symlink_to(tmp_path / "dotfile.toml")
    for value in ("512", "256"):
        avatar("config", "set", "width", value)
        assert (tmp_path / "dotfile.toml").read_text() == f"width = {value}\n"
    assert home.config.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="there are no such files")
@pytest.mark.parametrize("name", ODD)
def test_what_is_no_file_is_not_waited_for(avatar: Avatar, home: Home, name: str) -> None:
    make, code, said = ODD[name]
    home.create()
    make(home.config)
    for command in WITH_SETTINGS:
        assert said in avatar.refused(*command, code=code)
    assert said in avatar("doctor", code=1).out
    avatar("list")


def test_prices_of_a_variable_that_are_nested_too_deeply(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    for prices in ("[" * 50_000, "[" * 900 + "]" * 900, '[{"provider": [[[[1]]]]}]', '{"a":' * 5000):
        monkeypatch.setenv("AVATAR_PRICES", prices)
        said = avatar.refused("generate", "--gender", "female", "--dry-run")
        assert "The setting prices (AVATAR_PRICES) cannot be used" in said
        assert "AVATAR_PRICES" in avatar("doctor", code=1).out


@pytest.mark.parametrize(
    ("variable", "meant"),
    [("AVATAR_WITDH", "AVATAR_WIDTH"), ("avatar_artstyle", "AVATAR_ART_STYLE"), ("AVATAR_HOEM", "AVATAR_HOME")],
)
def test_a_misspelt_variable_is_told_once(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, variable: str, meant: str
) -> None:
    monkeypatch.setenv(variable, "x")
    run = avatar("generate", "--gender", "female", "--dry-run", "--json")
    said = f"Warning: The variable {variable} sets nothing; did you mean {meant}?"
    assert run.err.splitlines().count(said) == (0 if os.name == "nt" and variable.islower() else 1)
    assert run.json["width_px"] == 1024


@pytest.mark.parametrize("variable", ["AVATAR_SERVICE_URL", "AVATAR_BUCKET", "AVATAR_GENERATION_ID", "AVATAR_DB_HOST"])
def test_a_variable_of_another_program_is_left_alone(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "x")
    assert avatar("list").err == ""


@pytest.mark.parametrize(
    ("key", "given", "kept"),
    [("format", "WEBP", "webp"), ("format", "JPG", "jpeg"), ("engine", "Offline", "offline"), ("embed", "None", "none"),
     ("art_style", "Open-Peeps", "open-peeps")],
)  # fmt: skip
def test_values_in_any_case(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch, key: str, given: str, kept: str
) -> None:
    avatar("config", "set", key, given)
    assert home.config.read_text() == f'{key} = "{kept}"\n'
    home.config.unlink()
    monkeypatch.setenv(f"AVATAR_{key.upper()}", given)
    assert [key, kept, f"AVATAR_{key.upper()}"] in avatar("config", "show").lines
    monkeypatch.delenv(f"AVATAR_{key.upper()}")
    plan = avatar("generate", "--gender", "female", "--dry-run", "--json", f"--{key.replace('_', '-')}", given).json
    assert kept in (plan.get(key), plan["options"].get(key))


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
def test_the_file_is_changed_under_a_lock_that_nobody_else_can_hold(
    avatar: Avatar, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    avatar("config", "set", "width", "512")
    path = home.root / ".config.toml.lock"
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(writing, "_PATIENCE_S", 0)
    lock = Lock(path)
    assert lock.take(0)
    said = avatar.refused("config", "set", "width", "256", code=6)
    lock.give_back()
    assert said.startswith(f"Error: Another command has been changing {home.config}")
    assert "512" in home.config.read_text()
