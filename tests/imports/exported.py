"""A library as its export: folders whose records tests change."""

import json
from pathlib import Path
from typing import Any

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.preset import Preset
from avatar_creator.library import Library
from made_anew import made

RECORDS = "library/records.jsonl"
Line = dict[str, Any]


def filled(library: Library, uploaded: Path) -> list[str]:
    """Put into a library what there is of every kind; return the ids of its avatars."""
    first = made(
        library, persona=Persona("Ana Costa", 31, ("calm",), "A baker."), recipe_hash="1" * 16, persona_id="r1"
    )
    with_versions = made(
        library,
        persona=Persona("Ana Costa", 31),
        seed=9,
        recipe_hash="2" * 16,
        persona_id="r1",
        version=2,
        avatar_id=first.id,
    )
    second = made(library, persona=Persona("اَحمد"), attributes=Attributes(gender="male", hair_color="black"))
    upload = library.upload(uploaded, name="<b>Ben</b> =cmd", project=library.projects.create("Ünïcode").id)
    library.tag([first.id, upload.id], add=["hero", "équipe"])
    library.star([second.id])
    library.record_usage(second.id, app="web", action="show", reference="42")
    library.record_usage(second.id, app="mail", action="send")
    library.app.casts.put(first.project_id, 7, 48, '[{"axes":["gender"],"cells":[["female",0.5],["male",0.5]]}]')
    library.presets.create(Preset(name="baker", persona=Persona("Ana"), prompt="at work"))
    assert with_versions.version == 2
    return [first.id, second.id, upload.id]


def exported(library: Library, folder: Path) -> Path:
    """Write all of a library into a folder."""
    found = list(library.find())
    list(library.archives.export(reversed(found), folder, is_whole=True))
    return folder


def lines_of(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / RECORDS).read_text("utf-8").splitlines()]


def write_lines(folder: Path, lines: list[Line]) -> None:
    (folder / RECORDS).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
