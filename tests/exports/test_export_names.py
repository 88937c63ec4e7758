"""Names of files that every file system takes, for whatever people are called."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.text import fold
from avatar_creator.errors import InvalidInput
from avatar_creator.exports.names import Names
from sample_records import an_avatar

PNG = PictureFormat.PNG


def named(*names: str, pattern: str = "{name}", sizes: tuple[int, ...] = ()) -> list[str]:
    given_ = Names(pattern, sizes)
    return [file for name in names for file in given_.all_of(an_avatar(name=name), PNG)]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("manifest", "manifest.png"),
        ("library", "library.png"),
        ("index", "index.png"),
        ("export", "export.png"),
        ("CON", "CON_.png"),
        ("nul.tar", "nul-tar.png"),
        ("com1", "com1_.png"),
        ("Ana.", "Ana.png"),
        ("..", "unknown.png"),
        ("../../etc/passwd", "etc-passwd.png"),
        ("a:b*c?", "a-b-c.png"),
        ("<script>", "script.png"),
        ("=cmd|x", "cmd-x.png"),
        ("\U0001f600", "unknown.png"),
        ("مريم", "مريم.png"),
        ("-rf", "rf.png"),
    ],
)
def test_a_name_is_one_everywhere(name: str, file: str) -> None:
    assert named(name) == [file]


def test_names_that_are_one_on_some_disk_are_numbered() -> None:
    nfc, nfd = unicodedata.normalize("NFC", "José"), unicodedata.normalize("NFD", "José")
    assert named("Ana", "ANA", "ana", "Ana-2") == ["Ana.png", "ANA-2.png", "ana-3.png", "Ana-2-2.png"]
    assert named(nfc, nfd) == ["José.png", "José-2.png"]


def test_ten_thousand_namesakes_have_ten_thousand_names() -> None:
    files = named(*["Ana"] * 10_000)
    assert (len(set(files)), files[0], files[-1]) == (10_000, "Ana.png", "Ana-10000.png")


def test_sizes_come_last_also_behind_numbers() -> None:
    files = named("Ana", "Ana", sizes=(64, 32))
    assert files == ["Ana-64.png", "Ana-32.png", "Ana-2-64.png", "Ana-2-32.png"]


def test_sizes_stand_where_the_pattern_has_them() -> None:
    files = named("Ana", "Ana", pattern="{size:04}/{name}.webp", sizes=(512, 64))
    assert files == ["0512/Ana.webp", "0064/Ana.webp", "0512/Ana-2.webp", "0064/Ana-2.webp"]


def test_nobody_is_in_the_folder_of_the_records() -> None:
    assert named("Library", pattern="{name}/{n}") == ["Library_/1.png"]


@given(st.lists(st.text(max_size=300), min_size=1, max_size=5), st.sampled_from(["{name}", "{name}/{name}-{n}"]))
def test_any_names_give_as_many_files(names: list[str], pattern: str) -> None:
    files = named(*names, pattern=pattern, sizes=(64, 32))
    assert len({fold(file) for file in files}) == 2 * len(names)
    for file in files:
        for part in file.split("/"):
            assert 0 < len(part.encode()) <= 255
            assert not set(part) & set('<>:"/\\|?*\0')
            assert not part.startswith(".")
            assert not part.endswith((".", " "))


def test_too_long_a_name_is_cut_between_letters() -> None:
    (file,) = named("e\u0301o\u0308" * 200 + "\u0939\u093f" * 200)
    assert 200 < len(file.encode()) <= 255
    (file,) = named("x" + "\u0939\u0902" * 200)  # letters with a mark
    assert file.removesuffix(".png").endswith("\u0939\u0902")


@pytest.mark.parametrize("pattern", ["", "..", "../{name}", "/x", "~/x", "a//b", "a:b", "a\tb", "a./{n}", "a /{n}"])
def test_a_pattern_that_leads_elsewhere_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidInput, match=r"^names is "):
        Names(pattern)
