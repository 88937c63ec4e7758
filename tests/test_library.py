"""The Python API: what it takes, and that nothing but AvatarError comes out of it."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import avatar_creator
from avatar_creator import AgeSpan, Attributes, Avatar, AvatarError, AvatarFilter, Library, Persona, open_library
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines import ENGINES
from avatar_creator.errors import InvalidInput
from avatar_creator.jobs.choices import Choices

HALF = "\ud800"  # of a character
Use = Callable[[Any, Any], object]


@pytest.fixture
def made(library: Library) -> Avatar:
    return library.generate(persona=Persona("Ann"), seed=7, width_px=64, height_px=64)


def test_the_package_shows_its_names_and_no_others() -> None:
    assert set(dir(avatar_creator)) == set(avatar_creator.__all__)
    names: dict[str, object] = {}
    exec("from avatar_creator import *", names)  # noqa: S102
    assert set(avatar_creator.__all__) <= names.keys()


def test_arguments_are_those_of_requests_and_of_all_engines() -> None:
    of_engines = {option for entry in ENGINES.values() for option in entry.options}
    of_requests = set(GenerationRequest.__dataclass_fields__)
    others = {"persona", "attributes", "prompt", "count", "why_engine"}
    assert set(Choices.__annotations__) == (of_requests | of_engines) - others


def test_what_is_misspelt_is_seen_by_mypy_and_told_with_the_nearest_name(library: Library) -> None:
    persona = Persona("Ann")
    with pytest.raises(AvatarError, match="There is no argument 'sed'") as caught:
        library.generate(persona=persona, sed=3)  # type: ignore[call-arg]  # which mypy says is needed
    assert caught.value.hint == "Did you mean seed?"
    with pytest.raises(AvatarError, match="There is no argument 'width'") as caught:
        library.request(persona=persona, width=64)  # type: ignore[call-arg]
    assert caught.value.hint == "Did you mean width_px?"
    with pytest.raises(AvatarError, match="There is no argument 'projekt'") as caught:
        library.upload("a.png", projekt="x")  # type: ignore[call-arg]
    assert caught.value.hint == "Did you mean project?"
    with pytest.raises(AvatarError, match="There is no argument 'xyz'") as caught:
        library.generate(persona=persona, xyz=3)  # type: ignore[call-arg]
    assert "seed" in (caught.value.hint or "")


def test_an_avatar_says_what_to_mind_of_its_making(library: Library) -> None:
    request = library.request(persona=Persona("Ann", personality=("wry",)), width_px=64, height_px=64)
    made = library.generate(persona=request.persona, width_px=64, height_px=64)
    assert made.warnings == library.plan(request).warnings != ()
    kept = library.show(made.id)
    assert (kept.warnings, kept, kept.as_json()) == ((), made._replace(warnings=()), made.as_json())
    assert pickle.loads(pickle.dumps(made)) == made == made._replace(name=made.name)  # noqa: S301


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda library, _: library.generate(persona="Sarah"), "persona is of type str"),
        (lambda library, _: library.generate(persona=""), "persona is of type str"),
        (lambda library, _: library.generate(attributes={"gender": "female"}), "attributes is of type dict"),
        (lambda library, _: library.generate(prompt=5), "prompt is of type int"),
        (
            lambda library, _: library.generate(prompt="x", seed="7"),
            "seed is '7', of type str, which is no",
        ),
        (lambda library, _: library.generate(prompt="x", seed=7.5), "seed is '7.5', of type float"),
        (lambda library, _: library.generate(prompt="x", seed=0), "seed is '0', outside 1"),
        (lambda library, _: library.generate(prompt="x", name=5), "name is of type int"),
        (lambda library, _: library.generate(prompt="x", project=5), "project is of type int"),
        (lambda library, _: library.generate(prompt="x", project=HALF), "There is no project"),
        (lambda library, _: library.generate(prompt="x", format=5), "format is '5', which does not exist"),
        (lambda library, _: library.generate(prompt="x", options=5), "options is of type int"),
        (lambda library, _: library.generate(prompt="x", count=2), "generate makes one avatar"),
        (lambda library, _: library.generate(), "Nothing says who the picture shows"),
        (lambda library, _: library.plan(5), "request is of type int"),
        (lambda *_: Persona(name=5), "persona name is of type int"),  # type: ignore[arg-type]
        (lambda *_: Persona("x", "32"), "persona age is '32', of type str"),  # type: ignore[arg-type]
        (lambda *_: Persona("x", personality="friendly"), "personality is of type str"),  # type: ignore[arg-type]
        (lambda *_: Persona("x", personality=(5,)), "personality is of type int"),  # type: ignore[arg-type]
        (lambda *_: Attributes(gender=5), "gender is of type int"),  # type: ignore[arg-type]
        (lambda *_: AgeSpan("a", "b"), "least age is 'a', of type str"),  # type: ignore[arg-type]
        (lambda *_: AvatarFilter(age=5), "age is of type int"),  # type: ignore[arg-type]
        (lambda *_: AvatarFilter(attributes=5), "attributes is of type int"),  # type: ignore[arg-type]
        (lambda *_: AvatarFilter(source_type="x"), "source_type is 'x'"),  # type: ignore[arg-type]
        (lambda *_: AvatarFilter(project_id=HALF), "project_id is not valid"),
        (lambda library, _: library.find("x"), "wanted is of type str"),
        (lambda library, _: library.find(limit="3"), "limit is '3', of type str"),
        (lambda library, _: library.show(5), "id is of type int"),
        (lambda library, _: library.show(HALF), "There is no avatar"),
        (lambda library, _: library.cancel("gen_x"), "ids is no list"),
        (lambda library, _: library.cancel(None), "ids is no list"),
        (lambda library, _: library.cancel([5]), "id is of type int"),
        (lambda library, _: library.cancel([HALF]), "A value cannot be kept or looked for"),
        (lambda library, _: library.worker.run(concurrency=-1), "concurrency is '-1', outside 1 to 1000"),
        (lambda library, _: library.worker.run(idle_s=float("nan")), "idle_s is nan"),
        (lambda library, made: library.write_copy(made, "a\0.png"), "is no name that a file can have"),
        (lambda library, made: library.write_copy(made, f"{HALF}.png"), "which no file can be called"),
        (lambda library, made: library.write_copy(made, 5), "path is of type int"),
        (lambda library, _: library.write_copy("av_1", "x.png"), "avatar is of type str"),
        (lambda library, _: library.upload(5), "path is of type int"),
        (lambda library, _: library.upload("a\0b"), "no name that a file can have"),
        (lambda library, made: library.upload(made.image_path, persona="x"), "persona is of type str"),
        (lambda library, _: library.inspect(5), "path is of type int"),
        (lambda *_: open_library(5), "home is of type int"),  # type: ignore[arg-type]
        (lambda *_: open_library(HALF), "which no file can be called"),
        (lambda library, _: library.config.set(5, 5), "key is of type int"),
        (lambda library, _: library.projects.create(5), "project name is of type int"),
        (lambda library, _: library.record_usage(HALF, app="a", action="b"), "There is no avatar"),
        (lambda library, made: library.edit(made.id, persona="x"), "persona is of type str"),
        (lambda library, made: library.edit(made.id, cleared=["x"]), "cleared is 'x'"),
    ],
)
def test_odd_values_are_told_by_name(library: Library, made: Avatar, use: Use, said: str) -> None:
    with pytest.raises(AvatarError) as caught:
        use(library, made)
    assert said in caught.value.message
    assert list(library.find()) == [made]


def test_an_empty_path_is_not_the_folder_one_is_in(library: Library, made: Avatar) -> None:
    uses: list[Callable[[], object]] = [
        lambda: open_library(""),
        lambda: library.upload(""),
        lambda: Library.inspect(""),
        lambda: library.write_copy(made, ""),
    ]
    for use in uses:
        with pytest.raises(InvalidInput, match=r"^(home|path) is empty\.$"):
            use()


def test_traits_may_be_a_list_and_a_filter_takes_texts() -> None:
    assert Persona("x", personality=["calm"]).personality == ("calm",)  # type: ignore[arg-type]
    assert AvatarFilter(source_type="uploaded").source_type is not None  # type: ignore[arg-type]


def test_a_copy_that_is_to_replace_nothing(library: Library, made: Avatar, tmp_path: Path) -> None:
    library.write_copy(made, tmp_path / "a.png")
    library.write_copy(made, tmp_path / "a.png")
    with pytest.raises(AvatarError, match="File exists"):
        library.write_copy(made, tmp_path / "a.png", replace=False)
