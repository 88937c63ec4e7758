"""What `generate` hands to the hosted engine, and what it says and asks before money is spent."""

import os
from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.price import SHIPPED_PRICES
from avatar_creator.engines import ENGINES, Choice
from avatar_creator.home import Home
from cli import paid
from cli.commandline import SMALL, Avatar, plain, terminal

TOKEN = "hf_" + "Ab1" * 11
ANN = ("generate", *SMALL, "--persona-name", "Ann", "--engine", "huggingface")
ALL: dict[str, tuple[str, Any]] = {
    "--model": ("model", "flux-dev"),
    "--provider": ("provider", "replicate"),
    "--lora": ("lora", "none"),
    "--lora-scale": ("lora_scale", 0.5),
    "--steps": ("steps", 12),
    "--guidance": ("guidance", 2.0),
    "--timeout": ("timeout_s", 60.0),
    "--bill-to": ("bill_to", "acme"),
    "--provider-key-env": ("provider_key_env", "FAL_KEY"),
}
COST = "about ${} (0.035 USD/MP, 2026-08, fal.ai model pages)"


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    del home  # whose environment comes first
    monkeypatch.setitem(ENGINES, paid.NAME, paid.ENTRY)
    monkeypatch.setenv("AVATAR_HF_TOKEN", TOKEN)


def _plan(avatar: Avatar, *argv: object) -> Any:
    return avatar(*ANN, "--dry-run", "--json", *argv).json


# -- options and settings


def test_every_option_reaches_the_engine_with_its_type(avatar: Avatar) -> None:
    flags = [word for flag, (_, value) in ALL.items() for word in (flag, value)]
    plan = _plan(avatar, *flags, "--require-lora", "--no-reroll")
    assert plan["options"] == plan["sent"]["options"] == dict(ALL.values()) | {"require_lora": True, "reroll": False}


def test_settings_of_one_model_give_way_to_another_that_is_given(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("GUIDANCE", "4"), ("STEPS", "28"), ("LORA", "none"), ("PROVIDER", "replicate")):
        monkeypatch.setenv(f"AVATAR_{name}", value)
    assert _plan(avatar, "--model", "flux-schnell")["options"] == {"model": "flux-schnell", "provider": "replicate"}
    assert _plan(avatar)["options"]["steps"] == 28


def test_without_options_the_engine_is_left_to_its_own_defaults(avatar: Avatar) -> None:
    assert _plan(avatar)["options"] == {}


