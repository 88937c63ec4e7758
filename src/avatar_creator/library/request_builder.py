"""What rows ask for, as requests."""

from collections.abc import Iterable, Mapping
from typing import Any

from avatar_creator.app import App
from avatar_creator.domain.choices import member
from avatar_creator.domain.fields import Field
from avatar_creator.domain.persona_row import PersonaRow
from avatar_creator.domain.picture import PictureFormat
from avatar_creator.domain.prompt import PromptStyle
from avatar_creator.domain.request import GenerationRequest
from avatar_creator.errors import InvalidInput
from avatar_creator.library.request import build_request, choices_of, is_blank, wording_of


class RequestBuilder:
    """Turns rows into requests: what is given for all rows goes before what they say, and that before the settings."""

    def __init__(self, app: App, choices: Mapping[str, Any]) -> None:
        self._app = app
        self._choices = {name: value for name, value in choices.items() if value is not None}
        self.preset: str | None = self._choices.pop("preset", None)
        self.cleared: frozenset[str] = frozenset()  # of what presets say
        if is_blank(self._choices.get("negative_prompt")):
            del self._choices["negative_prompt"]
            self.cleared = frozenset(["negative_prompt"])

    @property
    def choices(self) -> Mapping[str, Any]:
        """What is given for all rows; their presets are applied to them already."""
        return self._choices

    def request(self, row: PersonaRow, seed: int, engine: str | None = None) -> GenerationRequest:
        options = self._choices.get("options", {})
        said = {name: value for name, value in row.choices.items() if name != "count" and options.get(name) is None}
        said |= {**self._choices, "seed": seed}
        if engine is not None:
            said["engine"] = engine
        return build_request(
            self._app, row.persona, row.attributes, row.prompt, **wording_of(said), choices=choices_of(said)
        )

    def default_format(self, wanted: PictureFormat | None) -> PictureFormat:
        """Make a format that of rows that say none, unless one is given, and return theirs."""
        if wanted is not None:
            self._choices.setdefault("format", wanted)
        return PictureFormat(self._choices.get("format") or self._app.settings.format)

    def given(self, fields: Iterable[Field]) -> dict[str, Any]:
        """Return what is given for all rows, by field."""
        said = {**self._choices, **self._choices.get("options", {}), "preset": self.preset}
        return {field.name: said[field.argument] for field in fields if said.get(field.argument) is not None}

    def check_free(self, field: Field) -> None:
        """Raise InvalidInput for a field that is given for all rows, so that none can have a value of its own."""
        if self.given([field]):
            raise given_twice(field.name)

    def wording(self, row: PersonaRow) -> Mapping[str, Any]:
        worded = wording_of({**row.choices, **self._choices})
        style = worded["prompt_style"]
        style = self._app.settings.prompt_style if style is None else member(PromptStyle, "prompt style", style)
        return {**worded, "prompt_style": style}


def given_twice(field: str) -> InvalidInput:
    """Return the error of a field that is to have several values, and is given for all rows."""
    return InvalidInput(f"{field} is given for all, and with several values.", hint="Leave out one of the two.")
