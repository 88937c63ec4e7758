import json
import re
from typing import Any

import pytest
from avatar_rows import RUNNER, begin, generated_avatar, new_generation, rows, stored_picture

from avatar_creator.domain.records import Failure, Status
from avatar_creator.domain.row_key import details_hash
from avatar_creator.errors import NotFound
from avatar_creator.library import Library
from avatar_creator.storage import recipes as module
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.recipes import Details, Known, Recipes

WHY = Failure("engine", "The engine is ill.", None)


@pytest.fixture
def project_id(library: Library) -> str:
    return library.app.generations.ensure_project("default")


@pytest.fixture
def recipes(library: Library) -> Recipes:
    return library.app.recipes


def asked(library: Library, project_id: str, **given: Any) -> Lease:
    """Have a generation of a row begun."""
    return begin(library.app.leases, new_generation(project_id, **given), RUNNER)


def made(library: Library, project_id: str, sha256: str = "", **given: Any) -> Lease:
    """Have a picture of a row made."""
    lease = asked(library, project_id, **given)
    complete(library, lease, sha256 or lease.id)
    return lease


def complete(library: Library, lease: Lease, sha256: str, **given: Any) -> tuple[str, ...]:
    picture = stored_picture()
    files = {"image_path": f"0a/{lease.file_name}.jpg", "thumbnail_path": f"0a/{lease.file_name}.thumb.jpg"}
    stored = type(picture)(**{name: getattr(picture, name) for name in picture.__slots__} | files | {"sha256": sha256})
    return library.app.leases.complete(lease, generated_avatar(lease.project_id, lease, picture=stored, **given))


# -- what is known of a recipe


def test_what_nobody_asked_for_is_not_known(recipes: Recipes, project_id: str) -> None:
    assert recipes.find(project_id, ["a", "b"]) == {}
    assert recipes.find(project_id, []) == {}


def test_a_picture_is_known_in_its_project_alone(library: Library, recipes: Recipes, project_id: str) -> None:
    lease = made(library, project_id, recipe_hash="a")
    made(library, project_id)  # of no batch
    known = Known(lease.avatar_id, 1, is_current=True, generation_id=lease.id)
    assert recipes.find(project_id, ["a", "b"]) == {"a": known}
    assert recipes.find(library.app.generations.ensure_project("other"), ["a"]) == {}


def test_an_earlier_picture_is_known_as_one(library: Library, recipes: Recipes, project_id: str) -> None:
    first = made(library, project_id, recipe_hash="a")
    made(library, project_id, recipe_hash="b", avatar_id=first.avatar_id, version=2)
    assert recipes.find(project_id, ["a"]) == {"a": Known(first.avatar_id, 1, generation_id=first.id)}
    assert recipes.find(project_id, ["b"])["b"].is_current


@pytest.mark.parametrize("ends_run", [True, False])
def test_a_generation_is_known_as_it_stands(
    library: Library, recipes: Recipes, project_id: str, *, ends_run: bool
) -> None:
    waits = new_generation(project_id, recipe_hash="waits")
    library.app.generations.add(waits)
    failed, runs = asked(library, project_id, recipe_hash="failed"), asked(library, project_id, recipe_hash="runs")
    library.app.leases.end(failed, Status.FAILED, WHY, ends_run=ends_run)
    assert recipes.find(project_id, ["waits", "failed", "runs"]) == {
        "waits": Known(waits.avatar_id, 1, generation_id=waits.id, status=Status.PENDING),
        "runs": Known(runs.avatar_id, 1, generation_id=runs.id, status=Status.PROCESSING, owner=RUNNER),
        "failed": Known(
            failed.avatar_id,
            1,
            generation_id=failed.id,
            status=Status.FAILED,
            owner=RUNNER,
            error_code="engine",
            ends_run=ends_run,
        ),
    }


