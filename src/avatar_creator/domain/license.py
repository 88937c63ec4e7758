"""What may be done with the work of others that a picture is made with: a model, a LoRA, an art style."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, Self

from avatar_creator.errors import InvalidInput

YesNo = Literal["yes", "no", "unknown"]
_REVIEW: Mapping[YesNo, str] = {
    "yes": "; review pictures before you publish them",
    "no": "",
    "unknown": "; read it before you publish pictures",
}


class License(NamedTuple):
    """The licence of one work; ``of`` is what the work is called where it comes from.

    ``name`` is None where nobody says what the licence is. ``commercial_use`` is about the work itself, not about the
    pictures made with it; ``review_pictures`` says whether those must be reviewed before they are published.
    """

    of: str
    name: str | None = None
    url: str | None = None
    commercial_use: YesNo = "unknown"
    review_pictures: YesNo = "unknown"

    def __str__(self) -> str:
        return f"{self.of}: {self.summary}" + (f" ({self.url})" if self.url else "")

    @property
    def summary(self) -> str:
        """What it is and allows, in one line."""
        if self.name is None:
            return "licence unknown; read it before you use or publish pictures"
        return f"{self.name}, commercial use: {self.commercial_use}{_REVIEW[self.review_pictures]}"

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return a licence that a recipe holds; what is not in there is unknown."""
        return cls(**{key: data[key] for key in cls._fields if key in data})


class Terms(NamedTuple):
    """What many works are licensed under: a licence without the work."""

    name: str
    url: str | None
    commercial_use: YesNo
    review_pictures: YesNo = "no"

    def of(self, work: str) -> License:
        return License(work, *self)


NOT_NEEDED = Terms("no licence needed", None, "yes")  # of an engine that uses the work of nobody else
CC0 = Terms("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "yes")
CC_BY = Terms("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "yes")


def commercial_use(licenses: Iterable[License]) -> YesNo:
    """Return whether works may be used commercially together; where no licence is known, that is not known either."""
    uses = {license_.commercial_use for license_ in licenses}
    return "no" if "no" in uses else "yes" if uses == {"yes"} else "unknown"


def require_commercial(licenses: Iterable[License], *, instead: str) -> None:
    """Raise InvalidInput unless every licence allows commercial use; ``instead`` are options that do."""
    licenses = list(licenses)
    forbidding = [license_ for license_ in licenses if license_.commercial_use == "no"]
    otherwise = "For other use leave out --commercial, and the setting of that name: avatar config unset commercial"
    if forbidding:
        works = " and ".join(license_.of for license_ in forbidding)
        names = ", ".join(dict.fromkeys(str(license_.name) for license_ in forbidding))
        verb = "are" if len(forbidding) > 1 else "is"
        raise InvalidInput(
            f"{works} {verb} not for commercial use ({names}).", hint=f"Choose one that is: {instead}. {otherwise}"
        )
    for license_ in licenses:
        if license_.commercial_use != "yes":
            where = f" at {license_.url}" if license_.url else ""
            raise InvalidInput(
                f"It is not known whether {license_.of} may be used commercially"
                f" (licence: {license_.name or 'unknown'}).",
                hint=f"Choose one that may: {instead}. Or read its licence{where}; if that allows your use, "
                "leave out --commercial, and the setting of that name: avatar config unset commercial",
            )
