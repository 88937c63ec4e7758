import errno
import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from picture_files import (
    DRAWING,
    FORMATS,
    MARKS,
    camera_exif,
    encoded,
    jpeg_segment,
    opened,
    pixels,
    with_segments,
)

from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.durable import put_in_place
from avatar_creator.storage.pictures import containers, images, xmp
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.inspection import describe
from avatar_creator.storage.pictures.preparation import prepare
from stored_files import half_written, stored_files

JPEG, PNG, WEBP = FORMATS
ID = "av_0HZ3C5VQ7K2MN"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    (tmp_path / "home").mkdir()
    return PictureStore(tmp_path / "home" / "pictures")


def everything(store: PictureStore) -> list[str]:
    return sorted([*stored_files(store), *half_written(store)])


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_is_kept_with_its_thumbnail(kind: PictureFormat, store: PictureStore) -> None:
    data = encoded(kind)
    stored = store.save(ID, prepare(data, kind, MARKS, Embed.RECIPE))
    shard = hashlib.sha256(ID.encode()).hexdigest()[:2]
    assert stored.image_path == f"{shard}/{ID}.{kind.extension}"
    assert stored.thumbnail_path == f"{shard}/{ID}.thumb.jpg"
    assert everything(store) == sorted([stored.image_path, stored.thumbnail_path])
    picture, thumb = (store.path(path).read_bytes() for path in (stored.image_path, stored.thumbnail_path))
    assert (stored.bytes, stored.thumbnail_bytes) == (len(picture), len(thumb))
    assert stored.sha256 == hashlib.sha256(picture).hexdigest()
    assert (stored.format, stored.width_px, stored.height_px) == (kind, 96, 80)
    assert pixels(picture) == pixels(data)
    assert describe(picture).recipe
    with opened(thumb) as image:
        assert image.size == (300, 300)


def test_a_thumbnail_is_marked_but_never_tells_of_the_persona(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, DRAWING, Embed.RECIPE))
    told = describe(store.path(stored.thumbnail_path).read_bytes())
    assert told.digital_source_type == "algorithmicMedia"
    assert told.credit == DRAWING.credit
    assert (told.recipe, told.title, told.parameters) == (None, None, None)


def test_nothing_is_added_when_nothing_is_wanted(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.NONE))
    assert store.path(stored.image_path).read_bytes() == encoded(JPEG)
    assert describe(store.path(stored.thumbnail_path).read_bytes()).xmp is None


def test_an_upload_is_kept_to_the_byte_and_its_thumbnail_repeats_its_source_type(store: PictureStore) -> None:
    packet = xmp.write({"Iptc4xmpExt:DigitalSourceType": "trainedAlgorithmicMedia", "dc:creator": "Ann"})
    data = containers.rewrite(encoded(WEBP), xmp=packet, exif=camera_exif(6))
    stored = store.save(ID, prepare(data, WEBP, None, Embed.RECIPE))
    assert store.path(stored.image_path).read_bytes() == data
    assert (stored.width_px, stored.height_px) == (80, 96)
    told = describe(store.path(stored.thumbnail_path).read_bytes())
    assert told.digital_source_type == "trainedAlgorithmicMedia"
    assert (told.credit, told.camera_make) == (None, None)


def signed(source: str) -> bytes:
    """Return a JPEG with the beginnings of a C2PA manifest."""
    uri = f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}".encode()
    return with_segments(encoded(JPEG), jpeg_segment(0xEB, b"JP" + bytes(14) + b"c2pa" + uri))


@pytest.mark.parametrize("embed", Embed)
def test_credentials_of_who_made_it_are_kept_with_the_bytes_they_are_signed_for(
    embed: Embed, store: PictureStore
) -> None:
    data = signed("trainedAlgorithmicMedia")
    stored = store.save(ID, prepare(data, JPEG, MARKS, embed))
    assert store.path(stored.image_path).read_bytes() == data
    told = describe(store.path(stored.thumbnail_path).read_bytes())
    assert told.digital_source_type == (None if embed is Embed.NONE else "trainedAlgorithmicMedia")


def test_credentials_that_do_not_say_that_a_model_made_it_go(store: PictureStore) -> None:
    stored = store.save(ID, prepare(signed("digitalCapture"), JPEG, MARKS, Embed.MARK))
    told = describe(store.path(stored.image_path).read_bytes())
    assert (told.digital_source_type, told.c2pa) == ("trainedAlgorithmicMedia", False)


def test_keeping_again_replaces_the_pair(store: PictureStore) -> None:
    store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.RECIPE))
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.NONE))
    assert store.path(stored.image_path).read_bytes() == encoded(JPEG)
    assert len(everything(store)) == 2


def test_another_format_is_converted(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(PNG), WEBP, MARKS, Embed.MARK))
    assert stored.image_path.endswith(".webp")
    assert containers.sniff(store.path(stored.image_path).read_bytes()) is WEBP


