import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.storage.pictures import parameters
from avatar_creator.storage.pictures.generators import a1111
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

VALUES = 'Steps: 28, Sampler: "Euler, a", CFG scale: 3.5, Seed: 77, Size: 512x512, Model: some-model'
TEXT = f"""a face, (smile:1.2)
second line
Negative prompt: blurry
ugly
{VALUES}"""
FOUND = Parameters("A1111", "a face, (smile:1.2)\nsecond line", "blurry\nugly", 77, "some-model", TEXT)


def test_it_is_read_where_it_stands() -> None:
    assert a1111.read(MetadataTexts({"parameters": TEXT})) == FOUND
    assert a1111.read(MetadataTexts(comment=TEXT)) == FOUND
    assert a1111.read(MetadataTexts({"parameters": "a note"}, TEXT)) == FOUND


@given(prompt=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])).map(str.strip))
def test_what_is_written_is_read_back(prompt: str) -> None:
    found = a1111.read_text(parameters.write(prompt, "bad", {"Steps": 5, "Seed": 3, "Size": "64x64", "Model": "m: n"}))
    assert found is not None
    assert (found.prompt or "", found.negative_prompt, found.seed, found.model) == (prompt, "bad", 3, "m: n")


@pytest.mark.parametrize(
    "below",
    [
        "Template: a {face|hand}, portrait\nNegative Template: blurry",
        "Template: a {face|hand},\nof many lines\n\nSteps to heaven",
        "",
        "\n\n",
    ],
)
def test_lines_of_extensions_below_hide_nothing(below: str) -> None:
    found = a1111.read_text(f"{TEXT}\n{below}")
    assert found is not None
    assert (found.prompt, found.negative_prompt, found.seed) == (FOUND.prompt, FOUND.negative_prompt, 77)


@pytest.mark.parametrize(
    ("line", "seed", "model"),
    [
        ("Steps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 5", 5, None),
        ("Steps: 20, Sampler: Euler a", None, None),
        ("Steps: 20, Seed: 5", 5, None),
        ('Steps: 20, Seed: 5, ADetailer prompt: "face, Seed: 999, Model: bad", Model: good', 5, "good"),
        ('Steps: 25, Sampler: Euler, Seed: 5, Civitai resources: [{"type":"lora","weight":0.9,"Seed":3}]', 5, None),
    ],
)
def test_what_its_relatives_write_is_read(line: str, seed: int | None, model: str | None) -> None:
    found = a1111.read_text(f"Steps: of a stair\n{line}")
    assert found is not None
    assert (found.prompt, found.negative_prompt, found.seed, found.model) == ("Steps: of a stair", None, seed, model)


@pytest.mark.parametrize(
    "comment",
    [
        "holiday in Rome",
        "Model: X, 2020",
        "Shutter: 1/200, Aperture: 2.8, ISO: 100, Lens: 85mm, Flash: off",
        "Camera: Canon, Model: EOS R6, Seed: sunflower, Size: 40x60",
        "Steps: up to the tower, Sampler: honey, Seed: poppy",
        "Steps: 30, Distance: 4 km, Pace: slow",
        "",
        None,
    ],
)
def test_other_comments_are_no_parameters(comment: str | None) -> None:
    assert a1111.read_text(comment) is None


@pytest.mark.parametrize(
    "line",
    ["a" * 10**6, "a:" * 10**5, 'a: "\\"' * 10**5, " " * 10**6, "Steps:\n" * 10**5, "Steps: 1, " * 10**5, "\n" * 10**6],
)
def test_of_hostile_lines_only_so_much_is_searched(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    searched: list[int] = []

    class Counting:
        def findall(self, text: str) -> list[tuple[str, str]]:
            searched.append(len(text))
            return known.findall(text)

    known = a1111._PAIR
    monkeypatch.setattr(a1111, "_PAIR", Counting())
    a1111.read(MetadataTexts({"parameters": f"prompt\n{line}"}))
    assert len(searched) <= 20
    assert max(searched, default=0) <= 20_000
