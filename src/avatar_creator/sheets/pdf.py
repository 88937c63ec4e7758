"""PDF files of pages that are one JPEG each, written page after page. The same pages are the same bytes."""

from collections.abc import Mapping
from typing import BinaryIO

_CATALOG, _PAGES, _METADATA, _INFO, _FIRST = 1, 2, 3, 4, 5


class PdfFile:
    """Pages are written as they come; `finish` writes what finds them."""

    def __init__(self, file: BinaryIO, title: str, creator: str, xmp: bytes, sides_pt: tuple[float, float]) -> None:
        self._file = file
        self._sides_pt = sides_pt
        self._at: dict[int, int] = {}  # where each object begins
        self._pages: list[int] = []
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._add(_METADATA, {"Type": "/Metadata", "Subtype": "/XML"}, xmp)
        self._add(_INFO, {"Title": _text(title), "Creator": _text(creator)})

    def add_page(self, jpeg: bytes, width_px: int, height_px: int) -> None:
        """Write a page, which fills its paper."""
        number = _FIRST + 3 * len(self._pages)
        width, height = self._sides_pt
        box = f"[0 0 {width:.2f} {height:.2f}]"
        shown = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q".encode("ascii")
        sides = {"Width": str(width_px), "Height": str(height_px)}
        colors = {"ColorSpace": "/DeviceRGB", "BitsPerComponent": "8", "Filter": "/DCTDecode"}
        self._add(number + 2, {"Type": "/XObject", "Subtype": "/Image", **sides, **colors}, jpeg)
        self._add(number + 1, {}, shown)
        resources = f"<< /XObject << /P {number + 2} 0 R >> >>"
        page = {"Type": "/Page", "Parent": f"{_PAGES} 0 R", "MediaBox": box, "Resources": resources}
        self._add(number, page | {"Contents": f"{number + 1} 0 R"})
        self._pages.append(number)

    def finish(self) -> None:
        """Write what finds the pages."""
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        self._add(_PAGES, {"Type": "/Pages", "Count": str(len(self._pages)), "Kids": f"[{kids}]"})
        shows_title = {"ViewerPreferences": "<< /DisplayDocTitle true >>"}
        catalog = {"Type": "/Catalog", "Pages": f"{_PAGES} 0 R", "Metadata": f"{_METADATA} 0 R"}
        self._add(_CATALOG, catalog | shows_title)
        start = self._file.tell()
        count = len(self._at) + 1
        self._file.write(f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii"))
        for number in range(1, count):
            self._file.write(f"{self._at[number]:010} 00000 n \n".encode("ascii"))
        trailer = _dictionary({"Size": str(count), "Root": f"{_CATALOG} 0 R", "Info": f"{_INFO} 0 R"})
        self._file.write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _add(self, number: int, entries: Mapping[str, str], stream: bytes | None = None) -> None:
        self._at[number] = self._file.tell()
        length = {} if stream is None else {"Length": str(len(stream))}
        self._file.write(f"{number} 0 obj\n{_dictionary({**entries, **length})}\n".encode("ascii"))
        if stream is not None:
            self._file.write(b"stream\n" + stream + b"\nendstream\n")
        self._file.write(b"endobj\n")


def _dictionary(entries: Mapping[str, str]) -> str:
    return f"<< {' '.join(f'/{name} {value}' for name, value in entries.items())} >>"


def _text(text: str) -> str:
    """Return a text as PDF has those of any writing: its UTF-16 in hexadecimal digits, which needs no escapes."""
    return f"<feff{text.encode('utf-16-be', 'replace').hex()}>"
