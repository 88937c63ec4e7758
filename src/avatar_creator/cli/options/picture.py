"""The options of how a prompt is worded and how a picture is made, which `generate` and `batch` share."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer
from typer._types import TyperChoice

from avatar_creator.cli.options import completion
from avatar_creator.cli.options.shared import with_options
from avatar_creator.domain.check import REROLLS, REROLLS_MOST, Check
from avatar_creator.domain.picture import Embed, PictureFormat
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.engines.table import AUTO_ENGINE, ENGINES
from avatar_creator.errors import InvalidInput

prompt_option = partial(typer.Option, rich_help_panel="Prompt")
picture_option = partial(typer.Option, rich_help_panel="Picture")


class _Format(TyperChoice[str]):
    """The formats in any case, and JPEG by its other name too."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        return super().convert("jpeg" if str(value).lower() == "jpg" else value, param, ctx)


_PROMPT_OPTIONS: dict[str, Any] = {
    "prompt": Annotated[str | None, prompt_option("--prompt", "-p", help="What else to see.", show_default=False)],
    "negative_prompt": Annotated[
        str | None, prompt_option(help="What not to see; replaces the usual terms.", show_default=False)
    ],
    "no_quality_terms": Annotated[
        bool, prompt_option("--no-quality-terms", help="Leave out the terms of a studio portrait.")
    ],
    "name_in_prompt": Annotated[bool, prompt_option("--name-in-prompt", help="Say the name in a natural prompt, too.")],
    "no_name_in_prompt": Annotated[
        bool, prompt_option("--no-name-in-prompt", help="Leave out the name: a famous one pulls the face.")
    ],
    "prompt_style": Annotated[
        PromptStyle | None,
        prompt_option(
            help="A list of keywords, or a caption in natural sentences, as FLUX is asked best.",
            case_sensitive=False,
            show_default="keywords",
        ),
    ],
}
_PICTURE_OPTIONS: dict[str, Any] = {
    "engine": Annotated[
        str | None,
        picture_option(
            help=f"Who makes the picture: {', '.join((AUTO_ENGINE, *ENGINES))}; or who, and who else if that fails: "
            f"{','.join(list(ENGINES)[:2])}.",
            show_default=AUTO_ENGINE,
            autocompletion=completion.known_values((AUTO_ENGINE, *ENGINES)),
        ),
    ],
    "width": Annotated[int | None, picture_option(help="64 to 2048 px.", show_default="1024")],
    "height": Annotated[int | None, picture_option(help="64 to 2048 px.", show_default="1024")],
    "format_": Annotated[
        PictureFormat | None,
        picture_option(
            "--format",
            click_type=_Format([*PictureFormat], case_sensitive=False),
            show_default="jpeg",
            help="Format of the file.",
        ),
    ],
    "embed": Annotated[
        Embed | None, picture_option(help="What the file says of itself.", case_sensitive=False, show_default="recipe")
    ],
    "commercial": Annotated[
        bool, picture_option("--commercial", help="Refuse what has no licence for commercial use.")
    ],
    "check": Annotated[
        Check | None,
        picture_option(
            help="What a photograph has to pass: face (one, large, frontal, sharp, whole) or basic.",
            case_sensitive=False,
            show_default="none",
        ),
    ],
    "rerolls": Annotated[
        int | None,
        picture_option(
            help=f"How often one that fails is made again, and paid for: 0 to {REROLLS_MOST}.",
            show_default=str(REROLLS),
        ),
    ],
}


def with_prompt(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the prompt; it gets it as ``prompt``, and as ``wording`` the arguments of how."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        asked, refused = given.pop("name_in_prompt"), given.pop("no_name_in_prompt")
        if asked and refused:
            raise InvalidInput(
                "--name-in-prompt and --no-name-in-prompt exclude each other.", hint="Leave out one of the two."
            )
        wording = {
            "negative_prompt": given.pop("negative_prompt"),
            **({"quality_terms": False} if given.pop("no_quality_terms") else {}),  # else rows of a file may say so
            "name_in_prompt": True if asked else False if refused else None,
            "prompt_style": given.pop("prompt_style"),
        }
        return {"prompt": given.pop("prompt"), "wording": wording}

    return with_options(command, _PROMPT_OPTIONS, parse)


def with_picture(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the picture; it gets the arguments that they are as ``picture``."""

    def parse(given: dict[str, Any]) -> dict[str, Any]:
        picture = {
            "engine": given.pop("engine"),
            "width_px": given.pop("width"),
            "height_px": given.pop("height"),
            "format": given.pop("format_"),
            "embed": given.pop("embed"),
            "commercial": given.pop("commercial") or None,
            "check": given.pop("check"),
            "rerolls": given.pop("rerolls"),
        }
        return {"picture": picture}

    return with_options(command, _PICTURE_OPTIONS, parse)
