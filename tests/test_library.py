"""The Python API: what it takes, and that nothing but AvatarError comes out of it."""

import pickle
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import avatar_creator
from avatar_creator import (
    AgeSpan,
    Attributes,
    Avatar,
    AvatarError,
    AvatarFilter,
    Library,
    Persona,
    Schedule,
    Status,
    open_library,
)
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.engines import ENGINES
from avatar_creator.errors import InvalidInput
from avatar_creator.library.request import Choices

PARTS = (
    *("sheets", "twins", "verification", "datasets"),
    *("batches", "casts", "presets", "projects", "versions", "archives", "checks", "galleries", "models", "shards"),
    *("generations", "worker", "backups", "whole_backups", "config"),
)
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
    others = {"persona", "attributes", "prompt", "count", "why_engine", "fallback", "fell_back"}
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
    request = library.request(persona=Persona("Ann", personality=("left-handed",)), width_px=64, height_px=64)
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
        (lambda library, _: library.cancel([HALF]), "A value cannot be stored or searched for"),
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
        (lambda library, _: library.find(after=5), "after is of type int"),
        (lambda library, _: library.pick(use=("shop", "hero")), "use is of type tuple"),
        (lambda library, _: library.pick(seed="x"), "seed is 'x', of type str"),
        (lambda library, made: library.tag([made.id], add=5), "tags is of type int"),
        (lambda library, made: library.star([made.id], starred="yes"), "starred is of type str"),
        (lambda library, _: library.tags(5), "project is of type int"),
        (lambda *_: AvatarFilter(tags=5), "tags is of type int"),  # type: ignore[arg-type]
        (lambda library, _: library.projects.get(5), "project is of type int"),
        (lambda library, _: library.projects.coverage(5), "project is of type int"),
        (lambda library, _: library.projects.coverage(balance="gender"), "balance is no list"),
        (lambda library, _: library.request(preset="nurse", cleared=5), "arguments is of type int"),
        (lambda library, _: library.presets.find(5), "category is of type int"),
        (lambda library, _: library.presets.examples(5), "category is of type int"),
        (lambda library, _: library.presets.delete("ab"), "names is no list"),
        (lambda library, _: library.presets.export("ab"), "names is no list"),
        (lambda library, _: library.presets.import_(5), "file is of type int"),
        (lambda library, _: library.presets.import_("gone.yaml"), "'gone.yaml' cannot be read"),
        (lambda library, _: library.presets.preset_of("av_x", "x"), "avatar is of type str"),
        (lambda library, _: library.casts.open(4, balance="gender"), "balance is no list"),
        (lambda library, _: library.casts.open(4, balance=[5]), "balance is of type int"),
        (lambda library, _: library.casts.open(4, values=5), "values is of type int"),
        (lambda library, _: library.casts.open(4, values={"gender": {}}), "the value of gender is of type dict"),
        (lambda library, _: library.casts.open(4, values={"gender": []}), "No values are given for gender."),
        (lambda library, _: library.casts.open(4, each={"hair_color": []}), "No values are given for hair_color."),
        (lambda library, _: library.casts.open(4, pick={5: "a"}), "field is of type int"),
        (lambda library, _: library.casts.written("team", "team.csv"), "cast is of type str"),
        (lambda library, _: library.batches.copy_to(library.casts.open(4).batch, 5), "pattern is of type int"),
        (lambda library, _: library.batches.open_one("Ann", Attributes(), None, {}), "persona is of type str"),
        (lambda library, _: library.batches.open_avatars(wanted=5), "wanted is of type int"),
        (lambda library, _: library.batches.open_avatars(engine=5), "engine is of type int"),
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


def test_what_is_submitted_is_waited_for_in_its_order(library: Library) -> None:
    ids = library.submit(library.plan(library.request(persona=Persona("Ann"), seed=7, count=2, width_px=64)))
    told: list[str] = []
    ended = list(library.wait(ids, on_progress=lambda progress: told.append(progress.generation_id)))
    assert [(each.id, each.status, each.avatar and each.avatar.name) for each in ended] == [
        (id_, Status.COMPLETED, "Ann") for id_ in ids
    ]
    assert set(told) == set(ids)
    assert [each.id for each in library.status(ids)] == ids
    library.worker.stop()
    assert not library.worker.status().running


