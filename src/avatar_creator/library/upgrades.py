"""Other pictures for avatars that are there: those that were drawn become photographs."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from avatar_creator import domain, storage
from avatar_creator.app import App
from avatar_creator.domain.persona_row import BadRow, PersonaRow, Problem, Replaced
from avatar_creator.domain.place import Place
from avatar_creator.domain.row_key import row_id_of
from avatar_creator.domain.text import counted, expect, shown
from avatar_creator.engines.table import AUTO_ENGINE, ENGINES, decisive, engine_names, sharing
from avatar_creator.errors import InvalidInput
from avatar_creator.library.generations import listed
from avatar_creator.library.request_builder import RequestBuilder

if TYPE_CHECKING:
    from avatar_creator.domain.filters import AvatarFilter
    from avatar_creator.domain.records import Avatar
    from avatar_creator.storage.queries import Queries

_PAGE = 500  # avatars that are read at once


class UpgradeRows:
    """Avatars whose pictures are replaced, as the rows of a batch: each asks for what its avatar shows.

    ``uploads`` and ``made_so`` count those that were left out: as nobody knows what an uploaded picture shows, and
    since their pictures are by the engine already.
    """

    columns: Sequence[str] = ()
    remarks: Sequence[str] = ()

    def __init__(
        self, queries: "Queries", engine: str, ids: Sequence[str], *, prompt: str | None, uploads: int, made_so: int
    ) -> None:
        self.ids = ids
        self._engine = engine
        self._prompt = prompt
        self.uploads = uploads
        self.made_so = made_so
        self._queries = queries

    def field_of(self, column: str) -> str | None:  # noqa: ARG002 - it has no columns
        return None

    def introduced(self, rows: int) -> str:
        left_out = [
            f"{count:,} {what}"
            for count, what in ((self.made_so, f"by {self._engine} already"), (self.uploads, "uploaded"))
            if count
        ]
        rest = f"; left out: {', '.join(left_out)}" if left_out else ""
        return f"{counted(rows, 'avatar')} to get another picture{rest}."

    def rows(self) -> Iterator[PersonaRow | BadRow]:
        number = 0
        for first in range(0, len(self.ids), _PAGE):
            page = self.ids[first : first + _PAGE]
            found = self._queries.find_avatars_by_ids(page)
            for id_ in page:
                number += 1
                if id_ in found:
                    row = row_of(found[id_], number)
                    yield row if self._prompt is None else row._replace(prompt=self._prompt)
                else:
                    yield BadRow(number, {"avatar": id_}, (Problem(None, None, _deleted(id_)),))


class Chooser:
    """Chooses the avatars that get other pictures, by requests of ``builder`` to ``engine``."""

    def __init__(self, app: App, builder: RequestBuilder, engine: str, prompt: str | None) -> None:
        self._app = app
        self._builder = builder
        names = engine_names(engine)
        self._engines = sharing(names) or names[:1]  # the others are fallen back to
        self._prompt = prompt

    def choose(self, ids: Iterable[str] | None, wanted: "AvatarFilter | None") -> UpgradeRows:
        """Return those of ids, or without any those that match."""
        if ids is not None:
            return self.given(ids)
        return self.matching(domain.filters.AvatarFilter() if wanted is None else wanted)

    def given(self, ids: Iterable[str]) -> UpgradeRows:
        """Return those of ids. Raises InvalidInput for one of a picture that was uploaded, NotFound."""
        avatars = self._given(listed(ids))
        others = [avatar.id for avatar in avatars if not self._is_made_so(avatar)]
        return self._rows_of(others, made_so=len(avatars) - len(others))

    def matching(self, wanted: "AvatarFilter") -> UpgradeRows:
        """Return those that match and have pictures by another engine, oldest first."""
        expect("wanted", wanted, domain.filters.AvatarFilter, "an AvatarFilter, such as AvatarFilter(text='sarah')")
        ids, uploads, made_so = list[str](), 0, 0
        for avatar in self._app.finder.find(wanted, limit=None):
            if avatar.source_type is domain.records.SourceType.UPLOADED:
                uploads += 1
            elif avatar.engine in self._engines:
                made_so += 1
            else:
                ids.append(avatar.id)
        return self._rows_of(ids[::-1], uploads=uploads, made_so=made_so)

    def _rows_of(self, ids: Sequence[str], *, made_so: int, uploads: int = 0) -> UpgradeRows:
        engine = " and ".join(self._engines)
        return UpgradeRows(self._app.queries, engine, ids, prompt=self._prompt, uploads=uploads, made_so=made_so)

    def _given(self, ids: Iterable[str]) -> "list[Avatar]":
        avatars = {avatar.id: avatar for avatar in map(self._app.queries.get_avatar, ids)}
        for avatar in avatars.values():
            if avatar.source_type is domain.records.SourceType.UPLOADED:
                raise InvalidInput(
                    f"{shown(avatar.name)} ({avatar.id}) is a picture that was uploaded: nothing says how to make it.",
                    hint="Leave it out; to make a picture of the same person: avatar generate --help",
                )
        return list(avatars.values())

    def _is_made_so(self, avatar: "Avatar") -> bool:
        """Return whether a picture that is no batch's was asked for just so: it has no recipe to be known by."""
        row = row_of(avatar, 1)
        row = row if self._prompt is None else row._replace(prompt=self._prompt)
        if avatar.engine not in self._engines:
            return False
        request = self._builder.request(row, avatar.seed or 1, avatar.engine)
        model = self._app.engines.load(request.engine).plan(request.picture(request.seed)).model
        wanted = {
            "model": model,
            "seed": request.seed,
            "width_px": request.width_px,
            "height_px": request.height_px,
            "full_prompt": request.prompt.full,
        }
        options = {name: value for name, value in decisive(request.options).items() if name != "model"}
        had = avatar.recipe.get("options", {})
        return all(avatar.recipe.get(name) == value for name, value in wanted.items()) and all(
            had.get(name) == value for name, value in options.items()
        )


def engine_of_photographs(engine: str) -> str:
    """Return the engine of new pictures: the one that is named, or else that of photographs."""
    expect("engine", engine, str, "the name of an engine as a text")
    return next(iter(ENGINES)) if engine.lower() == AUTO_ENGINE else engine.lower()


def row_of(avatar: "Avatar", number: int) -> PersonaRow:
    """Return what asks for another picture of an avatar: all that the one that it has was asked for."""
    said = {
        "project": avatar.project_name,
        "name": avatar.name,
        "seed": avatar.seed,
        "width_px": avatar.width_px,
        "height_px": avatar.height_px,
        "format": avatar.format,
        "negative_prompt": avatar.negative_prompt,
    }
    return PersonaRow(
        number,
        {"avatar": avatar.id},
        avatar.persona,
        avatar.attributes,
        avatar.prompt,
        {name: value for name, value in said.items() if value is not None},
        None if avatar.persona_id is None else row_id_of(avatar.persona_id),
        replaces=Replaced(avatar.id, avatar.persona_id, _place_of(avatar), avatar.engine),
    )


def _place_of(avatar: "Avatar") -> Place | None:
    """Return where the copy of a picture is; None where there is none, or something else by now."""
    if avatar.copy_path is None or not storage.pictures.copies.is_copy_of(avatar.copy_path, avatar.image_path):
        return None
    return Place(str(avatar.copy_path), str(avatar.copy_path.parent), replace=True)


def _deleted(id_: str) -> str:
    return f"The avatar {id_} was deleted meanwhile."
