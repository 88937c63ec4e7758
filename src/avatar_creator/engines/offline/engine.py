"""The offline engine."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from avatar_creator.domain.picture import Credit, DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.text import shown
from avatar_creator.engines.base import EnginePlan, Probe, Setup, Watch
from avatar_creator.engines.offline.artstyle import ArtStyle
from avatar_creator.engines.offline.choice import choose
from avatar_creator.engines.offline.dice import Dice
from avatar_creator.engines.offline.drawing import definition_of, draw, fingerprint_of
from avatar_creator.engines.offline.look import look_of
from avatar_creator.engines.offline.render import load_renderer, render, renderer_version
from avatar_creator.engines.offline.styles import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.engines.offline.wish import wish_of
from avatar_creator.errors import InvalidInput

_ROLE_NAMES = {"hair": "hair color", "eyes": "eye color", "skin": "skin tone", "clothes": "color of dress"}


class _Sketch(NamedTuple):
    """All that decides a drawing, and what it does not show."""

    style: ArtStyle
    svg: str
    resolved: Mapping[str, Any]
    notices: tuple[str, ...]


class OfflineEngine:
    """Draws personas with DiceBear's art: no token, no network, the same drawing for the same request."""

    name = "offline"
    most_at_once: int | None = 1  # it takes a whole core already

    def __init__(self, _setup: Setup) -> None:
        pass

    def check(self, options: Mapping[str, Any]) -> None:  # noqa: ARG002 - it needs the same for all
        load_renderer()
        definition_of(ART_STYLES[DEFAULT_ART_STYLE])

    def credential(self, options: Mapping[str, Any]) -> str | None:  # noqa: ARG002 - nobody is paid
        return None

    def plan(self, request: PictureRequest) -> EnginePlan:
        sketch = _sketch(request)
        return EnginePlan(
            _model(sketch.style), sketch.resolved, sketch.notices, options={"art_style": sketch.style.name}
        )

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        watch.progress(0.0)
        sketch = _sketch(request)
        watch.progress(0.3)
        data = render(sketch.svg, request.format, jpeg_quality=request.jpeg_quality)
        watch.progress(1.0)
        return Picture(
            data=data,
            format=request.format,
            width_px=request.width_px,
            height_px=request.height_px,
            model=_model(sketch.style),
            source=DigitalSourceType.ALGORITHMIC,
            recipe={
                **sketch.resolved,
                "definition": fingerprint_of(sketch.style),
                "renderer": renderer_version(),
            },
            credit=_credit(sketch.style),
        )

    def probe(self, options: Mapping[str, Any]) -> Iterator[Probe]:  # noqa: ARG002 - there is nobody to ask
        return iter(())


def _sketch(request: PictureRequest) -> _Sketch:
    style = _art_style(request.options)
    dice = Dice(request.seed, request.persona.name)
    wish = wish_of(request)
    look = look_of(wish, dice)
    choice = choose(style, look, dice)
    colors = {name: look.colors[role] for name, role in style.colors.items()}
    drawing = draw(
        definition_of(style),
        choice.variants,
        colors,
        background=look.colors["background"],
        width_px=request.width_px,
        height_px=request.height_px,
    )
    seen = {style.shows(name) for name in drawing.colors & style.colors.keys()}
    unseen = [said for role, said in _ROLE_NAMES.items() if role in look.asked - seen]
    misses = [*choice.misses, *(f"shows no {said} in this drawing" for said in unseen)]
    resolved = {
        "art_style": style.name,
        "drawings": {name: drawn for name, drawn in choice.variants.items() if drawn},
        "colors": {**{name: colors[name] for name in sorted(colors)}, "background": look.colors["background"]},
    }
    notices = (*wish.notices, *(f"The {style.name} art style {miss}." for miss in misses))
    return _Sketch(style, drawing.svg, resolved, tuple(dict.fromkeys(notices)))


def _art_style(options: Mapping[str, Any]) -> ArtStyle:
    for option in options:
        if option != "art_style":
            raise InvalidInput(
                f"option is {shown(option)}, which the offline engine does not know.",
                hint="Known options of the offline engine: art_style.",
            )
    name = options.get("art_style", DEFAULT_ART_STYLE)
    if name not in ART_STYLES:
        raise InvalidInput(
            f"art_style is {shown(str(name))}, which the offline engine does not know.",
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
        text=meta["license"]["text"],
    )