@posix
def test_pictures_are_the_owners_alone(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    for path in (store.path(stored.image_path), store.path(stored.thumbnail_path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(store.root.stat().st_mode) == 0o700


def test_a_damaged_picture_leaves_no_trace(store: PictureStore) -> None:
    with pytest.raises(StorageError, match="damaged"):
        store.save(ID, prepare(encoded(JPEG)[:-100], JPEG, MARKS, Embed.MARK))
    assert not store.root.exists()


@pytest.mark.parametrize("call", range(7))
def test_any_write_that_fails_leaves_no_trace(call: int, store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail each durable step in turn: two new folders, two files, two renames, folder."""
    steps = 0

    def failing(real: object) -> object:
        def step(*arguments: object) -> object:
            nonlocal steps
            steps += 1
            if steps == call + 1:
                raise OSError(errno.EIO, "Input/output error")
            assert callable(real)
            return real(*arguments)

        return step

    monkeypatch.setattr(os, "fsync", failing(os.fsync))
    monkeypatch.setattr(Path, "replace", failing(Path.replace))
    with pytest.raises(StorageError, match=f"{ID}.*cannot be written: Input/output error") as caught:
        store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    assert caught.value.hint == "Check the disk, then try again."
    assert everything(store) == []


def test_every_folder_on_the_way_is_synced_once(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made it may not have come to it yet, another process or thread."""
    folder = store.path(store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK)).image_path).parent
    synced: list[Path] = []
    for place in ("durable", "pictures.images"):
        monkeypatch.setattr(f"avatar_creator.storage.{place}.sync_folder", synced.append)
    another = PictureStore(store.root)
    for _ in range(2):
        another.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    assert synced == [store.root.parent, store.root, folder, folder]


def test_an_interrupt_leaves_no_trace(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Path, __: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    assert everything(store) == []


@posix
def test_a_real_limit_is_met_with_a_way_out(store: PictureStore) -> None:
    """A process that may write 4 kB to a file: the kernel's own refusal, half-way through."""
    program = f"""
import resource, sys
from pathlib import Path
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.errors import StorageError
from avatar_creator.storage.pictures.images import PictureStore
from avatar_creator.storage.pictures.preparation import prepare
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    picture = prepare(sys.stdin.buffer.read(), PictureFormat.PNG, None, Embed.NONE)
    PictureStore(Path({str(store.root)!r})).save("{ID}", picture)
except StorageError as error:
    print(error.message)
"""
    picture = encoded(PNG, compress_level=0)
    ran = subprocess.run([sys.executable, "-c", program], input=picture, capture_output=True, check=True)
    assert b"cannot be written: File too large." in ran.stdout
    assert everything(store) == []


def test_removing_twice_is_no_error(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    store.remove(stored.image_path, stored.thumbnail_path)
    store.remove(stored.image_path, stored.thumbnail_path)
    assert everything(store) == []


def test_what_cannot_be_removed_is_reported(store: PictureStore) -> None:
    (store.root / "ab").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be removed"):
        store.remove("ab")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../outside.jpg", "ab/../../outside.jpg"])
def test_no_path_leads_out_of_the_store(path: str, store: PictureStore) -> None:
    with pytest.raises(StorageError, match="not a path of a stored picture"):
        store.path(path)
    outside = store.root.parent / "outside.jpg"
    outside.touch()
    store.remove(path)  # so that a row that names it can be deleted
    assert outside.exists()


def test_what_a_killed_process_left_is_known_by_its_name(store: PictureStore) -> None:
    stored = store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    shard = stored.image_path[:2]
    (store.root / shard / ".avatar-0123456789abcdef.part").write_bytes(b"half")
    assert half_written(store) == [f"{shard}/.avatar-0123456789abcdef.part"]
    assert sorted(stored_files(store)) == sorted([stored.image_path, stored.thumbnail_path])


def test_an_empty_store_has_no_files(store: PictureStore) -> None:
    assert everything(store) == []


def test_a_home_that_is_gone_is_not_made_again(store: PictureStore) -> None:
    store.root.parent.rmdir()
    with pytest.raises(StorageError, match="cannot be written"):
        store.save(ID, prepare(encoded(JPEG), JPEG, MARKS, Embed.MARK))
    assert not store.root.parent.exists()


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("others", [1, 2])
def test_who_puts_the_same_picture_meanwhile_has_it_and_keeps_it(
    store: PictureStore, monkeypatch: pytest.MonkeyPatch, at: int, others: int
) -> None:
    place, count = put_in_place, iter(range(100))
    added: dict[int, list[str]] = {}
    paths = []

    def put(number: int) -> None:
        added[number] = []
        paths.append(PictureStore(store.root).put(ID, "jpg", b"picture", b"thumbnail", added=added[number].append))

    def interrupted(new: Path, path: Path) -> None:
        number = next(count)
        if number >= at and len(added) <= others:
            put(len(added))
        place(new, path)

    monkeypatch.setattr(images, "put_in_place", interrupted)
    put(0)
    assert len(paths) == 1 + others
    assert len(set(paths)) == 1
    assert sorted(path for each in added.values() for path in each) == sorted(paths[0])
    assert everything(store) == sorted(paths[0])


def test_a_put_that_another_picture_stops_removes_nothing(store: PictureStore, monkeypatch: pytest.MonkeyPatch) -> None:
    place, added = put_in_place, list[str]()

    def interrupted(new: Path, path: Path) -> None:
        if path.name.endswith(".thumb.jpg"):
            path.write_bytes(b"another")
        place(new, path)

    monkeypatch.setattr(images, "put_in_place", interrupted)
    with pytest.raises(FileExistsError):
        store.put(ID, "jpg", b"picture", b"thumbnail", added=added.append)
    assert [store.path(path).read_bytes() for path in added] == [b"picture"]
    assert half_written(store) == []
