"""What models of photographs do not understand of a prompt, as FLUX reads it: with CLIP and T5, as plain English."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from avatar_creator import domain
from avatar_creator.domain.prompt import QUALITY_TERMS, USUAL_NEGATIVE, Prompt, PromptStyle
from avatar_creator.domain.text import shown
from avatar_creator.domain.tokens import CLIP_MOST, beyond_clip

_NAMED_MOST = 5
_SYMBOLS_FROM = 0x2600  # below it are signs such as degrees and arrows, which do no harm
# The sentences on frame, light and lens that a natural prompt ends with.
_ADDED = (
    r"(?: (?:Head and shoulders|A head-and-shoulders|Looking at the camera|In soft natural light|Against a plain)[^.]*"
    r"\.)?(?: (?:Shot on an 85mm lens at f/1\.8|Natural skin texture)[^.]*\.)?$"
)
_MICRO = "\u00b5"  # Greek by its decomposition
_LETTERS = ("Lu", "Ll", "Lt", "Lo")
_OF_OTHER_TOOLS = re.compile(
    r"\([^()]*[^\W\d]\s?:\s?\d?\.?\d+\)"  # (red hair:1.3)
    r"|\({2,}[^()]+\){2,}|\[{2,}[^\[\]]+\]{2,}|\{{2,}[^{}]+\}{2,}"  # ((red hair))
    r"|\[[^\[\]]+:[^\[\]]*:?\d*\.?\d+\]"  # [red:blond:0.5]
    r"|<(?:lora|lyco|hypernet|embedding|ti):[^<>]*>|\bembedding:\S+"
    r"|(?<!\S)--(?:ar|aspect|v|version|niji|s|stylize|style|c|chaos|q|quality|seed|no|iw|tile|weird|stop|sref|cref|oref|cw"
    r"|sw|ow|raw|turbo|fast|relax|hd|test|r|repeat|p|profile|video|exp|draft)\b(?:\s+[\d.:]+|(?<=--no)\s+\w+)?"
    r"|\w+::-?\d*\.?\d+|\b__[a-z][\w/-]*__\b|\{[^{}|]+(?:\|[^{}|]+)+\}"
    r"|\bBREAK\b"
    r"|\([^()]+\)(?:\++|-{2,})"  # (red hair)++
)


def unreadable(prompt: Prompt) -> Iterator[str]:
    """Yield a sentence for what FLUX cannot read: scripts that its encoders were not trained on."""
    words = dict.fromkeys(word for word in prompt.full.split() if any(map(_is_foreign, word)))
    if words:
        named = _named(word.strip(".,;:!?()\"'") or word for word in words)
        yield f"FLUX reads English, and hardly {named} of the prompt: say it in English."


def foreign_syntax(prompt: Prompt) -> Iterator[str]:
    """Yield a sentence for weights and commands of other tools: they are sent, and read as words."""
    found = dict.fromkeys(match[0].strip() for match in _OF_OTHER_TOOLS.finditer(prompt.base or ""))
    if found:
        yield f"Weights and commands of other tools are read as words here: {_named(found)}. Leave them out."


def unread_by_clip(prompt: Prompt) -> Iterator[str]:
    """Yield a sentence for the end of a prompt that CLIP does not read, if it says more than usual words do."""
    unread = beyond_clip(_own(prompt))
    if unread:
        yield (
            f"CLIP, one of the two encoders of FLUX, reads about the first {CLIP_MOST} tokens, up to before "
            f"{shown(unread)}; T5 reads all. What matters most should come first."
        )


def unused_negative(prompt: Prompt, model: str = "FLUX") -> Iterator[str]:
    """Yield a sentence where a model takes no negative prompt and the user's own has no effect; of the usual one none.

    A natural prompt says what to see instead, as far as it can.
    """
    if prompt.negative == USUAL_NEGATIVE:
        return
    if prompt.style is not PromptStyle.NATURAL:
        yield f"{model} takes no negative prompt: it is recorded, and not sent."
    elif left := domain.natural.wishes.turned_round(prompt.negative)[1]:
        wishes = ", ".join(map(shown, left))
        yield f"{model} takes no negative prompt, and {wishes} cannot be turned round: say what to see instead."


def _own(prompt: Prompt) -> str:
    """Return a full prompt without what was added to its end here."""
    if prompt.style is PromptStyle.NATURAL:
        return re.sub(_ADDED, "", prompt.full)
    return prompt.full.removesuffix(f", {', '.join(QUALITY_TERMS)}")


def _is_foreign(character: str) -> bool:
    if character.isascii():
        return False
    category = unicodedata.category(character)
    if category == "So":
        return ord(character) >= _SYMBOLS_FROM
    # Decomposed, so that ordinals and ligatures count as the letters that they stand for.
    name = unicodedata.name(unicodedata.normalize("NFKD", character)[0], "")
    return category in _LETTERS and character != _MICRO and not name.startswith("LATIN")


def _named(words: Iterable[str]) -> str:
    each = [shown(word) for word in words]
    more = len(each) - _NAMED_MOST
    return ", ".join(each[:_NAMED_MOST]) + (f" and {more} more" if more > 0 else "")
