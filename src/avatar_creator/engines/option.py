"""What users know of an option of engines, and which values it may have."""

from typing import NamedTuple

from avatar_creator.domain.text import clean_number, shown
from avatar_creator.errors import InvalidInput

_BITS_SHOWN = 128


class Option(NamedTuple):
    """What users know of an option of engines. Its name and kind are those of its field in `EngineOptions`.

    ``meaning`` is a phrase. ``default`` is what the help names as chosen where nothing is given; of a switch, its value
    without the flag.
    ``known`` values are offered after TAB, and are the only ones if ``only_known``. ``limits`` are those of a number,
    both included. ``preset`` is the value of its setting where the user sets none; None leaves it to the engine.
    One that is not ``decisive`` decides no pixel: with another value of it, a batch makes no picture anew.
    """

    meaning: str
    default: str | bool = False
    flag: str = ""  # of `generate`; the name, if it is not given
    known: tuple[str, ...] = ()
    only_known: bool = False
    limits: tuple[float, float] | None = None
    is_setting: bool = True
    preset: str | None = None
    decisive: bool = True
    name: str = ""
    kind: type = str

    @property
    def help(self) -> str:
        """What is said of its flag."""
        return self.meaning + (", {:g} to {:g}.".format(*self.limits) if self.limits else ".")

    @property
    def description(self) -> str:
        """What is said of its setting, whose limits and preset are shown beside it."""
        usual = "off" if self.default is False else self.default
        return self.meaning + (f"; {usual} if not set." if self.preset is None else ".")

    def check(self, value: object, engine: str) -> None:
        """Raise InvalidInput for a value out of its limits, or that is not known where only known ones are taken."""
        field = self.flag.removeprefix("--").replace("-", " ")
        if self.limits and self.kind is int:
            clean_number(field, value, least=int(self.limits[0]), most=int(self.limits[1]))  # type: ignore[arg-type]
        elif self.limits:
            _check_number(field, value, *self.limits)
        elif self.only_known and str(value).lower() not in self.known:
            raise InvalidInput(
                f"{self.name} is {shown(str(value))}, which the {engine} engine does not know.",
                hint=f"Known {self.name.replace('_', ' ')}s: {', '.join(self.known)}.",
            )


def _check_number(field: str, value: object, least: float, most: float) -> None:
    is_number = not isinstance(value, bool) and isinstance(value, int | float) and value == value  # noqa: PLR0124 - NaN
    if not is_number or not least <= value <= most:  # type: ignore[operator]
        huge = type(value) is int and value.bit_length() > _BITS_SHOWN  # Python refuses to write out such a one
        given = "a huge number" if huge else shown(str(value))
        limits = f"{least:g} to {most:g}"
        why = f"outside {limits}" if is_number else "which is no number"
        raise InvalidInput(f"{field} is {given}, {why}.", hint=f"Give a number from {limits}.")
