"""The offline engine."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.picture import Credit, DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.text import shown
from avatar_creator.engines.base import EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.offline.artstyle import ArtStyle
from avatar_creator.engines.offline.choice import Choice, choose
from avatar_creator.engines.offline.dice import Dice
from avatar_creator.engines.offline.drawing import Drawing, definition_of, draw, fingerprint_of
from avatar_creator.engines.offline.licenses import licenses_of
from avatar_creator.engines.offline.look import Look, look_of
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.engines.offline.wish import Wish, wish_of
from avatar_creator.errors import InvalidInput

_ROLE_NAMES = {"hair": "hair color", "eyes": "eye color", "skin": "skin tone", "clothes": "color of dress"}


class _Sketch(NamedTuple):
    """All that decides a drawing."""

    style: ArtStyle
    wish: Wish
    look: Look
    choice: Choice
    colors: Mapping[str, str]

    @property
    def resolved(self) -> dict[str, Any]:
        """What a recipe says of it."""
        return {
            "art_style": self.style.name,
            "drawings": {name: drawn for name, drawn in self.choice.variants.items() if drawn},
            "colors": {
                **{name: self.colors[name] for name in sorted(self.colors)},
                "background": self.look.colors["background"],
            },
        }

    @property
    def notices(self) -> tuple[str, ...]:
        """What it does not show. The art is loaded only to see whether a color that was asked for is seen in it."""
        asked = self.look.asked & _ROLE_NAMES.keys()
        seen = {self.style.shows(name) for name in self.draw().colors & self.style.colors.keys()} if asked else set()
        unseen = [said for role, said in _ROLE_NAMES.items() if role in asked - seen]
        misses = [*self.choice.misses, *(f"shows no {said} in this drawing" for said in unseen)]
        said = (*self.wish.notices, *(f"The {self.style.name} art style {miss}." for miss in misses))
        return tuple(dict.fromkeys(said))

    def draw(self, width_px: int = 1, height_px: int = 1) -> Drawing:
        return draw(
            definition_of(self.style),
            self.choice.variants,
            self.colors,
            background=self.look.colors["background"],
            width_px=width_px,
            height_px=height_px,
        )


class OfflineEngine:
    """Draws personas with DiceBear's art: no token, no network, the same drawing for the same request."""

    name = "offline"
    most_at_once: int | None = 1  # it takes a whole core already

    def __init__(self, _setup: Setup) -> None:
        pass

    def check(self, options: Mapping[str, Any]) -> None:  # noqa: ARG002 - it needs the same for all
        from avatar_creator.engines.offline.render import load_renderer  # noqa: PLC0415 - a plan draws nothing

        load_renderer()
        definition_of(ART_STYLES[DEFAULT_ART_STYLE])

    def credential(self, options: Mapping[str, Any]) -> str | None:  # noqa: ARG002 - nobody is paid
        return None

    def plan(self, request: PictureRequest) -> EnginePlan:
        sketch = _sketch(request)
        options = {"art_style": sketch.style.name}
        return EnginePlan(
            _model(sketch.style), sketch.resolved, sketch.notices, options=options, licenses=licenses_of(options)
        )

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        from avatar_creator.engines.offline.render import render, renderer_version  # noqa: PLC0415

        watch.progress(0.0)
        sketch = _sketch(request)
        drawing = sketch.draw(request.width_px, request.height_px)
        watch.progress(0.3)
        data = render(drawing.svg, request.format, jpeg_quality=request.jpeg_quality)
        watch.progress(1.0)
        return Picture(
            data=data,
            format=request.format,
            width_px=request.width_px,
            height_px=request.height_px,
            model=_model(sketch.style),
            source=DigitalSourceType.ALGORITHMIC,
            recipe=sketch.resolved
            | {
                "definition": fingerprint_of(sketch.style),
                "renderer": renderer_version(),
                "licenses": [license_._asdict() for license_ in licenses_of({"art_style": sketch.style.name})],
            },
            credit=_credit(sketch.style),
            options={"art_style": sketch.style.name},
        )

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:  # noqa: ARG002 - there is nobody to ask
        return iter(())


def _sketch(request: PictureRequest) -> _Sketch:
    style = _art_style(request.options)
    dice = Dice(request.seed, request.persona.name)
    wish = wish_of(request)
    look = look_of(wish, dice)
    colors = {name: look.colors[role] for name, role in style.colors.items()}
    return _Sketch(style, wish, look, choose(style, look, dice), colors)


def _art_style(options: Mapping[str, Any]) -> ArtStyle:
    for option in options:
        if option != "art_style":
            raise InvalidInput(
                f"option is {shown(option)}, which the offline engine does not know.",
                hint="Known options of the offline engine: art_style.",
            )
    given = str(options.get("art_style", DEFAULT_ART_STYLE))
    name = given.lower()
    if name not in ART_STYLES:
        raise InvalidInput(
            f"art_style is {shown(given)}, which the offline engine does not know.",
            hint=f"Known art styles: {', '.join(ART_STYLES)}.",
        )
    return ART_STYLES[name]


def _model(style: ArtStyle) -> str:
    return f"dicebear/{style.name}"


def _credit(style: ArtStyle) -> Credit:
    meta = definition_of(style)["meta"]
    return Credit(
        creator=meta["creator"]["name"],
        license_name=meta["license"]["name"],
        license_url=meta["license"].get("url"),
        text=meta["license"]["text"].replace("„", "“"),  # an English sentence in German quotation marks
    )
