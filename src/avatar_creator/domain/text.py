"""Text that users give: what is allowed, and how it is cleaned before it is kept."""

import re
import unicodedata

from avatar_creator.errors import InvalidInput

# Bidi embeddings, overrides and isolates reorder what stands around them: a name holding one can make a
# terminal line or a file listing read as something else. Right-to-left text itself needs none of them.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Cc: controls (terminal escapes among them), Cs: undecodable bytes of argv, Zl/Zp: line breaks in disguise.
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BITS_SHOWN = 128
_SHOWN = 40  # characters of a refused value that an error repeats
# Of Hugging Face; they give away an account. Those of a login in the browser are longer: hf_oauth_….….…
_TOKEN = re.compile(r"hf_(?:[a-z]+_)?[A-Za-z0-9]{4,}(?:[._-]+[A-Za-z0-9]+)*")


def clean_line(field: str, value: str, *, longest: int) -> str:
    """Return ``value`` as one line: white space folded, nothing a terminal would obey.

    Raises InvalidInput when it is empty, longer than ``longest`` characters or holds control characters.
    """
    line = " ".join(value.split())
    if not line:
        raise InvalidInput(f"{field} is empty.", hint=f"Give {field} 1 to {longest} characters, or leave it out.")
    bad = next((c for c in line if unicodedata.category(c) in _FORBIDDEN or c in _BIDI_CONTROLS), None)
    if bad is not None:
        if unicodedata.category(bad) == "Cs":  # how Python keeps bytes of an argument that are no text
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


def clean_number(field: str, value: int, *, least: int, most: int) -> int:
    """Return ``value`` if it lies in ``least..most``, else raise InvalidInput that names both."""
    if type(value) is not int or not least <= value <= most:
        # Python refuses to write a whole number of more than 4300 digits, so one that long is only described.
        huge = type(value) is int and value.bit_length() > _BITS_SHOWN
        raise InvalidInput(
            f"{field} is {'a huge number' if huge else shown(str(value))}, outside {least} to {most}.",
            hint=f"Give {field} a whole number from {least} to {most}.",
        )
    return value


def visible(text: str) -> str:
    """Return ``text`` with characters that a terminal would obey written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(c) if unicodedata.category(c) in _FORBIDDEN or c in _BIDI_CONTROLS else c for c in text)


def without_tokens(text: str) -> str:
    """Return ``text`` with every access token made unusable."""
    return _TOKEN.sub("hf_***", text)


def shown(value: str) -> str:
    """Return a refused value short and harmless enough to stand in a message."""
    value = without_tokens(value)
    quoted = visible(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
    return f"'{quoted}'"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
