"""What a user asks for: one persona, as many pictures of it as wanted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, Self

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.check import REROLLS, REROLLS_MOST, Check
from avatar_creator.domain.choices import member
from avatar_creator.domain.persona import NAME_LONGEST, Persona
from avatar_creator.domain.picture import (
    COUNT_MOST,
    SEED_LEAST,
    SEED_MOST,
    SIDE_LEAST_PX,
    SIDE_MOST_PX,
    Embed,
    PictureFormat,
    PictureRequest,
)
from avatar_creator.domain.prompt import Prompt
from avatar_creator.domain.text import clean_line, clean_number, expect
from avatar_creator.errors import InvalidInput

_NAME_FROM_PROMPT = 40  # characters of a prompt that can stand as a name
NAMELESS = "Avatar"
# What a generation's row has beside whom the picture shows. A row may lack any of them, so each has a default.
_STORED = (
    "name",
    "width_px",
    "height_px",
    "format",
    "jpeg_quality",
    "embed",
    "options",
    "commercial",
    "preset",
    "fell_back",
    "check",
    "rerolls",
)


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """Everything `avatar generate` was asked; ``count`` pictures, each with a seed derived from ``seed``.

    Without a ``name`` the avatar is called as the persona is; ``format`` and ``embed`` may be given as texts.
    ``commercial``: only what may be used commercially makes it.
    ``preset`` is the name of the one whose values fill in what was not said: they are among the others here.
    ``why_engine`` says why it is this engine, if the user did not choose it.
    ``fallback`` are engines, each with its options, that are asked where the one before failed; ``fell_back`` says of
    those that did why.
    A picture has to pass the ``check``, or is made again up to ``rerolls`` times.
    Raises InvalidInput for any value outside its limits.
    """

    project: str
    engine: str
    persona: Persona
    attributes: Attributes
    prompt: Prompt
    seed: int
    name: str = ""
    count: int = 1
    width_px: int = 1024
    height_px: int = 1024
    format: PictureFormat = PictureFormat.JPEG
    jpeg_quality: int = 95
    embed: Embed = Embed.RECIPE
    options: Mapping[str, Any] = field(default_factory=dict)
    commercial: bool = False
    preset: str | None = None
    why_engine: str | None = field(default=None, compare=False)
    fallback: Sequence[tuple[str, Mapping[str, Any]]] = ()
    fell_back: Sequence[Mapping[str, Any]] = ()
    check: Check = Check.NONE
    rerolls: int = REROLLS

    def __post_init__(self) -> None:
        expect("persona", self.persona, Persona, "a Persona, such as Persona('Sarah')")
        expect("attributes", self.attributes, Attributes, "Attributes, such as Attributes(gender='female')")
        expect("project", self.project, str, "a project's name or id")
        expect("options", self.options, Mapping, "a dict of the engine's options")
        object.__setattr__(self, "name", self._name())
        object.__setattr__(self, "format", member(PictureFormat, "format", self.format))
        object.__setattr__(self, "embed", member(Embed, "embed", self.embed))
        object.__setattr__(self, "check", member(Check, "check", self.check))
        clean_number("rerolls", self.rerolls, least=0, most=REROLLS_MOST)
        clean_number("seed", self.seed, least=SEED_LEAST, most=SEED_MOST)
        clean_number("width", self.width_px, least=SIDE_LEAST_PX, most=SIDE_MOST_PX)
        clean_number("height", self.height_px, least=SIDE_LEAST_PX, most=SIDE_MOST_PX)
        clean_number("count", self.count, least=1, most=COUNT_MOST)
        clean_number("JPEG quality", self.jpeg_quality, least=1, most=100)
        if self.preset is not None:
            expect("preset", self.preset, str, "the name of a preset")
            object.__setattr__(self, "preset", clean_line("preset", self.preset, longest=NAME_LONGEST))
        if not says_who(self.persona, self.attributes, self.prompt.base):
            raise InvalidInput(
                "Nothing says who the picture shows.",
                hint="Give at least one of --persona-name, --gender, --prompt … (see: avatar generate --help)",
            )

    def picture(self, seed: int) -> PictureRequest:
        """Return what an engine is asked for one picture."""
        return PictureRequest(
            persona=self.persona,
            attributes=self.attributes,
            prompt=self.prompt,
            seed=seed,
            width_px=self.width_px,
            height_px=self.height_px,
            format=self.format,
            jpeg_quality=self.jpeg_quality,
            options=self.options,
        )

    def seeds(self) -> Iterator[int]:
        """Yield ``count`` different seeds, the first as it is."""
        return islice(seeds_from(self.seed), self.count)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], *, project: str, engine: str, seed: int) -> Self:
        """Return the request of the one picture that a generation's row stores with these.

        Another version may have queued it: what the row does not name has its default, and what only a newer version
        knows is left out. Raises InvalidInput for what cannot be understood.
        """
        try:
            expect("request", data, Mapping, "a dict")
            return cls(
                project=project,
                engine=engine,
                persona=Persona.from_json(data["persona"]),
                attributes=Attributes.from_json(data["attributes"]),
                prompt=Prompt.from_json(data),
                seed=seed,
                **{name: data[name] for name in _STORED if name in data},
            )
        except KeyError as error:
            raise _unreadable(f"{error.args[0]} is missing.") from error
        except InvalidInput as error:
            raise _unreadable(error.message) from error

    def as_json(self) -> dict[str, Any]:
        """Return what a generation's row has of the request."""
        return {
            "name": self.name,
            "persona": self.persona.as_json(),
            "attributes": self.attributes.as_json(),
            "prompt": self.prompt.base,
            "prompt_style": self.prompt.style.value,
            "full_prompt": self.prompt.full,
            "negative_prompt": self.prompt.negative,
            "width_px": self.width_px,
            "height_px": self.height_px,
            "format": self.format.value,
            "jpeg_quality": self.jpeg_quality,
            "embed": self.embed.value,
            "options": dict(self.options),
            "commercial": self.commercial,
            **({"fell_back": list(self.fell_back)} if self.fell_back else {}),
            **({} if self.check is Check.NONE else {"check": self.check.value, "rerolls": self.rerolls}),
            "preset": self.preset,
        }

    def _name(self) -> str:
        if self.name:
            return clean_line("name", self.name, longest=NAME_LONGEST)
        return name_of(self.persona, self.prompt.base)


