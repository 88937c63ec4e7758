"""The figures of one row, and which of them must not be."""


class Report:
    """What came of a run of trouble."""

    def __init__(self, row: str) -> None:
        self.row = row
        self.figures: dict[str, float] = {}
        self.broken: list[str] = []

    def count(self, name: str, value: float) -> None:
        """Tell a figure."""
        self.figures[name] = value

    def most(self, name: str, value: float, limit: float = 0) -> None:
        """Tell a figure that must not be larger than ``limit``."""
        self.count(name, value)
        if value > limit:
            self.broken.append(f"{name} is {value:g}, over {limit:g}")

    def never(self, name: str, found: object) -> None:
        """Tell how many of something were found that must not be, and which."""
        several = list(found) if isinstance(found, (list, tuple, set, dict)) else [found] * bool(found)
        self.count(name, len(several))
        if several:
            self.broken.append(f"{name}: {several[:5]}")

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value:g}" for name, value in self.figures.items())
        return f"{self.row}: {said}" + "".join(f"\n  BROKEN {broken}" for broken in self.broken)

    __repr__ = __str__
