"""Whatever a library holds: exported, imported into an empty home and exported again, it is the same bytes."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from avatar_creator.domain.attributes import ATTRIBUTES, Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.preset import Preset
from avatar_creator.domain.records import Avatar
from avatar_creator.errors import InvalidInput
from avatar_creator.home import Home
from avatar_creator.library import Library, open_library
from made_anew import made, rejected
from sql import run_sql

TABLES = {
    "avatars": "id",
    "avatar_versions": "avatar_id, version",
    "rejects": "id",
    "avatar_tags": "avatar_id, tag",
    "usage_events": "id",
    "projects": "id",
    "casts": "project_id, seed",
    "presets": "name",
    "avatar_tally": "project_id",
    "people_tally": "project_id, gender, age, ethnicity",
    "day_tally": "day, project_id",
}
NAMES = [
    "Ana Costa",
    "Amara Ọkáfọ̀r",
    "أمينة",
    "Đặng Thị Hương",
    "李小龙",
    "שירה לוי",
    "<b>Zoë</b>",
    "=1+1",
    "CON",
    "a" * 100,
]
QUOTAS = '[{"axes":["gender"],"cells":[["female",0.5],["male",0.5]]}]'

texts = st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@st.composite
def personas(draw: st.DrawFn) -> Persona:
    for _ in range(20):
        try:
            return Persona(
                draw(texts),
                draw(st.none() | st.integers(1, 120)),
                tuple(draw(st.lists(texts, max_size=2))),
                draw(st.none() | texts),
            )
        except InvalidInput:  # it shows nothing
            continue
    return Persona("Ann")


# What happens to a library: a step, and which of what there is it is about.
steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *(
                    "draw",
                    "draw",
                    "draw",
                    "upload",
                    "anew",
                    "replace",
                    "revert",
                    "tag",
                    "star",
                    "use",
                    "edit",
                    "delete",
                ),
                *("reject", "reject anew"),
            ]
        ),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=10,
)


def png(color: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 70), color).save(file, "PNG")
    return file.getvalue()


def take(library: Library, step: str, number: int, data: st.DataObject, folder: Path) -> None:
    """Have something happen to a library."""
    avatars = sorted(library.find(), key=lambda avatar: avatar.id)
    if step == "draw":
        looks = Attributes(**{data.draw(st.sampled_from(ATTRIBUTES)).name: f"looks {number}"})
        format_ = data.draw(st.sampled_from(PictureFormat))
        made(library, persona=data.draw(personas()), attributes=looks, seed=number, format=format_)
    elif step == "upload":
        upload(library, number, data, folder)
    elif step == "reject":
        rejected(library, persona=data.draw(personas()), seed=number)
    elif avatars:
        change(library, avatars[number % len(avatars)], step, number, data)


def upload(library: Library, number: int, data: st.DataObject, folder: Path) -> None:
    (folder / "upload.png").write_bytes(png(number))
    project = data.draw(st.sampled_from(["default", "Équipe", "李"]))
    if project not in {each.name for each in library.projects.find()}:
        library.projects.create(project, description=data.draw(st.none() | st.just("What it is")))
    library.upload(folder / "upload.png", persona=data.draw(personas()), project=project)


def change(library: Library, avatar: Avatar, step: str, number: int, data: st.DataObject) -> None:
    match step:
        case "anew" | "replace" if avatar.project_name == "default":
            numbers = [each.avatar.version for each in library.versions.find(avatar.id)]
            known: dict[str, Any] = {"version": max(numbers) + 1, "avatar_id": avatar.id, "seed": 50 + number}
            made(library, persona=data.draw(personas()), replaces=step == "replace", **known)
        case "reject anew" if avatar.project_name == "default":
            rejected(library, persona=data.draw(personas()), seed=70 + number, avatar_id=avatar.id, version=90 + number)
        case "revert":
            library.versions.revert([avatar.id], where_possible=True)
        case "tag":
            library.tag([avatar.id], add=[f"tag {number}", "équipe"])
        case "star":
            library.star([avatar.id], starred=bool(number % 3))
        case "use":
            library.record_usage(avatar.id, app=f"app {number}", action="show", reference=data.draw(st.none() | texts))
        case "edit":
            library.edit(avatar.id, name=f"Renamed {number}", cleared=["alt_text"])
        case "delete":
            library.delete([avatar.id])


def export(library: Library, path: Path) -> bytes:
    avatars = library.find(sort="created", reverse=True)
    list(library.archives.export(avatars, path, is_whole=True, manifests=["csv", "jsonl"]))
    return path.read_bytes()


def everything(home: Path) -> dict[str, Any]:
    return {name: run_sql(Home(home), f"SELECT * FROM {name} ORDER BY {order}") for name, order in TABLES.items()}


def pictures(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.glob("pictures/*/*")}


@given(steps, st.data())
@settings(max_examples=15)
def test_nothing_is_lost_on_the_way_out_and_in_again(happens: list[tuple[str, int]], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_library(folder / "home") as library:
            for step, number in happens:
                take(library, step, number, data, folder)
            if happens[0][1] % 2:
                library.app.casts.put(library.app.generations.ensure_project("default"), 7, 48, QUOTAS)
                library.presets.create(Preset(name="baker", persona=Persona("Ana"), prompt="at work"))
            first = export(library, folder / "first.zip")
        with open_library(folder / "again") as library:
            taken = list(library.archives.import_(folder / "first.zip"))
            assert {each.result.value for each in taken} <= {"new"}
            assert not [said for each in taken for said in each.notices]
            assert export(library, folder / "again.zip") == first
            assert {each.result.value for each in library.archives.import_(folder / "first.zip")} <= {"known"}
        before, after = everything(folder / "home"), everything(folder / "again")
        for table, rows in before.items():
            is_tally = table.endswith("_tally")  # of which one of nothing may be left
            assert [
                row for row in rows if not is_tally or any(row[-1:] if table != "avatar_tally" else row[1:])
            ] == after[table], table
        assert pictures(folder / "home") == pictures(folder / "again")
