"""Which encoding a text is in, and its characters."""

import codecs
import io
import re
from typing import BinaryIO, NamedTuple, TextIO

from avatar_creator.persona_files.formats.source import Source

_SAVE = 'Save it as UTF-8 ("CSV UTF-8", as Excel calls it) and try again.'
_WESTERN = "avatar_creator.windows_1252"  # the name of our handler of bytes that are no UTF-8
BOM = "\ufeff"  # within a text it stands where a file was put behind another
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", ()),
    (codecs.BOM_UTF32_LE, "utf-32-le", ("UTF-32",)),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be", ("UTF-32",)),
    (codecs.BOM_UTF16_LE, "utf-16-le", ("UTF-16",)),
    (codecs.BOM_UTF16_BE, "utf-16-be", ("UTF-16",)),
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # they mean nothing in Windows-1252
_LETTERS_TOGETHER = 3  # more letters with accents in a row than a Western word has
_ZEROS_LEAST = 2  # of a text in UTF-16: one alone is a fault in another text
_BLOCK = 2**20


class Text:
    """A file as characters. All of it is read to find its encoding; ``notes`` say what is unusual in that.

    Raises InvalidInput for an encoding that is not known.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._encoding = _encoding_of(source)
        self.notes = self._encoding.notes

    @property
    def head(self) -> str:
        """The characters that the file begins with."""
        with self._encoding.reader(io.BytesIO(self.source.head)) as text:
            try:
                return text.read()
            except UnicodeDecodeError:  # cut within a character
                return self.source.head[self._encoding.begin :].decode(self._encoding.codec, "ignore")

    def open(self) -> TextIO:
        """Return the characters from the first, with line ends as they are."""
        return self._encoding.reader(self.source.open())


class _Encoding(NamedTuple):
    codec: str
    notes: tuple[str, ...] = ()
    begin: int = 0  # of the text, behind its byte order marks

    def reader(self, file: BinaryIO) -> TextIO:
        file.seek(self.begin)
        errors = _WESTERN if self.codec == "utf-8" else "strict"
        return io.TextIOWrapper(file, encoding=self.codec, errors=errors, newline="")


def is_text(head: bytes) -> bool:
    """Return whether these bytes can be the beginning of a text."""
    if any(head.startswith(mark) for mark, _, _ in _BOMS) or _without_mark(head):
        return True
    controls = len(_CONTROLS.findall(head)) + head.count(0)
    return controls <= 1 + len(head) // 100


def _encoding_of(source: Source) -> _Encoding:
    for mark, codec, notes in _BOMS:
        if source.head.startswith(mark):
            begin = len(mark)
            while source.head.startswith(mark, begin):  # programs that write one may add it to another's
                begin += len(mark)
            return _checked(source, _Encoding(codec, notes, begin))
    return _checked(source, _Encoding(*(_without_mark(source.head) or ("utf-8", ()))))


def _without_mark(head: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Return UTF-16 if every second byte of some is zero: letters, delimiters and line ends have such a half."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < max(_ZEROS_LEAST, len(head) / 20) or min(even, odd) * 10 > max(even, odd):
        return None
    return ("utf-16-le" if odd > even else "utf-16-be"), ("UTF-16 without a byte order mark",)


def _checked(source: Source, encoding: _Encoding) -> _Encoding:
    """Return the encoding if all of the text is in it; a text that is no UTF-8 may be in Windows-1252."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    with source.open() as file:
        file.seek(encoding.begin)
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            if encoding.codec == "utf-8":
                return _western(source, encoding)
            raise source.refusal(f"is no {encoding.codec[:6].upper()} to its end", "Save it anew.") from error
    return encoding


def _western(source: Source, encoding: _Encoding) -> _Encoding:
    """Return the encoding, noting where its first bytes in Windows-1252 are. Raises InvalidInput if they are in none.

    A text may be in UTF-8 and have single rows in Windows-1252, as when two files were joined.
    """
    high = together = 0
    line, first = 1, None
    with source.open() as file:
        while block := file.read(_BLOCK) + file.readline(_BLOCK):
            foreign = _UTF_8.sub(b"", block)
            runs = _HIGH.findall(foreign)
            if runs and first is None:
                first = line + foreign[: foreign.index(runs[0])].count(b"\n")
            line += block.count(b"\n")
            high += sum(map(len, runs))
            together += sum(len(run) for run in runs if len(run) >= _LETTERS_TOGETHER)
            if any(_UNUSED.search(run) for run in runs) or together * 2 > high:
                raise source.refusal(f"is in an encoding that is not known here, as line {first} shows", _SAVE)
    note = f"from line {first} on in Windows-1252 (Latin-1): if letters look wrong, save it as UTF-8"
    return encoding._replace(notes=(*encoding.notes, note))


def _decode_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error(_WESTERN, _decode_western)
