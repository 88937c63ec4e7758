"""Pages as files: a picture each, or one PDF with all of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from avatar_creator.domain.text import shown, visible
from avatar_creator.errors import InvalidInput
from avatar_creator.home import sync, sync_folder
from avatar_creator.sheets import marks
from avatar_creator.sheets.pdf import PdfFile
from avatar_creator.sheets.style import Paper
from avatar_creator.storage.durable import opened_beside, refused, write_over
from avatar_creator.storage.pictures import containers

_ANY_FILE = 0o666  # less the umask
_FORMATS: dict[str, tuple[str, dict[str, Any]]] = {  # by suffix: which of Pillow's writers, and how it writes
    ".png": (".png", {"compress_level": 4}),
    ".jpg": (".jpg", {"quality": 92}),
    ".jpeg": (".jpg", {"quality": 92}),
    ".webp": (".webp", {"quality": 90, "method": 2}),
    ".pdf": (".jpg", {"quality": 92}),
}
_PDF = ".pdf"


class Pages(Protocol):
    """Takes the pages of a sheet, one after the other."""

    files: list[Path]

    def add(self, page: Image.Image, xmp: bytes) -> None:
        """Raises StorageError when the disk refuses it."""


def paper_of(path: Path, asked: Paper | None) -> Paper | None:
    """Return the paper that its pages are for; None for pictures. Raises InvalidInput where one is asked for them."""
    if path.suffix.lower() == _PDF:
        return asked or Paper.A4
    if asked is not None:
        raise InvalidInput(
            f"page is {asked}, and output is {shown(str(path))}, a picture.",
            hint=f"Write a PDF, or leave out --page: --output {visible(path.stem)}{_PDF}",
        )
    return None


def check(path: Path) -> None:
    """Raise InvalidInput for a place where no sheet can be written."""
    said = f"output is {shown(str(path))}"
    if path.suffix.lower() not in _FORMATS:
        raise InvalidInput(f"{said}, whose suffix is no format of a sheet.", hint=f"Formats: {', '.join(_FORMATS)}.")
    if not path.parent.is_dir():
        raise InvalidInput(
            f"{said}; there is no folder {visible(str(path.parent))}.", hint="Make it first, or name another one."
        )


def check_free(path: Path, *, force: bool) -> None:
    """Raise InvalidInput where something else stands than a sheet of ours."""
    said = f"output is {shown(str(path))}"
    if path.is_dir():
        raise InvalidInput(f"{said}, which is a folder.", hint="Give another name.")
    if not force and path.exists() and not marks.is_sheet(path):
        raise InvalidInput(f"{said}, which is there already.", hint="Give another name, or say --force to replace it.")


def files_of(path: Path, pages: int) -> list[Path]:
    """Return the files of so many pages."""
    if pages == 1 or path.suffix.lower() == _PDF:
        return [path]
    digits = len(str(pages))
    return [path.with_name(f"{path.stem}-{n:0{digits}}{path.suffix}") for n in range(1, pages + 1)]


@contextmanager
def opened(path: Path, pages: int, title: str, xmp: bytes, paper: Paper | None) -> Iterator[Pages]:
    """Open what takes so many pages. A PDF is there when all are. Raises StorageError when the disk refuses it."""
    if paper is None:
        yield _Pictures(files_of(path, pages))
        return
    try:
        with opened_beside(path, _ANY_FILE) as (new, file):
            written = _Pdf(path, PdfFile(file, title, marks.CREATOR, xmp, paper.sides_pt))
            yield written
            written.file.finish()
            file.flush()
            sync(file.fileno())
            file.close()  # Windows renames no file that is open
            new.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise refused("written", path, error) from error


class _Pictures:
    def __init__(self, files: list[Path]) -> None:
        self._waiting = iter(files)
        self.files: list[Path] = []

    def add(self, page: Image.Image, xmp: bytes) -> None:
        path = next(self._waiting)
        data = containers.rewrite(_encoded(page, path), xmp=xmp)
        try:
            write_over(path, data, _ANY_FILE)
            with suppress(OSError):
                sync_folder(path.parent)
        except OSError as error:
            raise refused("written", path, error) from error
        self.files.append(path)


class _Pdf:
    def __init__(self, path: Path, file: PdfFile) -> None:
        self.files = [path]
        self._path = path
        self.file = file

    def add(self, page: Image.Image, xmp: bytes) -> None:
        data = containers.rewrite(_encoded(page, self._path), xmp=xmp)
        self.file.add_page(data, page.width, page.height)


def _encoded(page: Image.Image, path: Path) -> bytes:
    suffix, options = _FORMATS[path.suffix.lower()]
    file = BytesIO()
    file.name = f"page{suffix}"  # asked for a format by its name alone, Pillow loads the writers of five first
    page.save(file, **options)
    return file.getvalue()
