"""Text that users give: what is allowed, and how it is cleaned before it is stored."""

import re
import unicodedata
from collections.abc import Sequence

from avatar_creator.errors import InvalidInput

# Bidi embeddings, overrides and isolates reorder what stands around them: a name holding one can make a
# terminal line or a file listing read as something else. Right-to-left text itself needs none of them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Cc: controls (terminal escapes among them), Cs: undecodable bytes of argv, Zl/Zp: line breaks in disguise.
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They say where a line may break, and show nothing in a text of one line: two texts would only look the same.
_BREAKS = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
# What shows nothing of its own: Unicode's Default_Ignorable_Code_Point but for the bidi controls, which are refused,
# and the blank Braille pattern. https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
_IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2060, 0x2065),
    (0x206A, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# What spreadsheets and programs write where they have no value, in any case: the last is MySQL's.
_NO_VALUE = frozenset(
    ["", "nan", "n/a", "na", "#n/a", "<na>", "none", "null", "nil", "undefined", "unknown", "-", "--", "?", "\\n"]
)
# Of these no name is among: people are called Na, Nan, Nil and Null.
_NO_NAME = frozenset(["", "nan", "NaN", "n/a", "N/A", "#N/A", "<NA>"])
# Spaces, underscores, hyphens and dashes.
_BETWEEN_WORDS = dict.fromkeys(map(ord, " _-\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"))
_JOINERS = "\u200c\u200d"
_VIRAMA = 9  # the combining class of what joins letters of Indic scripts
# After a black flag, letters of these tags and their end name a region: https://www.unicode.org/reports/tr51/
_TAGS, _TAGS_END = "".join(map(chr, range(0xE0020, 0xE007F))), "\U000e007f"
_TAGS_MOST = 32  # with its flag; no region has more than 7
_BLACK_FLAG = "\U0001f3f4"
_EMOJI_LOOK = "\ufe0e\ufe0f"
_BITS_SHOWN = 128
_SHOWN = 40  # characters of a refused value that an error repeats
# Of Hugging Face; they give away an account. Those of a login in the browser are longer: hf_oauth_….….…
_TOKEN = re.compile(r"hf_(?:[a-z]+_)?[A-Za-z0-9]{4,}(?:[._-]+[A-Za-z0-9]+)*")


def expect(field: str, value: object, kind: type, instead: str) -> None:
    """Raise InvalidInput for a value of another type: what Python programs give is checked by nobody else."""
    if not isinstance(value, kind):
        raise InvalidInput(
            f"{field} is of type {type(value).__name__}, and has to be {kind.__name__}.", hint=f"Give {instead}."
        )


def clean_line(field: str, value: str, *, longest: int) -> str:
    """Return ``value`` as one line in the one form in which it is stored: see `trimmed`.

    Raises InvalidInput when it is empty, shows nothing, is longer than ``longest`` characters or holds controls.
    """
    expect(field, value, str, f"{field} as a text")
    line = trimmed(value)
    if not line:
        blank = not value.strip()
        raise InvalidInput(
            f"{field} is empty." if blank else f"{field} shows nothing: {shown(value)}",
            hint=f"Give {field} 1 to {longest} characters, or leave it out.",
        )
    # All that is forbidden is not printable for Python, either, which says so of a whole text at once.
    bad = None if line.isprintable() else next(filter(_is_forbidden, line), None)
    if bad is not None:
        if unicodedata.category(bad) == "Cs":  # how Python represents bytes of an argument that are no text
            raise InvalidInput(
                f"{field} is not valid UTF-8 in this locale: {shown(line)}",
                hint=f"Give {field} as UTF-8; letters of any script and emoji are fine.",
            )
        raise InvalidInput(
            f"{field} holds the control character U+{ord(bad):04X}: {shown(line)}",
            hint=f"Remove it from {field}; letters of any script and emoji are fine.",
        )
    if len(line) > longest:
        raise InvalidInput(
            f"{field} has {len(line)} characters, at most {longest} are allowed: {shown(line)}",
            hint=f"Shorten {field}.",
        )
    return line


def trimmed(text: str) -> str:
    """Return a text as it is stored: white space folded, nothing invisible at its ends, composed (NFC).

    NFC, as what is typed is composed and file names of macOS are not; not NFKC, which would change what is seen:
    "x²" into "x2". What is invisible within stays where it shows: joiners in Persian, Indic scripts and emoji.
    """
    if text.isascii():
        if text.isprintable() and "  " not in text:  # most often: nothing is copied
            return text.strip(" ")
        return " ".join(text.split())
    line = " ".join(unicodedata.normalize("NFC", text.translate(_BREAKS)).split())
    start, end = 0, len(line)
    while start < end and (line[start] == " " or _is_ignorable(line[start])):
        start += 1
    while start < end and (line[end - 1] == " " or _is_idle(line, end - 1)):
        end -= 1
    return line[start:end]


def is_given(value: str, *, name: bool = False) -> bool:
    """Return whether a text is a value: not blank, and not what stands for none. A ``name`` may be "None" or "Null"."""
    line = value.strip()  # none of those words has a space within
    return line not in _NO_NAME if name else line.casefold() not in _NO_VALUE


def fold(text: str) -> str:
    """Return what is the same for texts that differ in upper and lower case, or in Unicode form, alone.

    ß is ss, and the four forms of i in Turkish and Azeri are one: whoever searches may not have them all.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFD", text).casefold().replace("i\u0307", "i").replace("\u0131", "i")
    return unicodedata.normalize("NFC", folded)


def joined(text: str) -> str:
    """Return a folded text without what stands between its words: "Dark-Brown" and "dark brown" are one."""
    return fold(text).translate(_BETWEEN_WORDS)


def clean_number(field: str, value: int, *, least: int, most: int) -> int:
    """Return ``value`` if it lies in ``least..most``, else raise InvalidInput that names both."""
    if type(value) is not int:
        raise InvalidInput(
            f"{field} is {shown(value)}, of type {type(value).__name__}, which is no whole number.",
            hint=f"Give {field} a whole number from {least} to {most}.",
        )
    if not least <= value <= most:
        # Python refuses to write a whole number of more than 4300 digits, so one that long is only described.
        huge = value.bit_length() > _BITS_SHOWN
        raise InvalidInput(
            f"{field} is {'a huge number' if huge else shown(str(value))}, outside {least} to {most}.",
            hint=f"Give {field} a whole number from {least} to {most}.",
        )
    return value


def visible(text: str) -> str:
    """Return ``text`` with characters that a terminal would obey, or not show, as escapes; all if it shows nothing."""
    if text.isascii() and text.isprintable():
        return text
    if all(c == " " or _is_ignorable(c) for c in text):
        return "".join(c if c == " " else _escape(c) for c in text)
    return "".join(_escape(c) if _is_forbidden(c) or ord(c) in _BREAKS else c for c in text)


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number and what is counted: "1 row is", "2,000 rows are". ``many`` is ``one`` with an s if not given."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def nearest(word: str, known: Sequence[str], *, alike: float = 0.6) -> str | None:
    """Return the one that is most like a word, None where none is by ``alike`` of 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - for mistakes alone

    return next(iter(get_close_matches(word, known, n=1, cutoff=alike)), None)


def without_tokens(text: str) -> str:
    """Return ``text`` with every access token made unusable."""
    return _TOKEN.sub("hf_***", text)


def encodable(text: str) -> str:
    """Return ``text`` with what UTF-8 cannot hold written out: a byte of a file's name, or half of a character."""
    return text.encode("utf-8", "backslashreplace").decode()


def shown(value: object) -> str:
    """Return a refused value short and harmless enough to stand in a message."""
    value = without_tokens(str(value))
    quoted = visible(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    return f"'{quoted}'"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _is_forbidden(character: str) -> bool:
    return unicodedata.category(character) in _FORBIDDEN or character in _BIDI_CONTROLS


def _is_ignorable(character: str) -> bool:
    code = ord(character)
    return any(first <= code <= last for first, last in _IGNORABLE)


def _is_idle(line: str, at: int) -> bool:
    """Return whether an ignorable character changes nothing of what stands before it."""
    character, before = line[at], line[at - 1] if at else " "
    if not _is_ignorable(character):
        return False
    if character in _JOINERS:
        return unicodedata.combining(before) != _VIRAMA
    if character in _EMOJI_LOOK:
        return unicodedata.category(before)[0] not in "SP"
    if unicodedata.name(character, "").startswith("VARIATION SELECTOR"):
        return unicodedata.category(before) != "Lo"
    return character != _TAGS_END or not line[max(0, at - _TAGS_MOST) : at].rstrip(_TAGS).endswith(_BLACK_FLAG)
