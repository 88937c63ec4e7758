"""Which way of loading a model fits: for cards that people have."""

import pytest

from avatar_creator.engines.local.memory import GIB, Fit, Memory, after, choices, needed
from avatar_creator.engines.local.models import MODELS, Weights

ALL = ("nf4", "int8", "gguf")
DEV = MODELS["flux-dev"].weights
KLEIN = MODELS["klein-4b"].weights


def chosen(weights: Weights, card_gib: float, ram_gib: float, usable: tuple[str, ...] = ALL) -> str | None:
    there = Memory(int(card_gib * GIB), int(ram_gib * GIB))
    fits = choices("auto", "auto", usable, steps=4 if weights is KLEIN else 28)
    return next((f"{fit.quantize} {fit.offload}" for fit in fits if there.covers(needed(weights, fit))), None)


@pytest.mark.parametrize(
    ("weights", "card", "ram", "fit"),
    [
        (DEV, 80, 128, "none none"),
        (DEV, 47, 64, "none none"),
        (DEV, 31, 64, "none model"),
        (DEV, 23.5, 64, "fp8 model"),
        (DEV, 23.5, 32, "nf4 none"),  # the machine's memory is too small for all of it
        (DEV, 15.5, 64, "nf4 none"),
        (DEV, 11, 64, "nf4 model"),
        (DEV, 7, 64, "none group"),
        (DEV, 7, 16, None),
        (DEV, 3, 64, None),
        (KLEIN, 23.5, 32, "none none"),
        (KLEIN, 15.5, 32, "none group"),  # of few steps: in a quarter of the time that "model" takes
        (KLEIN, 15.5, 16, "nf4 none"),
        (KLEIN, 7.5, 16, "nf4 none"),
        (KLEIN, 5.5, 16, "nf4 model"),
    ],
)
def test_the_best_way_that_fits_is_taken(weights: Weights, card: float, ram: float, fit: str | None) -> None:
    assert chosen(weights, card, ram) == fit


def test_a_library_that_lacks_is_not_counted_on() -> None:
    assert chosen(DEV, 15.5, 64, usable=()) == "none group"


def test_larger_pictures_and_numbers_take_more() -> None:
    whole = Fit("none", "none")
    usual = needed(KLEIN, whole)
    assert needed(KLEIN, whole, pixels=2048 * 2048).card == usual.card + 6 * GIB
    assert needed(KLEIN, whole, bytes_each=4).card > usual.card + KLEIN.all - GIB


def test_what_is_asked_for_is_all_that_is_tried() -> None:
    def asked(quantize: str, offload: str) -> list[str]:
        return [f"{fit.quantize} {fit.offload}" for fit in choices(quantize, offload, ALL, steps=28)]

    assert asked("int8", "none") == ["int8 none"]
    assert asked("int8", "auto") == ["int8 none", "int8 model"]
    assert asked("fp8", "auto") == ["fp8 none", "fp8 model"]
    assert asked("auto", "group") == ["none group"]
    assert asked("auto", "model") == ["none model", "fp8 model", "nf4 model"]
    assert asked("gguf", "auto") == ["gguf none", "gguf model"]


def test_after_one_that_did_not_fit_comes_what_takes_less() -> None:
    fits = list(choices("auto", "auto", ALL, steps=28))
    rest = list(after(Fit("none", "model"), fits, DEV))
    assert rest[0] == Fit("fp8", "model"), "fp8 on the card alone takes more than what failed"
    assert list(after(Fit("none", "group"), fits, DEV)) == []


@pytest.mark.parametrize(
    ("name", "fit", "peak_gib"),
    [
        ("klein-4b", Fit("none", "none"), 17.35),
        ("klein-4b", Fit("none", "model"), 7.83),
        ("klein-4b", Fit("none", "group"), 2.42),
        ("klein-4b", Fit("nf4", "none"), 7.27),
        ("klein-4b", Fit("nf4", "model"), 4.82),
        ("klein-4b", Fit("int8", "none"), 13.78),
        ("klein-4b", Fit("fp8", "none"), 13.79),
        ("klein-4b", Fit("fp8", "model"), 7.83),
        ("flux-schnell", Fit("none", "none"), 33.83),
        ("flux-schnell", Fit("none", "group"), 2.42),
        ("flux-schnell", Fit("nf4", "none"), 13.07),
        ("flux-schnell", Fit("fp8", "none"), 25.82),
    ],
)
def test_what_an_h100_took_at_its_peak_is_counted_on(name: str, fit: Fit, peak_gib: float) -> None:
    """Measured with random weights in the shapes of the models, in bfloat16, at a megapixel."""
    assert peak_gib <= needed(MODELS[name].weights, fit).card / GIB < peak_gib + 3