@pytest.mark.parametrize("flag", [flag for flag in ALL if flag != "--provider-key-env"])
def test_an_option_goes_before_the_variable_and_that_before_the_file(
    avatar: Avatar, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    name, value = ALL[flag]
    begin = "ann/any" if flag in {"--model", "--lora"} else value  # no other word may be set
    other, third = (f"{begin}-x", f"{begin}-y") if isinstance(value, str) else (value + 1, value + 2)
    avatar("config", "set", name, third)
    assert _plan(avatar)["options"] == {name: third}
    monkeypatch.setenv(f"AVATAR_{name.upper()}", str(other))
    assert _plan(avatar)["options"] == {name: other}
    assert _plan(avatar, flag, value)["options"] == {name: value}


def test_a_setting_of_photographs_is_nothing_to_a_drawing(avatar: Avatar) -> None:
    avatar("config", "set", "steps", 12)
    assert _plan(avatar, "--engine", "offline")["options"] == {"art_style": "avataaars"}


def test_settings_of_retries_the_token_and_the_cache_reach_the_engine(avatar: Avatar, home: Home) -> None:
    for key, value in {"retry_attempts": 5, "retry_base_s": 0.5, "retry_max_s": 9}.items():
        avatar("config", "set", key, value)
    sent = _plan(avatar)["sent"]
    assert sent["retry"] == {"attempts": 5, "base_s": 0.5, "max_s": 9.0}
    assert (sent["with_token"], sent["cache"]) == (True, str(home.cache))
    assert not home.cache.exists()


@pytest.mark.parametrize(
    ("engine", "argv", "said"),
    [
        (
            "offline",
            ("--bill-to", "acme"),
            "--bill-to is an option of the huggingface engine, not of the offline engine.",
        ),
        (
            "huggingface",
            ("--art-style", "micah"),
            "--art-style is an option of the offline engine, not of the huggingface engine.",
        ),
    ],
)
def test_an_option_of_another_engine_is_refused(
    avatar: Avatar, engine: str, argv: tuple[object, ...], said: str
) -> None:
    assert said in avatar.refused(*ANN, "--engine", engine, *argv)


def test_auto_is_told_the_options_and_says_why(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def automatic(options: dict[str, Any], setup_of: Any) -> Choice:
        asked.append((set(options), setup_of("huggingface").settings["hf_token"]))
        return Choice("huggingface", "A photograph, because there is a token.")

    monkeypatch.setattr("avatar_creator.settings.engines.automatic", automatic)
    run = avatar(*ANN, "--engine", "auto", "--steps", 12)
    assert run.err == "A photograph, because there is a token.\n"
    assert asked == [({"steps"}, TOKEN)], "it is chosen once"
    assert avatar(*ANN, "--steps", 12).err == ""


# -- money


def _many(count: int, *argv: object) -> tuple[object, ...]:
    return (*ANN, "--count", count, *argv)


def test_a_plan_says_what_it_costs(avatar: Avatar) -> None:
    assert _plan(avatar, "--count", 40)["cost"] == {"pictures": 40, "usd": 1.4, "price": SHIPPED_PRICES[1].as_json()}
    assert dict(avatar(*_many(40), "--dry-run").lines)["cost"] == f"40 pictures, {COST.format('1.40')}"
    unknown = _plan(avatar, "--provider", "nscale", "--count", 3)["cost"]
    assert unknown == {"pictures": 3, "usd": None, "price": None}
    said = dict(avatar(*ANN, "--provider", "nscale", "--dry-run").lines)["cost"]
    assert said == "1 picture, price unknown (add it to prices in config.toml)"


def test_a_price_of_ones_own_counts(avatar: Avatar, home: Home) -> None:
    home.create()
    home.config.write_text("[[prices]]\nprovider = 'nscale'\nmodel = 'fal-ai/flux-lora'\nusd_per_image = 0.5\n")
    assert _plan(avatar, "--provider", "nscale", "--count", 3)["cost"]["usd"] == 1.5


def test_a_drawing_costs_nothing_and_is_never_limited(avatar: Avatar) -> None:
    assert _plan(avatar, "--engine", "offline", "--count", 500)["cost"] is None
    assert "cost" not in avatar(*ANN, "--engine", "offline", "--dry-run").out
    avatar(*_many(21), "--engine", "offline", "--max-images", 0, "-q")


@pytest.mark.parametrize(
    ("argv", "limit"),
    [((), "20, the most without a terminal to ask on"), (("--max-images", "5"), "--max-images 5")],
)
def test_more_than_the_limit_is_refused_with_the_price_and_the_way_out(
    avatar: Avatar, argv: tuple[str, ...], limit: str
) -> None:
    said = avatar.refused(*_many(21), *argv)
    assert said == (
        f"Error: This would pay for 21 pictures, {COST.format('0.735')}: more than {limit}.\n"
        "Hint: Say --yes or --max-images 21 to go ahead; --dry-run shows what it would be."
    )
    assert avatar("status").out == ""


def test_a_batch_says_how_many_it_would_make_and_what_they_cost(avatar: Avatar, tmp_path: Path) -> None:
    batch = ("batch", tmp_path / "people.csv", *SMALL, "--dry-run")
    (tmp_path / "people.csv").write_text("name\n" + "\n".join(f"P{n}" for n in range(21)))
    assert (
        f"To make: 21 of 21 pictures (21 new), {COST.format('0.735')}.\n"
        in avatar(*batch, "--engine", "huggingface").err
    )
    (tmp_path / "people.csv").write_text("name,engine\nAnn,huggingface\nBen,offline")
    said = f"To make: 2 of 2 pictures (2 new), 1 picture paid for, {COST.format('0.035')}.\n"
    assert said in avatar(*batch).err


@pytest.mark.parametrize(
    ("count", "argv"), [(20, ()), (21, ("--yes",)), (21, ("-y", "--max-images", 1)), (21, ("--max-images", 21))]
)
def test_up_to_the_limit_or_with_yes_it_is_made(avatar: Avatar, count: int, argv: tuple[object, ...]) -> None:
    assert len(avatar(*_many(count, *argv), "--quiet").lines) == count


def test_twenty_pictures_a_day_are_paid_for_unasked_by_all_commands_together(avatar: Avatar) -> None:
    for _ in range(10):
        avatar(*ANN, "--quiet")
    avatar(*_many(10), "--quiet")
    said = (
        "Error: This would pay for 1 picture: with 20 of today (UTC) more than 20, the most in a day that nobody has "
        "agreed to.\nHint: Say --yes or --max-images 1 to go ahead, or set a limit of your own for all commands: "
        "avatar config set max_images_day 200\n"
    )
    assert avatar(*ANN, code=2).err == said
    assert avatar(*ANN, "--detach", code=2).err == said
    assert avatar(*ANN, "--engine", "offline", "--quiet").out
    avatar(*ANN, "--yes", "--quiet")
    avatar(*ANN, "--max-images", 1, "--quiet")
    avatar("config", "set", "max_images_day", 24)
    avatar(*_many(2), "--quiet")
    assert avatar(*ANN, code=5).err.startswith(
        "Error: This would pay for 1 picture: the limit is 24 pictures a day (max_images_day), with 24 spent.\n"
        "Hint: The day ends at "
    )


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("typed", "code", "made"), [("y\n", 0, 21), ("n\n", 130, 20)])
def test_one_more_than_twenty_a_day_is_asked_about_on_a_terminal(
    avatar: Avatar, tmp_path: Path, typed: str, code: int, made: int
) -> None:
    avatar(*_many(20), "--quiet")
    (tmp_path / "sitecustomize.py").write_text("from cli import paid\npaid.install()\n")
    path = os.pathsep.join((str(tmp_path), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")))
    seen = terminal(*ANN, typed=typed, env={"PYTHONPATH": path})
    assert (seen.code, len(avatar("list").lines)) == (code, made)
    assert "Pay for 1 picture, about $0.035" in " ".join(plain(seen.out).split())


@pytest.mark.parametrize("limit", ["-1", "10001"])
def test_a_limit_has_limits(avatar: Avatar, limit: str) -> None:
    assert f"max images is '{limit}', outside 0 to 10000." in avatar.refused(*ANN, "--max-images", limit)


def test_without_a_token_it_is_not_configured(avatar: Avatar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AVATAR_HF_TOKEN")
    assert "There is no token of Hugging Face." in avatar.refused(*ANN, code=4)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("argv", "typed", "code", "made"),
    [
        ((), "y\n", 0, 21),
        ((), "n\n", 130, 0),
        ((), "\x03", 130, 0),
        (("--max-images", 20), "", 2, 0),
        (("--yes",), "", 0, 21),
    ],
)
def test_a_large_run_asks_on_a_terminal(
    avatar: Avatar, tmp_path: Path, argv: tuple[object, ...], typed: str, code: int, made: int
) -> None:
    (tmp_path / "sitecustomize.py").write_text("from cli import paid\npaid.install()\n")
    path = os.pathsep.join((str(tmp_path), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")))
    seen = terminal(*_many(21), *argv, typed=typed, env={"PYTHONPATH": path})
    assert (seen.code, len(avatar("list").lines)) == (code, made)
    assert ("Pay for 21 pictures, about $0.735" in " ".join(plain(seen.out).split())) == bool(typed)
    assert ("Nothing was made or paid." in plain(seen.out)) == (typed == "n\n")
