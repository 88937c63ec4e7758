"""Whether pictures are those that were saved, and whether their recipes make them again. Nothing is written."""

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event, Lock
from typing import Any, NamedTuple

from avatar_creator.decoding import Undecodable, isolated
from avatar_creator.decoding.reading import read_regular
from avatar_creator.domain.picture import Embed
from avatar_creator.domain.records import Avatar
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.domain.text import visible
from avatar_creator.domain.verification import Verdict, Verified, changes, doubts
from avatar_creator.engines.base import Engine
from avatar_creator.engines.table import ENGINES, Apart, draws
from avatar_creator.errors import AvatarError, Cancelled, StorageError
from avatar_creator.jobs.attempt import stopped
from avatar_creator.jobs.engine_processes.pool import EngineProcesses
from avatar_creator.jobs.engine_processes.rowless import Rowless
from avatar_creator.jobs.engine_processes.transport import Transport
from avatar_creator.jobs.prepare import Made, prepare
from avatar_creator.services.picture_check import MISSING, wrong_with
from avatar_creator.storage.pictures import containers

_EACH_PROCESS = 2  # pictures: one is drawn, and one compared or read
_AHEAD = 4  # pictures of each thread, of which nobody has asked for the result yet
_BYTES_MOST = 2**26  # of a picture: more than any that avatar saves
_THUMBNAIL_BYTES_MOST = 2**20
_THUMBNAIL_PX = 10**6
_LOOKS_ALIKE = 40  # bits that the hashes of a picture and its thumbnail may differ in
_RULES = "drawing_rules"
_OF_RECIPE = ("engine", "model", "seed", "width_px", "height_px", "format")  # that a row has as well


class _Finding(NamedTuple):
    verdict: Verdict
    said: str


class _Watch(Rowless):
    """Ends a drawing that nobody waits for any more."""

    def __init__(self, is_stopped: Event) -> None:
        self._is_stopped = is_stopped

    def progress(self, fraction: float, /) -> None:  # noqa: ARG002 - the signature of Watch
        if self._is_stopped.is_set():
            raise stopped()

    def phase(self, what: str, /) -> None: ...


class Verifier:
    """Verifies pictures, as many at once as there are processes for: its memory does not grow with their number."""

    def __init__(self, load_engine: Callable[[str], Engine], processes_most: int) -> None:
        self._load_engine = load_engine
        self._processes_most = processes_most

    def run(self, pictures: Iterable[tuple[Avatar, bool]], *, redraw: bool = True) -> Generator[Verified, None, None]:
        """Yield what is found of avatars, each with one of its pictures, and whether that is the current one.

        They are in the order given. Without ``redraw`` no drawing is made again. Close it to end it early.
        """
        drawings = _Drawings(self._load_engine, self._processes_most)
        threads = self._processes_most * _EACH_PROCESS
        pool = ThreadPoolExecutor(threads)
        begun: deque[Future[Verified]] = deque()

        def verify(avatar: Avatar, is_current: bool) -> Verified:
            found = _damage(avatar) or _made_again(avatar, drawings if redraw else None)
            return Verified(avatar, *found, is_current)

        try:
            for avatar, is_current in pictures:
                begun.append(pool.submit(verify, avatar, is_current))
                if len(begun) >= threads * _AHEAD:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            drawings.close()
            pool.shutdown(cancel_futures=True)


class _Drawings:
    """Draws once more, in engine processes as batches do, and in this one until those are ready."""

    def __init__(self, load_engine: Callable[[str], Engine], processes_most: int) -> None:
        self._load_engine = load_engine
        self._processes_most = processes_most
        self._processes: dict[str, EngineProcesses] = {}
        self._changes = Lock()
        self._engine = Lock()  # one drawing takes a core
        self._is_stopped = Event()

    def draw(self, request: GenerationRequest) -> Made:
        """Return the drawing. Raises AvatarError."""
        watch = _Watch(self._is_stopped)
        processes = self._processes_of(request.engine)
        if processes is not None:
            made = processes.make(request, request.seed, watch)
            if made is not None:
                return made
        with self._engine:
            picture = self._load_engine(request.engine).generate(request.picture(request.seed), watch)
        return prepare(request, request.seed, picture)

    def _processes_of(self, engine: str) -> EngineProcesses | None:
        if self._processes_most == 1 or ENGINES[engine].apart is Apart.NO:
            return None
        with self._changes:
            if engine not in self._processes:
                self._processes[engine] = EngineProcesses(engine, [Transport(most=self._processes_most)])
            return self._processes[engine]

    def close(self) -> None:
        self._is_stopped.set()
        for processes in self._processes.values():
            processes.close()


def _damage(avatar: Avatar) -> _Finding | None:
    """Return what is wrong with the files of a picture, and with what its row says of them."""
    if wrong := wrong_with(avatar.image_path, avatar.bytes):
        return _wrong("file", wrong)
    try:
        with avatar.image_path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return _Finding(Verdict.MISSING, f"Its file cannot be read: {error.strerror}.")
    if sha256 != avatar.sha256:
        return _Finding(
            Verdict.CHANGED,
            f"Its file has other bytes than were saved: its SHA-256 begins with {sha256[:12]}, and the row says"
            f" {visible(avatar.sha256[:12])}.",
        )
    return _thumbnail_damage(avatar.thumbnail_path) or _contradiction(avatar)


