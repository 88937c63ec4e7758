"""All that decides a picture's pixels: the avatar's row has it, and the picture's file."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from avatar_creator.domain.attributes import Attributes
from avatar_creator.domain.persona import Persona
from avatar_creator.domain.picture import Picture, PictureFormat, PictureRequest
from avatar_creator.domain.prompt import Prompt

VERSION = 1  # of the keys: they only ever grow


class Recipe(NamedTuple):
    """The same recipe with the same versions gives the same picture.

    ``options`` are the engine's own, every default filled in; ``made_with`` is what it says of itself: versions, works
    and their licences. ``jpeg_quality`` is None where nothing is lost. What came of it stands beside: ``not_shown``
    says what the picture lacks, a sentence each, ``drawn`` in words what is seen in it. ``fallback`` says which engine
    was asked first, and how it failed.
    """

    persona: Persona
    attributes: Attributes
    prompt: Prompt
    engine: str
    model: str | None
    seed: int
    width_px: int
    height_px: int
    format: PictureFormat
    jpeg_quality: int | None
    options: Mapping[str, Any]
    made_with: Mapping[str, Any]
    provider: str | None = None
    not_shown: tuple[str, ...] = ()
    drawn: Mapping[str, str] | None = None
    fallback: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, request: PictureRequest, picture: Picture, *, engine: str) -> Self:
        """Return the recipe of a picture that ``engine`` made of ``request``."""
        return cls(
            persona=request.persona,
            attributes=request.attributes,
            prompt=request.prompt,
            engine=engine,
            model=picture.model,
            seed=request.seed if picture.seed is None else picture.seed,
            width_px=picture.width_px,
            height_px=picture.height_px,
            format=request.format,
            jpeg_quality=None if request.format is PictureFormat.PNG else request.jpeg_quality,
            options=picture.options,
            made_with=picture.recipe,
            provider=picture.provider,
            not_shown=picture.notices,
            drawn=picture.drawn,
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored, without the persona's background: no picture shows a life story."""
        return {
            "version": VERSION,
            "persona": self.persona.as_json() | {"background": None},
            "attributes": self.attributes.as_json(),
            "prompt": self.prompt.base,
            "engine": self.engine,
            "model": self.model,
            "seed": self.seed,
            "width_px": self.width_px,
            "height_px": self.height_px,
            "format": self.format.value,
            "jpeg_quality": self.jpeg_quality,
            "full_prompt": self.prompt.full,
            "negative_prompt": self.prompt.negative,
            "options": dict(self.options),
            "made_with": dict(self.made_with),
            "not_shown": list(self.not_shown),
            "drawn": None if self.drawn is None else dict(self.drawn),
        } | {name: value for name in ("provider", "fallback") if (value := getattr(self, name)) is not None}
