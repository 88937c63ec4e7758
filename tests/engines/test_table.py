"""The tables of engines and options: that they agree, and what is said of an option that cannot be."""

from typing import Any

import pytest

from avatar_creator.engines.table import (
    ENGINES,
    OPTIONS,
    Entry,
    check_options,
    check_tables,
    engines_with,
    option_of_any,
    option_settings,
    setting_of,
)
from avatar_creator.errors import InvalidInput
from avatar_creator.settings.values import KEYS


def refused(engine: str, **options: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        check_options(engine, options)
    return f"{caught.value.message}|{caught.value.hint}"


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second engine that takes a payer, and one without options."""
    monkeypatch.setitem(ENGINES, "local", Entry("no:Where", ("bill_to",)))
    monkeypatch.setitem(ENGINES, "bare", Entry("no:Where"))


def test_engines_take_options_of_the_table_and_every_option_is_taken() -> None:
    taken = {option for entry in ENGINES.values() for option in entry.options}
    assert taken == set(OPTIONS)
    for entry in ENGINES.values():
        assert set(entry.by_model) <= set(entry.options)
        assert set(entry.settings) <= set(KEYS)


def test_flags_differ_and_each_option_says_what_it_means() -> None:
    assert len({option.flag for option in OPTIONS.values()}) == len(OPTIONS)
    assert all(option.meaning[-1] not in ".,;" for option in OPTIONS.values())


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second engine whose models take other steps, and the same models by other names."""
    monkeypatch.delitem(ENGINES, "local")  # which has variants of its own
    steps = OPTIONS["steps"]._replace(meaning="Steps of distilled models", default="4", limits=(0, 8))
    model = OPTIONS["model"]._replace(default="tiny", known=("tiny", "flux-dev"))
    monkeypatch.setitem(ENGINES, "few", Entry("no:Where", ("steps", "model"), {"steps": steps, "model": model}))


@pytest.mark.usefixtures("few_steps")
def test_each_engine_checks_its_own_variant_of_an_option() -> None:
    check_options("few", {"steps": 0})
    assert refused("few", steps=9) == "steps is '9', outside 0 to 8.|Give steps a whole number from 0 to 8."
    assert refused("huggingface", steps=0) == "steps is '0', outside 1 to 50.|Give steps a whole number from 1 to 50."


@pytest.mark.usefixtures("few_steps")
def test_a_flag_offers_what_any_engine_takes() -> None:
    assert option_of_any("steps").help == "Steps of inference, 0 to 50."
    assert option_of_any("steps").default == "30; few: 4"
    assert option_of_any("model").known == ("flux-realism", "flux-dev", "flux-schnell", "tiny")
    assert option_of_any("timeout_s") == OPTIONS["timeout_s"]


@pytest.mark.usefixtures("few_steps")
def test_a_variant_has_a_setting_of_its_own() -> None:
    assert setting_of("few", "steps") == "few_steps"
    assert setting_of("huggingface", "steps") == "steps"
    keys = dict(option_settings())
    assert keys["few_steps"].default == "4"
    assert keys["steps"] == OPTIONS["steps"]


@pytest.mark.usefixtures("local")
def test_an_option_of_others_is_refused_with_those_who_take_it() -> None:
    assert engines_with("bill_to") == ["huggingface", "local"]
    assert refused("offline", bill_to="x") == (
        "--bill-to is an option of the huggingface and local engines, not of the offline engine.|"
        "Leave it out, or choose: --engine huggingface"
    )
    assert refused("local", timeout_s=3).startswith(
        "--timeout is an option of the huggingface engine, not of the local"
    )
    check_options("local", {"bill_to": "x"})


def test_the_engine_that_is_named_takes_the_other_options_too() -> None:
    for options in ({"steps": 1, "device": "cpu"}, {"device": "cpu", "steps": 1}, {"model": "x", "compile": True}):
        assert refused("offline", art_style="micah", **options).endswith("choose: --engine local")
    assert refused("offline", steps=1, timeout_s=3).endswith("choose: --engine huggingface")


@pytest.mark.usefixtures("local")
def test_an_option_of_nobody_is_refused_with_those_that_are_known() -> None:
    assert refused("local", size=3) == (
        "option is 'size', which the local engine does not know.|Known options of the local engine: bill_to."
    )
    assert refused("bare", size=3).endswith("|It has no options.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"steps": 0}, "steps is '0', outside 1 to 50."),
        ({"steps": 2.5}, "steps is '2.5', of type float, which is no whole number."),
        ({"lora_scale": 3.1}, "lora scale is '3.1', outside 0 to 3.|Give a number from 0 to 3."),
        ({"lora_scale": True}, "lora scale is 'True', which is no number."),
        ({"guidance": float("nan")}, "guidance is 'nan', which is no number."),
        ({"guidance": 10**5000}, "guidance is a huge number, outside 1 to 10."),
        ({"timeout_s": "60"}, "timeout is '60', which is no number."),
    ],
)
def test_a_number_out_of_its_limits_is_refused(options: dict[str, Any], said: str) -> None:
    assert refused("huggingface", **options).startswith(said)


@pytest.mark.parametrize("options", [{}, {"steps": None}, {"steps": 50, "lora_scale": 0}, {"model": "own/model"}])
def test_what_is_within_the_limits_or_not_given_is_taken(options: dict[str, Any]) -> None:
    check_options("huggingface", options)


def test_known_values_are_the_only_ones_where_the_table_says_so() -> None:
    check_options("offline", {"art_style": "Micah"})
    assert "Known art styles: avataaars," in refused("offline", art_style="cubist")


@pytest.mark.parametrize(
    ("options", "taken", "said"),
    [
        (("steps", "shade"), ("steps",), "No engine takes the option 'shade': add its name to a row of ENGINES."),
        (("steps",), ("steps", "shade"), "An engine takes the option 'shade', which is no field of EngineOptions."),
    ],
)
def test_a_half_of_an_option_is_named_when_the_tables_are_made(
    options: tuple[str, ...], taken: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        check_tables(options, {"any": Entry("module:Engine", taken)})


def test_a_variant_of_an_option_that_the_engine_does_not_take_is_named() -> None:
    engines = {"any": Entry("module:Engine", ("steps",), {"lora": OPTIONS["lora"]})}
    with pytest.raises(ValueError, match="has a variant of the option 'lora', which it does not take"):
        check_tables(("steps",), engines)
