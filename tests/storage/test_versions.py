"""An avatar that is made anew: its pictures, its files, and what is known of it with each."""

from pathlib import Path
from typing import Any

import pytest

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.records import Avatar, Status, cancelled
from avatar_creator.errors import NotFound
from avatar_creator.library import Library
from avatar_creator.storage.leases import Lease
from avatar_creator.storage.pictures.preparation import prepare
from made_anew import RUNNER, begin, finish, made
from sql import run_sql
from stored_files import stored_files

BLACK, RED = Attributes(gender="female", hair_color="black"), Attributes(gender="female", hair_color="red")
SARAH = Persona("Sarah", 34)


@pytest.fixture
def first(library: Library) -> Avatar:
    """The first picture of a persona."""
    return made(library, persona=SARAH, attributes=BLACK, persona_id="k-7", recipe_hash="a")


def again(library: Library, first: Avatar, version: int = 2, **given: Any) -> Avatar:
    """Make the persona anew, with red hair if nothing else is given."""
    asked = {"persona": SARAH, "attributes": RED, "persona_id": "k-7", "recipe_hash": "b"} | given
    return made(library, avatar_id=first.id, version=version, **asked)


def numbers(library: Library, id_: str) -> list[tuple[int, bool]]:
    return [(each.avatar.version, each.is_current) for each in library.versions.find(id_)]


def bytes_in(library: Library) -> int:
    return library.stats().picture_bytes


# -- made anew


def test_an_avatar_that_is_made_anew_stays_the_same_avatar(library: Library, first: Avatar) -> None:
    library.record_usage(first.id, app="blog", action="header")
    before = first.image_path.read_bytes()
    second = again(library, first)
    assert library.show(first.id) == second
    assert (second.id, second.version, second.persona_id, second.usage_count) == (first.id, 2, "k-7", 1)
    assert (second.created_at, second.attributes) == (first.created_at, RED)
    assert second.picture_at == second.updated_at > first.picture_at == first.created_at
    assert (first.image_path.read_bytes(), second.image_path.is_file()) == (before, True)
    assert second.image_path.name == f"{first.id}-v2.jpg"
    assert library.count() == 1


def test_the_earlier_picture_is_known_with_all_that_was_known_then(library: Library, first: Avatar) -> None:
    second = again(library, first)
    earlier, current = library.versions.find(first.id)
    assert earlier.avatar._replace(updated_at=first.updated_at) == first
    assert (current.avatar, earlier.is_current, current.is_current) == (second, False, True)
    assert (earlier.changed, current.changed) == ({}, {"hair_color": "red"})
    assert library.versions.get(first.id[:-1], 1).image_path == first.image_path


def test_each_generation_shows_the_picture_that_it_made(library: Library, first: Avatar) -> None:
    second = again(library, first)
    assert first.generation_id
    assert second.generation_id
    for _ in range(2):  # then both are forgotten
        ids = [first.generation_id, second.generation_id]
        shown = [each.avatar for each in library.app.queries.find_by_ids(ids)]
        assert [avatar and avatar.image_path for avatar in shown] == [first.image_path, second.image_path]
        assert library.show(first.generation_id[:-1]).seed == first.seed
        library.app.generations.prune(completed_before="9", failed_before="9")


def test_a_generation_whose_picture_is_an_earlier_one_is_completed_for_good(library: Library, first: Avatar) -> None:
    lease, request = begin(library, attributes=RED, avatar_id=first.id, version=2)
    finish(library, lease, request)
    again(library, first, 3, attributes=BLACK)
    library.app.generations.prune(completed_before="9", failed_before="9")
    leases = library.app.leases
    assert (leases.is_completed(lease), leases.is_completed(lease._replace(fence=2))) == (True, False)
    follower, _ = begin(library, prompt="nobody")
    leases.end(follower, Status.CANCELLED, cancelled(follower.id))
    library.app.generations.retry(follower.id, None)
    run_sql(library.home, "UPDATE generations SET after_id = ?", lease.id)
    assert library.app.generations.fail_followers() == 0
    assert leases.claim(RUNNER, [], idle=True)


