"""The offline engine."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from avatar_creator.domain.picture import Credit, DigitalSourceType, Picture, PictureRequest
from avatar_creator.domain.prompt import USUAL_NEGATIVE
from avatar_creator.engines import check_options, offline
from avatar_creator.engines.base import Deferred, Engine, EnginePlan, Watch
from avatar_creator.engines.offline.art import ART_STYLES, DEFAULT_ART_STYLE
from avatar_creator.engines.offline.art.style import ArtStyle
from avatar_creator.engines.offline.requested import Requested
from avatar_creator.engines.offline.rules import RULES, check_rules

if TYPE_CHECKING:
    from avatar_creator.engines.offline.appearance import Appearance
    from avatar_creator.engines.offline.svg import Svg
    from avatar_creator.engines.offline.variants import Variants

_ROLE_NAMES = {
    "hair": "hair color",
    "eyes": "eye color",
    "skin": "skin tone",
    "clothes": "color of dress",
    "beard": "color of the beard",
    "headwear": "color of the headwear",
    "frames": "color of the glasses",
    "jewellery": "color of the earrings",
}


class Composition:
    """All that decides a drawing; each part of it is decided when it is asked for."""

    def __init__(self, request: PictureRequest) -> None:
        self.style = _art_style(request.options)
        self.requested = _requested(request)
        self._seed, self._name = request.seed, request.persona.name
        self._size = request.width_px, request.height_px

    @cached_property
    def appearance(self) -> "Appearance":
        return offline.appearance.decide_appearance(self.requested, offline.rng.SeededRng(self._seed, self._name))

    @cached_property
    def variants(self) -> "Variants":
        rng = offline.rng.SeededRng(self._seed, self._name)
        return offline.variants.choose_variants(self.style, self.appearance, rng)

    @cached_property
    def svg(self) -> "Svg":
        """The drawing. The art is loaded for it, which a plan that is queued may not need."""
        colors = self.appearance.colors
        return offline.svg.compose_svg(
            offline.svg.definition_of(self.style),
            self.variants.by_component,
            {name: colors[role] for name, role in self.style.colors.items()},
            background=colors["background"],
            width_px=self._size[0],
            height_px=self._size[1],
        )

    @property
    def drawings(self) -> dict[str, str]:
        """The drawing of each component that is in the picture."""
        chosen = self.variants.by_component
        return {name: drawn for name, drawn in chosen.items() if drawn and name in self.svg.components}

    @property
    def options(self) -> dict[str, Any]:
        """The options of the engine that make it again."""
        return {"art_style": self.style.name, "drawing_rules": RULES}

    @property
    def resolved(self) -> dict[str, Any]:
        """What a recipe says of it."""
        colors = self.appearance.colors
        seen = sorted(self.svg.colors & self.style.colors.keys())
        return {
            "art_style": self.style.name,
            "drawings": self.drawings,
            "colors": {name: colors[self.style.colors[name]] for name in seen} | {"background": colors["background"]},
        }

    @property
    def drawn(self) -> dict[str, str]:
        return offline.description.describe(self.style, self.requested, self.appearance, self.drawings, self.svg.colors)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the drawing does not show."""
        if not self.requested.may_be_lacking:
            return tuple(dict.fromkeys(self.requested.notices))
        asked = self.requested.colors.keys() & _ROLE_NAMES.keys()
        seen = {self.style.shows(name) for name in self.svg.colors & self.style.colors.keys()} if asked else set()
        unseen = [said for role, said in _ROLE_NAMES.items() if role in asked - seen]
        unmet = [*self.variants.unmet, *(f"shows no {said} in this drawing" for said in unseen)]
        said = (*self.requested.notices, *(f"The {self.style.name} art style {one}." for one in unmet))
        return tuple(dict.fromkeys(said))


class OfflineEngine(Engine):
    """Draws personas with DiceBear's art: no token, no network, the same drawing for the same request."""

    name = "offline"
    most_at_once: int | None = 1  # it takes a whole core already

    def check(self, options: Mapping[str, Any]) -> None:  # noqa: ARG002 - it needs the same for all
        offline.render.load_renderer()
        offline.svg.definition_of(ART_STYLES[DEFAULT_ART_STYLE])

    def plan(self, request: PictureRequest) -> EnginePlan:
        composition = Composition(request)
        return EnginePlan(
            composition.style.model,
            Deferred(lambda: composition.resolved),
            composition.notices,
            options=composition.options,
            licenses=(composition.style.license,),
            drawn=Deferred(lambda: composition.drawn),
        )

    def generate(self, request: PictureRequest, watch: Watch) -> Picture:
        watch.progress(0.0)
        composition = Composition(request)
        watch.progress(0.3)
        drawn = offline.render.render(composition.svg.text, request.format, jpeg_quality=request.jpeg_quality)
        watch.progress(1.0)
        return Picture(
            data=drawn.data,
            format=request.format,
            width_px=request.width_px,
            height_px=request.height_px,
            model=composition.style.model,
            source=DigitalSourceType.ALGORITHMIC,
            recipe=composition.resolved
            | {
                "definition": offline.svg.fingerprint_of(composition.style),
                "renderer": offline.render.renderer_version(),
                "licenses": [composition.style.license._asdict()],
            },
            credit=_credit(composition.style),
            notices=composition.notices,
            drawn=composition.drawn,
            thumbnail=drawn.thumbnail,
            options=composition.options,
        )


def _requested(request: PictureRequest) -> Requested:
    """Return what was asked for. What reads words is loaded where there are any."""
    words = (*request.attributes.given(), request.prompt.base, *request.persona.personality)
    if not any(words) and request.prompt.negative == USUAL_NEGATIVE:
        return Requested(request.persona.age)
    return offline.request_reader.read_request(request)


def _art_style(options: Mapping[str, Any]) -> ArtStyle:
    check_options("offline", options)
    check_rules(RULES if options.get("drawing_rules") is None else options["drawing_rules"])
    return ART_STYLES[str(options.get("art_style") or DEFAULT_ART_STYLE).lower()]


def _credit(style: ArtStyle) -> Credit:
    meta = offline.svg.definition_of(style)["meta"]
    return Credit(
        creator=meta["creator"]["name"],
        license_name=meta["license"]["name"],
        license_url=meta["license"].get("url"),
        text=meta["license"]["text"].replace("„", "“"),  # an English sentence in German quotation marks
    )
