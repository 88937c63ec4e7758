"""Archives of strangers: what is read of them, and what is refused."""

import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatar_creator.archives import reading
from avatar_creator.archives.reading import open_archive
from avatar_creator.errors import InvalidInput

MARK = "library/records.jsonl"
FILES = {MARK: b"one\ntwo\n", "Ana.jpg": b"picture"}
Pack = Callable[[Path, Mapping[str, bytes]], Path]


def as_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def as_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def as_tar(path: Path, files: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w") as packed:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return path


@pytest.fixture(params=[as_folder, as_zip, as_tar])
def pack(request: pytest.FixtureRequest) -> Pack:
    chosen: Pack = request.param
    return chosen


def refused(path: Path, name: str = "Ana.jpg", bytes_most: int = 100) -> str:
    with pytest.raises(InvalidInput) as caught, open_archive(path) as archive:
        archive.within(MARK).read(name, bytes_most)
    return caught.value.message


def test_files_are_read_whole_and_line_by_line(pack: Pack, tmp_path: Path) -> None:
    with open_archive(pack(tmp_path / "x", FILES)) as archive:
        assert archive.read("Ana.jpg", 7) == b"picture"
        assert list(archive.lines(MARK, 4)) == [b"one", b"two"]
        assert list(archive.lines("Ana.jpg", 100)) == [b"picture"]


@pytest.mark.parametrize("name", ["Ben.jpg", "library", "library/records.jsonl/x"])
def test_what_is_not_there_is_named(pack: Pack, tmp_path: Path, name: str) -> None:
    assert f"has no file '{name}'" in refused(pack(tmp_path / "x", FILES), name)


def test_no_more_is_read_than_was_agreed(pack: Pack, tmp_path: Path) -> None:
    path = pack(tmp_path / "x", FILES)
    assert "is larger than" in refused(path, bytes_most=6)
    with open_archive(path) as archive, pytest.raises(InvalidInput, match=r"line 1 of .* is longer"):
        list(archive.lines(MARK, 3))


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a//x", "c:x", "a\\x", "a\0x", "x" * 1001])
def test_no_name_leads_out(pack: Pack, tmp_path: Path, name: str) -> None:
    assert "leads out of it" in refused(pack(tmp_path / "x", FILES), name)


@pytest.mark.parametrize("packer", [as_zip, as_tar])
@pytest.mark.parametrize("names", [["x", "x"], ["x", "X"], ["\u00e9", "e\u0301"], ["x", "./x"]])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path, packer: Pack, names: list[str]) -> None:
    class Doubled(dict[str, bytes]):
        def items(self) -> list[tuple[str, bytes]]:  # type: ignore[override]
            return [(name, b"") for name in names]

    assert "has two files" in refused(packer(tmp_path / "x", Doubled()))


@pytest.mark.parametrize("packer", [as_zip, as_tar])
@pytest.mark.parametrize("around", ["./", "out/", "My Export/out/"])
def test_a_folder_that_was_packed_by_hand_is_read(tmp_path: Path, packer: Pack, around: str) -> None:
    files = {f"{around}{name}": data for name, data in FILES.items()} | {"__MACOSX/._x": b""}
    with open_archive(packer(tmp_path / "x", files)) as archive:
        assert archive.within(MARK).read("Ana.jpg", 7) == b"picture"


def test_two_exports_in_one_file_are_none(tmp_path: Path) -> None:
    files = {f"{folder}/{name}": data for folder in "ab" for name, data in FILES.items()}
    assert "is no export" in refused(as_zip(tmp_path / "x", files))


def test_names_are_found_as_other_systems_write_them(tmp_path: Path) -> None:
    with open_archive(as_zip(tmp_path / "x", {"Rene\u0301.jpg": b"x"})) as archive:
        assert archive.read("Ren\u00e9.jpg", 1) == b"x"


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x", FILES)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 8] |= 1
    path.write_bytes(data)
    assert "is encrypted" in refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_that_no_limit_would_stop_is_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "x"
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr(MARK, bytes(10**6))
    assert "packed in a way" in refused(path, MARK)


def test_of_a_bomb_no_more_is_read_than_was_agreed(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x", {**FILES, "Ana.jpg": bytes(10**7)})
    assert "is larger than" in refused(path)


@pytest.mark.parametrize("parts", ["blocks", "lines"])
def test_a_bomb_that_is_read_in_parts_ends_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: str) -> None:
    monkeypatch.setattr(reading, "_FREELY", 2**20)
    bomb = b"0" * 1023 + b"\n"
    path = as_zip(tmp_path / "x", {**FILES, "Ana.jpg": bomb * 2**14})
    with zipfile.ZipFile(path) as packed:
        most = 100 * packed.getinfo("Ana.jpg").compress_size
    sizes = []
    with open_archive(path) as archive, pytest.raises(InvalidInput, match=r"'Ana\.jpg' becomes more than 100 times"):
        sizes += [
            len(each) for each in (archive.blocks("Ana.jpg") if parts == "blocks" else archive.lines("Ana.jpg", 2000))
        ]
    assert sum(sizes) <= most < 2**24


