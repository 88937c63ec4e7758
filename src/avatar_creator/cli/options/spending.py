"""Whether a run may be paid for: nobody spends more than a little without having said so."""

from avatar_creator.cli.options.confirm import can_ask, confirm
from avatar_creator.domain.picture import COUNT_MOST
from avatar_creator.domain.price import MOST_UNASKED, Cost
from avatar_creator.domain.text import clean_number
from avatar_creator.errors import InvalidInput


def allow(cost: Cost | None, *, most: int | None, yes: bool) -> None:
    """Let a run of at most ``most`` paid pictures pass; without a limit, ask about a large one.

    Raises InvalidInput when nobody can be asked, Cancelled on "no".
    """
    if most is not None:
        clean_number("max images", most, least=0, most=COUNT_MOST)
    if cost is None or yes or cost.pictures <= (MOST_UNASKED if most is None else most):
        return
    if most is None and can_ask():
        confirm(f"Pay for {cost}?", yes=yes, otherwise="Nothing was made or paid.")
        return
    limit = f"--max-images {most}" if most is not None else f"{MOST_UNASKED}, the most without a terminal to ask on"
    raise InvalidInput(
        f"This would pay for {cost}: more than {limit}.",
        hint=f"Say --yes or --max-images {cost.pictures} to go ahead, or see: avatar generate --dry-run",
    )
