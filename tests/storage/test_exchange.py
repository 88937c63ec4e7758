"""Whole rows on their way into a library: what of them is here already, and what a picture more becomes."""

from dataclasses import replace
from typing import Any

from avatar_rows import new_avatar, stored_picture

from avatar_creator.domain.attributes import Attributes
from avatar_creator.library import Library
from avatar_creator.storage.exchange import AvatarRows, Row

ID = "av_0sabd6w2bmk2v"


def row(library: Library, sha256: str = "0", **given: Any) -> Row:
    picture = replace(stored_picture(), sha256=sha256 * 64, image_path=f"0a/{sha256}.jpg")
    project_id = library.app.generations.ensure_project("default")
    new = new_avatar(project_id, **{"id": ID, "picture": picture, "attributes": Attributes(), **given})
    columns = library.app.exchange.tables["avatars"]
    return {name: column.default for name, column in columns.items()} | new.values("2026-01-01T00:00:00.000000Z")


def test_rows_of_an_earlier_version_get_the_defaults_of_their_columns(library: Library) -> None:
    columns = library.app.exchange.tables["avatars"]
    assert (columns["starred"].default, columns["version"].default, columns["preset"].default) == (0, 1, None)
    assert columns["seed"].kind is int
    assert columns["name"].is_required


def test_what_is_here_is_known_by_id_file_row_and_generation(library: Library) -> None:
    exchange = library.app.exchange
    new = row(library, original_sha256="f" * 64, generation_id="gen_0sabd6w2bmk2v")
    here = {**new, "persona_id": "r1"}
    assert exchange.taken(here) == (None, False, False, None)
    exchange.add(AvatarRows(here))
    assert exchange.taken(here) == (frozenset({"0" * 64}), False, False, None)
    other = {**here, "id": "av_0sabd6w2bmk2w"}
    assert exchange.taken(other) == (None, True, True, ID)
    assert exchange.taken({**other, "project_id": "prj_0"}) == (None, False, True, None)


def test_of_several_pictures_the_highest_version_is_shown(library: Library) -> None:
    exchange = library.app.exchange
    assert exchange.add_picture({**row(library, "2"), "version": 2})
    assert not exchange.add_picture({**row(library, "1"), "version": 1})
    assert not exchange.add_picture({**row(library, "3"), "version": 3})
    assert not exchange.add_picture({**row(library, "4"), "version": 2})  # another one of that number
    shown = [(each.avatar.version, each.avatar.sha256[0], each.is_current) for each in library.versions.find(ID)]
    assert shown == [(1, "1", False), (2, "2", False), (3, "3", True), (4, "4", False)]
    assert exchange.find_pictures(["1" * 64, "4" * 64, "5" * 64]) == {"1" * 64: ID, "4" * 64: ID}


def test_uses_are_counted_once(library: Library) -> None:
    exchange = library.app.exchange
    avatar = row(library)
    exchange.add(AvatarRows(avatar))
    use = {"id": "use_0sabd6w2bmk2v", "avatar_id": ID, "app": "web", "action": "show", "reference": None}
    rows = AvatarRows(avatar, tags=["hero"], uses=[{**use, "created_at": "2026-01-02T00:00:00.000000Z"}])
    assert exchange.add_to(rows, ())
    assert not exchange.add_to(rows, ())
    found = library.show(ID)
    assert (found.usage_count, found.last_used_at, found.tags) == (1, "2026-01-02T00:00:00.000000Z", ("hero",))
    assert library.stats().usage == 1


def test_a_project_is_the_one_of_its_id_or_its_name(library: Library) -> None:
    exchange = library.app.exchange
    known = library.projects.create("Équipe")
    new = dict.fromkeys(exchange.tables["projects"]) | {"created_at": "x", "updated_at": "x"}
    assert exchange.add_project({**new, "id": "prj_0sabd6w2bmk2v", "name": "ÉQUIPE"}) == known.id
    assert exchange.add_project({**new, "id": known.id, "name": "other"}) == known.id
    assert exchange.add_project({**new, "id": "prj_0sabd6w2bmk2v", "name": "other"}) == "prj_0sabd6w2bmk2v"