def test_edits_that_end_in_the_wrong_order_leave_the_last_one_to_be_seen(library: Library, first: Avatar) -> None:
    row: dict[str, Any] = {"persona": SARAH, "persona_id": "k-7", "avatar_id": first.id}
    slow = begin(library, attributes=RED, version=2, recipe_hash="b", **row)
    third = again(library, first, 3, attributes=Attributes(gender="male"), recipe_hash="c")
    finish(library, *slow)
    assert library.show(first.id) == third
    assert numbers(library, first.id) == [(1, False), (2, False), (3, True)]
    assert library.versions.get(first.id, 2).attributes == RED
    assert library.app.recipes.find(first.project_id, ["b"])["b"].version == 2


def test_a_picture_with_the_same_bytes_is_not_stored_once_more(library: Library) -> None:
    """What no drawing shows was changed, and the file says nothing of it."""
    row: dict[str, Any] = {"persona_id": "k-7", "embed": Embed.NONE}
    first = made(library, persona=Persona("Sarah", 34, ("calm",)), recipe_hash="a", **row)
    files, size = stored_files(library.app.pictures), bytes_in(library)
    personality = ("calm", "punctual")
    second = again(library, first, persona=Persona("Sarah", 34, personality), attributes=None, **row)
    assert second.sha256 == first.sha256
    assert (second.image_path, second.persona.personality) == (first.image_path, personality)
    assert (stored_files(library.app.pictures), bytes_in(library)) == (files, size)
    assert numbers(library, first.id) == [(2, True)]
    known = library.app.recipes.find(first.project_id, ["a", "b"])
    assert {name: each.version for name, each in known.items()} == {"b": 2}
    assert library.examine().healthy


def test_an_avatar_that_was_deleted_meanwhile_is_made_all_the_same(library: Library, first: Avatar) -> None:
    under_way = begin(library, attributes=RED, persona_id="k-7", avatar_id=first.id, version=2)
    library.delete([first.id])
    second = finish(library, *under_way)
    assert (second.id, second.version, second.persona_id) == (first.id, 2, "k-7")
    assert second.image_path.is_file()
    assert numbers(library, first.id) == [(2, True)]


def test_a_persona_never_has_two_avatars(library: Library, first: Avatar) -> None:
    other = made(library, attributes=RED, persona_id="k-7")
    assert other.id != first.id
    assert (library.show(first.id).persona_id, other.persona_id) == ("k-7", None)


def test_nobody_adds_a_version_twice(library: Library, first: Avatar) -> None:
    """Else one would overwrite the files of the other."""
    begin(library, attributes=RED, avatar_id=first.id, version=2)
    with pytest.raises(Exception, match="UNIQUE"):
        begin(library, attributes=BLACK, avatar_id=first.id, version=2)


@pytest.mark.parametrize(
    ("version", "fence", "name"), [(1, 1, "av_x"), (1, 2, "av_x-2"), (2, 1, "av_x-v2"), (12, 3, "av_x-v12-3")]
)
def test_no_two_tries_write_the_same_file(version: int, fence: int, name: str) -> None:
    lease = Lease("gen_x", "av_x", "prj_x", "offline", 1, "run_x", fence, 0, version=version)
    assert lease.file_name == name


def test_a_version_that_fails_leaves_the_picture_that_is_there(library: Library, first: Avatar) -> None:
    lease, _ = begin(library, attributes=RED, persona_id="k-7", avatar_id=first.id, version=2)
    data = first.image_path.read_bytes()
    library.app.pictures.save(lease.file_name, prepare(data, PictureFormat(first.format), None, Embed.NONE))
    library.app.recovery.recover()
    assert library.app.queries.find_status(lease.id) is Status.FAILED
    assert library.show(first.id) == first
    assert len(stored_files(library.app.pictures)) == 2


# -- back to an earlier one


