import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from picture_files import FORMATS, encoded

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.errors import InvalidInput
from avatar_creator.storage.pictures.files import read_picture

PICTURE = encoded(FORMATS[0])


def read(path: Path) -> bytes:
    return read_picture(path, bytes_most=len(PICTURE))


def put(folder: Path, data: bytes) -> Path:
    path = folder / "upload.jpg"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_is_read_whatever_it_is_called(kind: PictureFormat, tmp_path: Path) -> None:
    data = encoded(kind)
    assert read_picture(put(tmp_path, data), bytes_most=len(data)) == data


def ftyp(*brands: bytes) -> bytes:
    """Return the head of a film, or of a picture in the same container."""
    body = brands[0] + bytes(4) + b"".join(brands)
    return (len(body) + 8).to_bytes(4, "big") + b"ftyp" + body + b"\0\0\0\x08mdat"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"Dear diary", "is text, not a JPEG, PNG or WebP picture"),
        (b"GIF89a" + bytes(20), "is a GIF picture"),
        (b"BM" + bytes(20), "is a BMP picture"),
        (b"II*\0" + bytes(20), "is a TIFF or raw picture"),
        (b"MM\0+\0\x08\0\0", "is a TIFF picture"),
        (b"\0\0\1\0\1\0" + bytes(20), "is an icon"),
        (b"8BPS\0\1" + bytes(20), "is a Photoshop document"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "is a JPEG 2000 picture"),
        (b"\xff\x4f\xff\x51\0\x2f", "is a JPEG 2000 picture"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "is a JPEG XL picture"),
        (b"\xff\x0a\x7a", "is a JPEG XL picture"),
        (ftyp(b"heic"), "is a HEIC picture"),
        (ftyp(b"msf1", b"hevc"), "is a HEIC picture"),
        (ftyp(b"mif1", b"heic", b"miaf"), "is a HEIC picture"),
        (ftyp(b"mif1", b"miaf", b"avif"), "is an AVIF picture"),
        (ftyp(b"avis", b"msf1"), "is an AVIF picture"),
        (ftyp(b"isom", b"avc1"), "is an MP4 film"),
        (ftyp(b"qt  "), "is a QuickTime film"),
        (b"\0\0\0\0ftyp", "is an MP4 film"),
        (b"%PDF-1.7", "is a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "is a PostScript document"),
        (b"<?xml version='1.0'?><svg/>", "is an SVG drawing"),
        (b"<!DOCTYPE HTML><title>404", "is a web page"),
        ("\ufeffDear diary".encode("utf-16"), "is text"),
        (bytes(100), "holds only zero bytes"),
        (b"a" + bytes(20), "is of an unknown kind"),
        (b"\x80\x81\x82\x83", "is of an unknown kind"),
        (PICTURE + b"\0", "is larger than"),
    ],
)
def test_other_files_are_refused_with_a_way_out(data: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=reason) as caught:
        read(put(tmp_path, data))
    assert "upload.jpg" in caught.value.message
    assert caught.value.hint


def fifo(path: Path) -> None:
    os.mkfifo(path)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(path))


@pytest.mark.skipif(os.name != "posix", reason="Windows has none of these in its folders")
@pytest.mark.parametrize(
    ("make", "kind"),
    [(Path.mkdir, "a folder"), (fifo, "a pipe"), (listening, "a socket")],
)
def test_what_is_no_file_is_refused_at_once(make: Callable[[Path], None], kind: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.jpg"
    make(path)
    with pytest.raises(InvalidInput, match=rf"upload\.jpg' is {kind}, not a picture"):
        read(path)


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="needs a device without an end")
def test_a_device_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match="a device"):
        read(Path("/dev/zero"))


@pytest.mark.skipif(os.name != "posix", reason="needs a pipe with a name")
def test_a_pipe_that_took_the_place_of_a_file_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo(tmp_path / "pipe")
    path = put(tmp_path, PICTURE)
    looked_at = path.stat()
    path.unlink()
    (tmp_path / "pipe").rename(path)
    monkeypatch.setattr(Path, "stat", lambda _: looked_at)
    with pytest.raises(InvalidInput, match="a pipe"):
        read(path)


@pytest.mark.parametrize("name", ["missing.jpg", "n" * 300], ids=["missing", "long"])
def test_what_cannot_be_found_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(tmp_path / name)


def test_what_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:  # a real one stops nobody who runs the tests as root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    with pytest.raises(InvalidInput, match="Permission denied") as caught:
        read(put(tmp_path, PICTURE))
    assert "permissions" in (caught.value.hint or "")


def test_escapes_in_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path / "\x1b[31mred.jpg")
    assert "\x1b" not in caught.value.message


@pytest.mark.parametrize("name", ["a\0.png", "a\ud800.png"])
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="is no name that a file can have"):
        read_picture(Path(name), bytes_most=100)
