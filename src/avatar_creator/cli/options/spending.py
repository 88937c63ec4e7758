"""Whether a run may be paid for: nobody spends more than a little without having said so."""

from collections.abc import Callable

from avatar_creator import domain
from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.cli.render.output import Output
from avatar_creator.domain.picture import COUNT_MOST
from avatar_creator.domain.price import MOST_UNASKED, Cost
from avatar_creator.domain.text import clean_number
from avatar_creator.errors import InvalidInput


def note_most(out: Output, cost: Cost | None, most: Cost | None) -> None:
    """Say what is paid at most where pictures have to pass a check."""
    if most is not None and most != cost:
        out.note(f"What fails the check is made again, and paid for each time: {most} at most.")


def allow(cost: Cost | None, *, most: int | None, yes: bool, unasked_left: Callable[[], int | None]) -> bool:
    """Let a run pass, and return whether somebody has agreed to pay for it: with an option, a setting or now.

    Up to ``most`` pictures pass; without that, as many as ``unasked_left`` of a day, which is None where the user has
    set limits. Somebody is asked about more. Raises InvalidInput when nobody can be, Cancelled on "no".
    """
    if most is not None:
        clean_number("max images", most, least=0, most=COUNT_MOST)
    if cost is None or yes or (most is not None and cost.pictures <= most):
        return True
    if most is None and cost.pictures <= MOST_UNASKED:
        left = unasked_left()
        if left is None or cost.pictures <= left:
            return left is None
        if not can_ask():
            raise domain.spending.nobody_agreed(cost.pictures, MOST_UNASKED - left)
    if most is None and can_ask():
        confirm(f"Pay for {cost}?", yes=yes, otherwise="Nothing was made or paid.")
        return True
    limit = f"--max-images {most}" if most is not None else f"{MOST_UNASKED}, the most without a terminal to ask on"
    raise InvalidInput(
        f"This would pay for {cost}: more than {limit}.",
        hint=f"Say --yes or --max-images {cost.pictures} to go ahead; --dry-run shows what it would be.",
    )