def test_an_earlier_picture_becomes_the_present_one_again(library: Library, first: Avatar) -> None:
    second = again(library, first)
    library.record_usage(first.id, app="blog", action="header")
    files = {path: (library.home.pictures / path).stat().st_mtime_ns for path in stored_files(library.app.pictures)}
    size = bytes_in(library)
    back = library.versions.revert([first.id], 1)[0]
    kept: dict[str, Any] = {"usage_count": 1, "last_used_at": back.last_used_at, "updated_at": back.updated_at}
    assert back == first._replace(**kept)
    assert back.updated_at > second.updated_at
    assert numbers(library, first.id) == [(1, True), (2, False)]
    forth = library.versions.revert([first.id], 2)[0]
    assert forth == second._replace(**kept | {"updated_at": forth.updated_at})
    assert bytes_in(library) == size
    assert files == {path: (library.home.pictures / path).stat().st_mtime_ns for path in files}


def test_what_is_made_after_going_back_is_the_next_version(library: Library, first: Avatar) -> None:
    again(library, first)
    library.versions.revert([first.id], 1)
    (highest,) = library.app.recipes.find_versions([first.id]).values()
    third = again(library, first, highest + 1, attributes=Attributes(gender="male"), recipe_hash="c")
    assert library.show(first.id) == third
    assert numbers(library, first.id) == [(1, False), (2, False), (3, True)]


def test_a_picture_that_is_asked_for_again_outranks_those_under_way(library: Library, first: Avatar) -> None:
    """A row that was edited, and edited back before the edit was made."""
    again(library, first)
    third = begin(library, attributes=BLACK, persona_id="k-7", avatar_id=first.id, version=3, recipe_hash="c")
    back = library.versions.revert([first.id], 1)[0]
    assert (back.version, back.image_path) == (4, first.image_path)
    finish(library, *third)
    assert library.show(first.id) == back
    assert numbers(library, first.id) == [(2, False), (3, False), (4, True)]


@pytest.mark.parametrize("restored", [True, False])
def test_an_avatar_that_stays_as_it_is_outranks_those_under_way(
    library: Library, first: Avatar, restored: bool
) -> None:
    library.app.recipes.outrank([first.id, "av_gone"])
    assert library.show(first.id) == first
    same = begin(library, attributes=BLACK, persona_id="k-7", avatar_id=first.id, version=2, recipe_hash="a")
    library.app.recipes.outrank([first.id])  # it is made once more as it is
    assert library.show(first.id) == first
    library.app.leases.end(same[0], Status.CANCELLED, cancelled(same[0].id))
    second = begin(library, attributes=RED, persona_id="k-7", avatar_id=first.id, version=3, recipe_hash="b")
    library.versions.revert([first.id], 1)[0] if restored else library.app.recipes.outrank([first.id])
    finish(library, *second)
    assert library.show(first.id) == first._replace(version=4)
    assert numbers(library, first.id) == [(3, False), (4, True)]


def test_a_version_of_before_a_column_was_added_can_be_read(library: Library, first: Avatar) -> None:
    again(library, first)
    run_sql(library.home, "UPDATE avatar_versions SET record = json_remove(record, '$.eye_color')")
    assert library.versions.revert([first.id], 1)[0].attributes == BLACK


def test_where_the_copy_cannot_be_reached_the_avatar_goes_back_all_the_same(library: Library, first: Avatar) -> None:
    again(library, first)
    run_sql(library.home, f"UPDATE avatars SET copy_path = '/tmp/{'x' * 300}.png'")
    (back,) = library.versions.revert([first.id])
    assert back.version == 1
    assert [said[:31] for said in back.warnings] == ["The copy could not be written: "]


def test_a_version_that_is_not_there_is_not_found(library: Library, first: Avatar) -> None:
    with pytest.raises(NotFound) as raised:
        library.versions.revert([first.id], 2)
    assert raised.value.message == f"The avatar {first.id} has no version 2."
    assert raised.value.hint == "It has: 1."


# -- deleted, counted and looked after


def test_the_bytes_of_all_pictures_are_counted(library: Library, first: Avatar) -> None:
    again(library, first)
    on_disk = sum((library.home.pictures / path).stat().st_size for path in stored_files(library.app.pictures))
    assert bytes_in(library) == on_disk
    library.delete([first.id])
    assert bytes_in(library) == 0