def test_a_bomb_that_says_it_is_packed_large_is_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_FREELY", 2**20)
    path = as_zip(tmp_path / "x", {MARK: b"", "Ana.jpg": bytes(2**24)})
    data = path.read_bytes()
    at = data.rindex(b"PK\1\2")
    path.write_bytes(data[: at + 20] + struct.pack("<I", 2**31) + data[at + 24 :])
    # Some versions of zipfile see that it would overlap what stands behind it.
    with open_archive(path) as archive, pytest.raises(InvalidInput, match=r"becomes more than 100 times|is damaged"):
        list(archive.blocks("Ana.jpg"))


def test_what_is_not_packed_may_be_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Pack) -> None:
    monkeypatch.setattr(reading, "_FREELY", 100)
    data = os.urandom(2**21)
    with open_archive(pack(tmp_path / "x", {**FILES, "Ana.jpg": data})) as archive:
        assert b"".join(archive.blocks("Ana.jpg")) == data


def test_a_size_that_is_not_true_costs_nothing(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x", FILES)
    data = path.read_bytes()
    at = data.rindex(b"PK\1\2")
    path.write_bytes(data[: at + 24] + struct.pack("<I", 2**32 - 2) + data[at + 28 :])
    with open_archive(path) as archive:
        assert archive.read("Ana.jpg", 100) == b"picture"


@pytest.mark.parametrize("packer", [as_zip, as_tar])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, packer: Pack) -> None:
    path = packer(tmp_path / "x", {**FILES, "Ana.jpg": os.urandom(5000)})
    path.write_bytes(path.read_bytes()[:3000])
    assert refused(path, bytes_most=10_000)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "x", "w") as packed:
        entry = tarfile.TarInfo(MARK)
        entry.type, entry.linkname = kind, "/etc/passwd"
        packed.addfile(entry)
    assert "no plain file" in refused(tmp_path / "x")


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as packed:
        entry = zipfile.ZipInfo(MARK)
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    assert "no plain file" in refused(tmp_path / "x")


@pytest.mark.parametrize("linked", ["Ana.jpg", "sub"])
def test_a_link_in_a_folder_is_not_followed(tmp_path: Path, linked: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "Ana.jpg").write_bytes(b"secret")
    folder = as_folder(tmp_path / "x", {MARK: b""})
    (folder / linked).symlink_to(tmp_path / "secret" / ("Ana.jpg" if linked == "Ana.jpg" else ""))
    assert "is a link" in refused(folder, "Ana.jpg" if linked == "Ana.jpg" else "sub/Ana.jpg")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    assert "cannot be read" in refused(tmp_path / "x")
    folder = as_folder(tmp_path / "y", {MARK: b""})
    os.mkfifo(folder / "Ana.jpg")
    assert "has no file" in refused(folder)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "neither"), (b"hello", "neither"), (b"\x1f\x8b\x08\0", "a gzip archive"), (b"\x89PNG\r\n\x1a\n", "a PNG")],
)
def test_what_is_no_archive_says_what_it_is(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x").write_bytes(data)
    assert said in refused(tmp_path / "x")


def test_very_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatar_creator.archives.reading.FILES_MOST", 3)
    for packer in (as_zip, as_tar):
        assert "more than 3 files" in refused(packer(tmp_path / "x", {f"{n}": b"" for n in range(4)}))


def test_names_that_are_no_utf8_are_refused_or_read(tmp_path: Path) -> None:
    path = as_tar(tmp_path / "x", FILES)
    path.write_bytes(path.read_bytes().replace(b"Ana.jpg", b"An\xff.jpg"))
    with tarfile.open(path) as packed:  # what a file says of itself has a sum over it
        assert packed.getnames()[0] == MARK
    assert refused(path)


def test_a_file_without_a_name_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "x", {**FILES, "a": b""})
    whole = path.read_bytes()
    at = whole.rindex(b"a", 0, whole.rindex(b"PK\5\6"))  # the last name in the list at the end
    path.write_bytes(whole[:at] + b"\0" + whole[at + 1 :])  # which is read up to there
    assert "is no name" in refused(path)


@pytest.mark.parametrize("field", [124, 148])  # size, and the sum over all
@pytest.mark.parametrize("spoilt", [b"0000009\0", b"       \0", b"1\x002\x003\x00 \0"])
def test_numbers_of_a_tar_header_that_are_none_are_refused(tmp_path: Path, field: int, spoilt: bytes) -> None:
    path = as_tar(tmp_path / "x", FILES)
    whole = bytearray(path.read_bytes())
    whole[field : field + 8] = spoilt
    path.write_bytes(whole)
    assert refused(path)


@pytest.mark.parametrize("packer", [as_zip, as_tar])
@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_spoilt_files_raise_nothing_else(tmp_path: Path, packer: Pack, data: st.DataObject) -> None:
    path = packer(tmp_path / "x", FILES)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    with suppress(InvalidInput), open_archive(path) as archive:
        found = archive.within(MARK)
        found.read("Ana.jpg", 100)
        list(found.lines(MARK, 100))
