"""Where the copies of a batch's pictures go, by a pattern of fields and of columns of its file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from avatar_creator.domain.output_pattern import OutputPattern, Places, picture_values
from avatar_creator.domain.persona_row import BadRow, Problem
from avatar_creator.domain.picture import Embed
from avatar_creator.domain.place import Place
from avatar_creator.domain.request import name_of
from avatar_creator.domain.text import visible
from avatar_creator.errors import AvatarError, InvalidInput
from avatar_creator.jobs.batch.rows import Duplicate, Rows, Wanted
from avatar_creator.jobs.batch.states import Found
from avatar_creator.storage.pictures import copies, marks

_AN_ID = "av_" + 13 * "0"  # as long as any
_NAMED_MOST = 3  # files that an error names


class BatchOutputs:
    """The places of a batch's copies. ``extension`` is that of names that have none, in a folder of ids."""

    def __init__(self, pattern: OutputPattern, *, extension: str | None, force: bool) -> None:
        self._pattern = pattern
        self._suffix = f".{extension}" if extension else ""
        self._force = force
        self._taken: dict[str, str | None] = {}  # files that are there already, and the SHA-256 of each
        self._replaceable: set[str] = set()

    @property
    def folder(self) -> str:
        """The folder below which all of them are."""
        return self._pattern.folder

    def placed(self, rows: Rows) -> Iterator[Wanted | Duplicate | BadRow]:
        """Yield rows, each picture with its place; namesakes are numbered in the order of the file.

        A row whose picture can have no such name is bad.
        """
        places, n = Places(self._pattern), 0
        for each in rows:
            if not isinstance(each, Wanted):
                yield each
                continue
            n += 1
            try:
                path = self._path(each, n, _AN_ID)
                if "id" not in self._pattern.fields:
                    path = places.place(path)
            except InvalidInput as error:
                yield BadRow(each.row.number, each.row.cells, (Problem(None, None, error.message),))
            else:
                may_replace = self._force or path in self._replaceable
                yield each._replace(place=Place(path, self._pattern.folder, may_replace))

    def check(self, found: Found, pictures: Callable[[str], Iterable[Path]]) -> Path | None:
        """Note a file that stands where a copy is to go, if it is none of its avatar's ``pictures``.

        Return its path if it is the copy that is wanted, of the first of these. Raises InvalidInput for what can be no
        picture's place.
        """
        place = found.wanted.place
        if place is None:
            return None
        is_there = copies.check_place(Path(place.path), Path(place.folder))
        avatar = found.avatar[0] if found.avatar else found.known and found.known.avatar_id
        path = Path(path_of(place, avatar).path) if avatar else Path(place.path)
        if not is_there and not path.exists():
            return None
        own = filter(Path.is_file, pictures(avatar) if avatar else ())
        for n, picture in enumerate(own):
            data = picture.read_bytes()
            if copies.is_copy_saying(path, data, (found.wanted.means.embed,)):
                return None if n else path
            if copies.is_copy_saying(path, data, Embed):
                return None
        if is_there and not self._force:
            self._taken[place.path] = copies.digest(Path(place.path))
        return None

    def allow_stored(self, find_stored: Callable[[Sequence[str]], set[str]]) -> None:
        """Let copies of pictures be replaced that the home still has, such as one of a row as it was before an edit.

        ``find_stored`` returns those of some SHA-256 that are of stored pictures.
        """
        digests = [digest for digest in self._taken.values() if digest]
        stored = find_stored(digests) if digests else set()
        self._replaceable = {path for path, digest in self._taken.items() if digest in stored}

    def check_taken(self) -> None:
        """Raise InvalidInput if files are there that are not to be replaced."""
        taken = [path for path in self._taken if path not in self._replaceable]
        if taken:
            rest = len(taken) - _NAMED_MOST
            named = ", ".join(map(visible, taken[:_NAMED_MOST])) + (f" and {rest:,} more" if rest > 0 else "")
            raise InvalidInput(
                f"output names {named}, which {'is' if len(taken) == 1 else 'are'} there already.",
                hint="Give another name, or say --force to replace what is there.",
            )

    def _path(self, wanted: Wanted, n: int, id_: str) -> str:
        row = wanted.row
        values = picture_values(
            wanted.means.pattern_values,
            row.persona,
            row.attributes,
            row.prompt,
            persona_id=row.persona_id,
            name=row.choices.get("name") or name_of(row.persona, row.prompt),
            seed=wanted.seed,
            n=n,
            id=id_,
        )
        return self._pattern.fill(values, row.cells) + self._suffix


def path_of(place: Place, avatar_id: str) -> Place:
    """Return the place of the picture of an avatar, whole."""
    path, folder = (Path(each.replace(_AN_ID, avatar_id)).absolute() for each in (place.path, place.folder))
    return place._replace(path=str(path), folder=str(folder))


def write_missing(place: Place, picture: Path, embed: Embed, *, replace: bool) -> AvatarError | None:
    """Write the copy of a picture that was made before, where it is missing; return why that could not be done.

    It says no more than ``embed``, whatever the picture says; a copy that says more is replaced.
    """
    path = Path(place.path)
    try:
        data = picture.read_bytes()
        wanted = marks.at_most(data, embed)
        if not copies.is_copy(path, wanted):
            may_replace = place.replace or replace or copies.is_copy_saying(path, data, Embed)
            copies.write_copy(wanted, path, replace=may_replace, below=Path(place.folder))
    except OSError as error:
        return AvatarError(f"'{visible(str(picture))}' cannot be read: {error.strerror}.")
    except AvatarError as error:
        return error
    return None


def says_more(picture: Path, embed: Embed) -> bool:
    """Return whether a picture that was made before says more than a run asks for."""
    try:
        data = b"" if embed is Embed.RECIPE else picture.read_bytes()
        return marks.at_most(data, embed) is not data
    except (OSError, AvatarError):  # gone, or damaged: the doctor says so
        return False