@pytest.mark.parametrize("keep_files", [True, False])
@pytest.mark.parametrize("whole_project", [True, False])
def test_all_pictures_are_deleted_with_their_avatar(
    library: Library, first: Avatar, keep_files: bool, whole_project: bool
) -> None:
    again(library, first)
    if whole_project:
        library.projects.delete("default", keep_files=keep_files)
    else:
        library.delete([first.id], keep_files=keep_files)
    assert len(stored_files(library.app.pictures)) == (4 if keep_files else 0)
    assert run_sql(library.home, "SELECT * FROM avatar_versions") == []


def test_the_files_of_all_pictures_are_with_head(library: Library, first: Avatar) -> None:
    second = again(library, first)
    assert library.examine().healthy
    first.thumbnail_path.unlink()
    (found,) = [finding for finding in library.examine().findings if finding.subject == "picture"]
    assert found.message == f"The file {first.thumbnail_path} of avatar {first.id} is missing."
    assert found.hint == "Restore it from a backup. It is version 1; the avatar has another picture now."
    second.image_path.unlink()
    hints = [finding.hint for finding in library.examine().findings if finding.subject == "picture"]
    assert f"Restore it from a backup, or run: avatar delete {first.id}" in hints


# -- pictures that take the place of others


def test_a_picture_that_replaces_another_leaves_whom_it_shows_as_it_is(library: Library, first: Avatar) -> None:
    lease, request = begin(
        library,
        persona=SARAH,
        attributes=BLACK,
        recipe_hash="photo",
        version=2,
        avatar_id=first.id,
        replaces=True,
        seed=6,
    )
    library.edit(first.id, name="Renamed", attributes=RED)  # while it is made
    library.app._connection.execute("UPDATE avatars SET starred = 1")
    before = run_sql(library.home, "SELECT details_hash FROM avatars")
    second = finish(library, lease, request)
    assert (second.name, second.attributes.hair_color, second.version, second.seed) == ("Renamed", "red", 2, 6)
    assert run_sql(library.home, "SELECT details_hash FROM avatars") == before
    library.app.recipes.restore(first.id, 1)
    library.edit(first.id, name="Renamed again")
    library.app.recipes.restore(first.id, 2, is_replacement=True)
    assert library.show(first.id).name == "Renamed again"
    assert run_sql(library.home, "SELECT starred FROM avatars") == [(1,)]


def test_an_avatar_that_was_deleted_gets_no_other_picture(library: Library, first: Avatar) -> None:
    lease, request = begin(library, persona=SARAH, version=2, avatar_id=first.id, replaces=True)
    library.delete([first.id])
    with pytest.raises(NotFound, match=f"The avatar {first.id} was deleted meanwhile."):
        finish(library, lease, request)
    assert library.count() == 0


def test_what_is_known_of_a_recipe_of_one_avatar_is_not_what_is_known_of_another(
    library: Library, first: Avatar
) -> None:
    other = made(library, persona=SARAH, attributes=BLACK, recipe_hash="a")
    find = library.app.recipes.find_of
    assert find([(first.id, "b")]) == {}
    assert {each.avatar_id for each in find([(first.id, "a"), (other.id, "a")]).values()} == {first.id, other.id}
    again(library, first)
    known = find([(first.id, "a"), (first.id, "b"), (other.id, "b")])
    assert {pair: (each.version, each.is_current) for pair, each in known.items()} == {
        (first.id, "a"): (1, False),
        (first.id, "b"): (2, True),
    }
    begin(library, persona=SARAH, recipe_hash="c", version=3, avatar_id=first.id)
    assert find([(first.id, "c")])[first.id, "c"].status is Status.PROCESSING


def test_an_avatar_knows_where_the_copy_of_its_picture_is(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "sarah.jpg"
    avatar = made(library, persona=SARAH, output_path=str(copy), output_folder=str(tmp_path))
    library.app.deliverer.deliver([avatar.generation_id or ""])
    assert run_sql(library.home, "SELECT copy_path FROM avatars") == [(str(copy),)]