def name_of(persona: Persona, prompt: str | None) -> str:
    """Return what an avatar is called that is given no name."""
    return persona.name or (prompt or NAMELESS)[:_NAME_FROM_PROMPT].strip()


def seeds_from(first: int) -> Iterator[int]:
    """Yield different seeds without end, the first as it is.

    The others are hashed from it, so that neighbouring first seeds do not share pictures.
    """
    yield first
    seen = {first}
    for index in count(1):
        seed = _hashed_seed(f"{first}/{index}")
        if seed not in seen:
            seen.add(seed)
            yield seed


def reroll_seed(seed: int, number: int) -> int:
    """Return the seed with which a generation goes on after so many of its pictures were rejected.

    It never changes, so that who makes the same generation once more gets the same pictures.
    """
    return _hashed_seed(f"{seed}/reroll/{number}") if number else seed


def _hashed_seed(text: str) -> int:
    import hashlib  # noqa: PLC0415 - it loads OpenSSL, which one picture does not need

    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % SEED_MOST + SEED_LEAST


def says_who(persona: Persona, attributes: Attributes, prompt: str | None) -> bool:
    """Return whether anything of these says who a picture shows; a background, which no picture shows, does not."""
    return bool(persona.name or persona.age or persona.personality or prompt) or any(attributes.given())


def _unreadable(why: str) -> InvalidInput:
    return InvalidInput(
        f"What was asked cannot be read, as if another version of avatar had queued it: {why}",
        hint="Make it with that version, or ask anew: avatar generate",
    )
