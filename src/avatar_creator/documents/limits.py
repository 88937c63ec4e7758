"""What values in a text may be, beside well-formed."""

DEPTH_MOST = 64


class TooMuch(ValueError):
    """What is beyond a limit. The message goes on from "row 7 "."""


def check_depth(value: object) -> None:
    """Raise TooMuch for values in values in values, more than DEPTH_MOST."""
    level = [value]
    for _ in range(DEPTH_MOST):
        within = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [value for values in within for value in values]
        if not level:
            return
    raise TooMuch(f"is nested more than {DEPTH_MOST} deep")