def _wrong(what: str, wrong: str) -> _Finding:
    is_there = not wrong.startswith((MISSING, "cannot be read"))
    return _Finding(Verdict.CHANGED if is_there else Verdict.MISSING, f"Its {what} {wrong}.")


def _thumbnail_damage(path: Path) -> _Finding | None:
    try:
        data = read_regular(path, _THUMBNAIL_BYTES_MOST)
    except (FileNotFoundError, NotADirectoryError):
        return _wrong("thumbnail", MISSING)
    except OSError as error:
        return _wrong("thumbnail", f"cannot be read: {error.strerror or error}")
    return None if _hash_of(data) is not None else _Finding(Verdict.CHANGED, "Its thumbnail is no picture any more.")


def _contradiction(avatar: Avatar) -> _Finding | None:
    """Find a row that another program changed: it says of its picture what the recipe beside it does not."""
    recipe = avatar.recipe
    said = {name: getattr(avatar, name) for name in _OF_RECIPE}
    other = [name for name in _OF_RECIPE if name in recipe and recipe[name] != said[name]]
    if not other:
        return None
    name = other[0]
    there = f"its row says {visible(str(said[name]))}, and its recipe {visible(str(recipe[name]))}"
    return _Finding(
        Verdict.CHANGED, f"The {name.removesuffix('_px').replace('_', ' ')} was changed by another program: {there}."
    )


def _made_again(avatar: Avatar, drawings: _Drawings | None) -> _Finding:
    """Return what is proved of a picture whose bytes are those that were saved."""
    recipe = avatar.recipe
    if not recipe:
        return _Finding(Verdict.INTACT, "It has no recipe, as pictures that were uploaded.")
    if not draws(recipe.get("engine")):
        return _Finding(Verdict.INTACT, doubts(recipe))
    if drawings is None:
        return _Finding(Verdict.INTACT, "It was not drawn again.")
    try:
        made = drawings.draw(_request(recipe))
    except Cancelled:
        raise
    except AvatarError as error:
        return _Finding(Verdict.INTACT, f"It cannot be drawn again. {error.message}")
    return _compared(avatar, made)


def _compared(avatar: Avatar, made: Made) -> _Finding:
    """Return whether a drawing is the picture that an avatar has."""
    try:
        saved = read_regular(avatar.image_path, _BYTES_MOST)
        thumbnail = read_regular(avatar.thumbnail_path, _THUMBNAIL_BYTES_MOST)
    except OSError as error:  # it was all right a moment ago
        return _Finding(Verdict.MISSING, f"Its file cannot be read: {error.strerror}.")
    if not _has_same_pixels(saved, made.picture.data):
        return _differing(avatar, made)
    if thumbnail != made.picture.thumbnail and not _is_alike(_hash_of(thumbnail), made):
        return _Finding(Verdict.CHANGED, "Its thumbnail shows another picture.")
    return _Finding(Verdict.OK, "Drawn again, every pixel is the same.")


def _request(recipe: Mapping[str, Any]) -> GenerationRequest:
    """Return what draws a recipe again, by the rules of today. Raises InvalidInput for what is no recipe of ours."""
    options = recipe.get("options")
    of_engine = {name: value for name, value in options.items() if name != _RULES} if isinstance(options, dict) else {}
    asked = {**recipe, "name": "verified", "embed": Embed.NONE, "options": of_engine}
    if asked.get("jpeg_quality") is None:
        asked.pop("jpeg_quality", None)
    return GenerationRequest.from_json(asked, project="", engine=recipe["engine"], seed=recipe.get("seed", 0))


def _differing(avatar: Avatar, made: Made) -> _Finding:
    before, now = avatar.recipe, made.recipe
    known = [
        changes(part, now[name])
        for name in ("options", "made_with")
        if isinstance(part := before.get(name), dict) and isinstance(now[name], dict)
    ]
    what = ", ".join(filter(None, known)) or "nothing that its recipe names"
    try:
        is_alike = _is_alike(_hash_of(read_regular(avatar.image_path, _BYTES_MOST)), made)
    except OSError:
        is_alike = False
    eye = " To the eye it is the same." if is_alike else ""
    return _Finding(Verdict.DIFFERS, f"Drawn again, it is another drawing.{eye} What changed: {visible(what)}.")


def _has_same_pixels(saved: bytes, drawn: bytes) -> bool:
    """Compare without metadata; what is coded otherwise may be the same pixels all the same."""
    try:
        bare, again = containers.rewrite(saved), containers.rewrite(drawn)
        if bare == again:
            return True
        sides = containers.read(saved)
        pixels = sides.width_px * sides.height_px
        return isolated.convert(bare, "PNG", 100, pixels) == isolated.convert(again, "PNG", 100, pixels)
    except (StorageError, Undecodable):
        return False


def _hash_of(data: bytes) -> bytes | None:
    try:
        return isolated.perceptual_hash(data, 1, _THUMBNAIL_PX * 16)
    except Undecodable:
        return None


def _is_alike(hash_: bytes | None, made: Made) -> bool:
    if hash_ is None or made.picture.perceptual_hash is None:
        return False
    return (int.from_bytes(hash_) ^ int(made.picture.perceptual_hash, 16)).bit_count() <= _LOOKS_ALIKE