def test_what_is_nearest_to_a_picture_counts(library: Library, recipes: Recipes, project_id: str) -> None:
    """Failed twice, asked for again, made, and made once more as something else."""
    older, newer = (asked(library, project_id, recipe_hash="a") for _ in range(2))
    for lease in (newer, older):
        library.app.leases.end(lease, Status.FAILED, WHY)
    assert recipes.find(project_id, ["a"])["a"].generation_id == newer.id
    waits = new_generation(project_id, recipe_hash="a")
    library.app.generations.add(waits)
    assert recipes.find(project_id, ["a"])["a"].generation_id == waits.id
    runs = asked(library, project_id, recipe_hash="a")
    assert recipes.find(project_id, ["a"])["a"].generation_id == runs.id
    first = made(library, project_id, recipe_hash="a")
    made(library, project_id, recipe_hash="b", avatar_id=first.avatar_id, version=2)
    assert recipes.find(project_id, ["a"])["a"] == Known(first.avatar_id, 1, generation_id=first.id)
    other = made(library, project_id, recipe_hash="a")
    assert recipes.find(project_id, ["a"])["a"].avatar_id == other.avatar_id


def test_what_is_under_way_counts_before_what_was_asked_for_later(
    library: Library, recipes: Recipes, project_id: str
) -> None:
    runs, waits = asked(library, project_id, recipe_hash="a"), new_generation(project_id, recipe_hash="a")
    library.app.generations.add(waits)
    library.app.leases.end(asked(library, project_id, recipe_hash="a"), Status.FAILED, WHY)
    assert recipes.find(project_id, ["a"])["a"].generation_id == runs.id
    library.app.leases.end(runs, Status.FAILED, WHY)
    assert recipes.find(project_id, ["a"])["a"].generation_id == waits.id


def test_of_several_earlier_pictures_the_latest_counts(library: Library, recipes: Recipes, project_id: str) -> None:
    first = made(library, project_id, recipe_hash="a")
    made(library, project_id, recipe_hash="a", avatar_id=first.avatar_id, version=2)
    made(library, project_id, recipe_hash="b", avatar_id=first.avatar_id, version=3)
    for version in (1, 3):  # the row of the first is the newer one then
        recipes.restore(first.avatar_id, version)
    assert recipes.find(project_id, ["a"])["a"].version == 2


def test_what_was_deleted_is_not_known(library: Library, recipes: Recipes, project_id: str) -> None:
    first = made(library, project_id, recipe_hash="a", persona_id="k-7")
    made(library, project_id, recipe_hash="b", persona_id="k-7", avatar_id=first.avatar_id, version=2)
    library.delete([first.avatar_id])
    assert recipes.find(project_id, ["a", "b"]) == {}
    assert recipes.find_avatars(project_id, ["k-7"]) == {}


@pytest.mark.parametrize("select", [*module._BY_RECIPE, *module._BY_PERSONA])
def test_each_is_found_by_an_index_of_its_own(library: Library, project_id: str, select: str) -> None:
    plan = [
        row[3] for row in library.app._connection.execute(f"EXPLAIN QUERY PLAN {select}", (project_id, json.dumps([])))
    ]
    assert any(re.search(r"SEARCH r USING INDEX \w+_by_(recipe|persona) \(project_id=\? AND \w+=\?\)", p) for p in plan)


# -- whose picture it is


def test_a_persona_has_one_avatar_from_its_first_generation_on(
    library: Library, recipes: Recipes, project_id: str
) -> None:
    first = asked(library, project_id, persona_id="k-7")
    assert recipes.find_avatars(project_id, ["k-7", "k-8"]) == {"k-7": (first.avatar_id, 1)}
    library.app.leases.end(first, Status.FAILED, WHY)
    assert recipes.find_avatars(project_id, ["k-7"]) == {"k-7": (first.avatar_id, 1)}
    made(library, project_id, persona_id="k-7", avatar_id=first.avatar_id, version=2)
    assert recipes.find_avatars(project_id, ["k-7"]) == {"k-7": (first.avatar_id, 2)}
    asked(library, project_id, persona_id="k-7", avatar_id=first.avatar_id, version=3)
    assert recipes.find_avatars(project_id, ["k-7"]) == {"k-7": (first.avatar_id, 3)}


def test_the_highest_version_counts_and_not_the_present_one(
    library: Library, recipes: Recipes, project_id: str
) -> None:
    first = made(library, project_id, recipe_hash="a")
    made(library, project_id, recipe_hash="b", avatar_id=first.avatar_id, version=2)
    recipes.restore(first.avatar_id, 1)
    assert recipes.find_versions([first.avatar_id, "av_gone"]) == {first.avatar_id: 2, "av_gone": 0}


