"""What was asked of a drawing."""

from avatar_creator.engines.offline.words.topics import Topic

_NEVER_LACKING = frozenset({Topic.GENDER})  # everybody who is drawn has one


class Requested:
    """What was asked for; what is missing here is left to chance.

    ``colors`` go by role ("hair", "eyes", "skin", "clothes", "background", "beard", "headwear", "frames",
    "jewellery"), ``words`` by topic; ``texts`` are the words as they were given. ``refused`` holds by topic what
    must not be drawn: meanings, and colors as #rrggbb.
    """

    def __init__(self, age: int | None) -> None:
        self.words: dict[Topic, str] = {}
        self.texts: dict[Topic, str] = {}
        self.colors: dict[str, str] = {}
        self.hair: list[str] = []
        self.ethnicities: list[str] = []
        self.age = age
        self.refused: dict[Topic, set[str]] = {}
        self.notices: list[str] = []

    @property
    def may_be_lacking(self) -> bool:
        """Whether anything was asked for that not every drawing shows."""
        asked = (self.words.keys() - _NEVER_LACKING, self.colors, self.hair, self.refused)
        return self.age is not None or any(asked)