def test_a_schedule_says_when_and_what_waits_can_be_cancelled_and_tried_again(library: Library) -> None:
    plan = library.plan(library.request(persona=Persona("Ann"), width_px=64))
    (id_,) = library.submit(plan, Schedule(priority=3, not_before="2999-01-01T00:00:00Z"))
    (waiting,) = library.status([id_[:-1]])
    assert (waiting.waiting_for, waiting.priority) == ("its time", 3)
    assert [entry.id for entry in library.queue()] == [id_]
    library.cancel([id_])
    assert (list(library.queue()), library.generations.find_ids([Status.CANCELLED])) == ([], [id_])
    assert library.retry([id_]) == [id_]
    assert library.generations.get(id_).status is Status.PENDING
    assert [event.event for event in library.generations.events(id_)][-1] != ""


def test_what_is_made_here_is_yielded_as_it_ends_and_stops_when_that_is_closed(library: Library) -> None:
    plan = library.plan(library.request(persona=Persona("Ann"), seed=7, count=3, width_px=64))
    outcomes = library.make(plan, concurrency=1)
    assert next(outcomes).generation.status is Status.COMPLETED
    outcomes.close()
    assert library.count() < 3
    with pytest.raises(InvalidInput, match="concurrency is '0'"):
        next(library.make(plan, concurrency=0))


def test_a_part_that_was_taken_serves_any_thread_and_a_library_that_was_closed(library: Library) -> None:
    projects, generations, worker = library.projects, library.generations, library.worker
    seen: list[object] = []
    projects.create("Cast")
    library.close()

    def ask() -> None:
        seen.extend((projects.get("cast").name, generations.count(), worker.status().running))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert seen == ["Cast", 0, False]


def test_projects_are_made_changed_and_deleted_with_what_is_in_them(library: Library) -> None:
    cast = library.projects.create("Cast", "for the play")
    avatar = library.generate(persona=Persona("Ann"), project="cast", width_px=64)
    assert library.projects.edit("cast", name="Crew", description="")._replace(updated_at="") == cast._replace(
        name="Crew", description=None, avatars=1, updated_at=""
    )
    assert library.stats("crew").avatars == 1
    library.projects.delete("Crew")
    assert (list(library.find()), avatar.image_path.exists()) == ([], False)
    assert [project.name for project in library.projects.find()] == []


def test_avatars_are_edited_counted_used_and_deleted(library: Library, made: Avatar) -> None:
    edited = library.edit(made.id[:-1], name="Anna", persona=Persona(age=40))
    assert (edited.name, edited.persona, library.show(made.id)) == ("Anna", Persona("Ann", 40), edited)
    assert library.record_usage(made.id, app="site", action="header").usage_count == 1
    assert [event.app for event in library.usage(made.id).events] == ["site"]
    assert (library.count(), library.count(AvatarFilter(text="nobody"))) == (1, 0)
    library.delete([made.id], keep_files=True)
    assert (library.count(), made.image_path.exists()) == (0, True)


def test_settings_are_shown_set_and_unset(library: Library) -> None:
    library.config.set("width", "512")
    assert "width" in library.config.names()
    with open_library(library.home.root) as again:
        assert {each.key: each.source for each in again.config.show()}["width"] == "config.toml"
        assert again.request(persona=Persona("Ann")).width_px == 512
        assert (again.config.unset("width"), again.config.unset("width")) == (True, False)


def test_a_backup_is_found_and_restored(library: Library, made: Avatar) -> None:
    path = library.backups.create()
    assert [backup.path for backup in library.backups.find()] == [path]
    library.delete([made.id], keep_files=True)
    library.close()
    assert library.backups.restore(path).avatars == 1
    assert list(library.find()) == [made]
    assert library.examine().healthy


def test_every_verb_is_in_the_docs(library: Library) -> None:
    text = (Path(__file__).parents[1] / "docs" / "python.md").read_text(encoding="utf-8")
    parts = {"": library} | {f"{name}.": getattr(library, name) for name in PARTS}
    public = [f"{prefix}{name}" for prefix, part in parts.items() for name in dir(part) if not name.startswith("_")]
    told = set(re.findall(r"\blibrary\.([a-z_.]+)", text))
    assert {*public} - {*PARTS, "app"} - {name.rstrip(".") for name in told} == set()