# -- used once more


def test_a_recipe_that_is_wanted_again_is_not_made_again(library: Library, recipes: Recipes, project_id: str) -> None:
    first = made(library, project_id, recipe_hash="a")
    made(library, project_id, recipe_hash="b", avatar_id=first.avatar_id, version=2)
    recipes.restore(first.avatar_id, 1)
    assert recipes.find(project_id, ["a"])["a"].is_current
    assert recipes.find(project_id, ["b"])["b"] == Known(
        first.avatar_id, 2, generation_id=recipes.find(project_id, ["b"])["b"].generation_id
    )
    recipes.restore(first.avatar_id, 1)  # which it is
    with pytest.raises(NotFound, match="There is no version 3 of the avatar"):
        recipes.restore(first.avatar_id, 3)


def test_what_failed_is_taken_up_by_another_batch(library: Library, recipes: Recipes, project_id: str) -> None:
    lease = asked(library, project_id, recipe_hash="a", batch_id="bat_1", output_path="/pictures/a.png")
    wanted = new_generation(
        project_id,
        owner="run_2",
        batch_id="bat_2",
        provider="replicate",
        price_usd=0.5,
        output_path="/pictures/b.png",
    )
    wanted.request = {"name": "Ann"}
    assert not recipes.adopt(lease.id, wanted)
    library.app.leases.end(lease, Status.FAILED, WHY, ends_run=True)
    assert recipes.adopt(lease.id, wanted)
    assert recipes.find(project_id, ["a"]) == {
        "a": Known(lease.avatar_id, 1, generation_id=lease.id, status=Status.PENDING, owner="run_2")
    }
    columns = "batch_id, provider, price_usd, request, output_path, error_message, error_ends_run, fence"
    (row,) = rows(library.home.database, f"SELECT {columns} FROM generations")
    assert row == ("bat_2", "replicate", 0.5, '{"name": "Ann"}', "/pictures/b.png", None, 0, 1)
    assert not recipes.adopt(lease.id, new_generation(project_id, owner="run_3"))


def test_what_failed_and_is_asked_for_again_is_the_latest(library: Library, recipes: Recipes, project_id: str) -> None:
    """A row that was edited twice, and then back to an edit that had failed."""
    first = made(library, project_id, recipe_hash="a", persona_id="k-7")
    row = {"persona_id": "k-7", "avatar_id": first.avatar_id}
    failed = asked(library, project_id, recipe_hash="b", version=2, **row)
    library.app.leases.end(failed, Status.FAILED, WHY)
    made(library, project_id, recipe_hash="c", version=3, **row)
    assert recipes.adopt(failed.id, new_generation(project_id, owner=RUNNER))
    taken = library.app.leases.claim_owned(RUNNER)
    assert taken is not None
    assert (taken.lease.version, taken.lease.fence) == (4, 2)
    complete(library, taken.lease, "b")
    assert recipes.find(project_id, ["b"])["b"].is_current


# -- what no picture shows


def test_what_no_picture_shows_follows_the_row_until_its_user_edits_it(
    library: Library, recipes: Recipes, project_id: str
) -> None:
    lease = asked(library, project_id, recipe_hash="a")
    same, other = Details("Sarah", "Runs a garage"), Details("Sarah", "Sold it")
    complete(library, lease, "", details_hash=details_hash(*same))
    assert recipes.update_details({lease.avatar_id: same}) == 0
    assert recipes.update_details({lease.avatar_id: other, "av_gone": other}) == 1
    assert library.show(lease.avatar_id).persona.background == "Sold it"
    library.edit(lease.avatar_id, name="Sal")
    assert recipes.update_details({lease.avatar_id: other}) == 0
    assert library.show(lease.avatar_id).name == "Sal"
    assert recipes.update_details({lease.avatar_id: Details("Sarah", None)}) == 1
    avatar = library.show(lease.avatar_id)
    assert (avatar.name, avatar.persona.background) == ("Sarah", None)
