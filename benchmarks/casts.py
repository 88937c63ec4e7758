"""Casts: people by quota, beside as many by dice, and beside the same people read from a file."""

import shutil
from collections.abc import Callable

from avatar_creator.home import HOME_VARIABLE
from benchmarks.commands import AVATAR
from benchmarks.measure import PYTHON, Pair, command
from benchmarks.setting import Setting

_MADE = 1000
_SMALL = ("--engine", "offline", "--width", "64", "--height", "64")  # so that little else is measured than the people
# As programs do that balance nothing: a full name of Faker, and a draw for each of the same axes.
_DICE = """
import csv, random, sys
from faker import Faker
faker = Faker("en_US")
axes = [("female", "male", "non-binary"), ("casual", "business", "sporty"), ("black", "brown", "red", "gray"),
        ("short", "bob", "curly", "bun"), ("brown", "green", "blue"), ("slim", "average", "athletic", "heavy"),
        ("black", "east-asian", "hispanic", "indigenous", "middle-eastern", "south-asian", "southeast-asian", "white")]
with open(sys.argv[2], "w", newline="") as file:
    rows = csv.writer(file)
    for _ in range(int(sys.argv[1])):
        rows.writerow((faker.name(), random.randint(20, 75), faker.job(), *map(random.choice, axes)))
"""


def plan(people: int) -> Callable[[Setting], Pair]:
    """Write the personas of a cast, balanced over three axes, and make no picture."""

    def pair(setting: Setting) -> Pair:
        to = setting.scratch / f"cast-{people}.csv"
        ours = (AVATAR, "cast", str(people), "--balance", "gender,age,ethnicity", "--plan", to, "--force", "--quiet")
        dice = (PYTHON, "-c", _DICE, str(people), setting.scratch / "dice.csv")
        return Pair(command(ours, variables={HOME_VARIABLE: setting.scratch / "casts"}), command(dice))

    return pair


def made(setting: Setting) -> Pair:
    """Make the pictures of a cast, and of the same people in a file."""
    home, file = setting.scratch / "cast-made", setting.scratch / "cast-made.csv"
    cast = (AVATAR, "cast", str(_MADE), *_SMALL)
    command((*cast, "--plan", file), variables={HOME_VARIABLE: home})()

    def clear() -> None:
        shutil.rmtree(home, ignore_errors=True)

    return Pair(
        command((*cast, "--quiet"), variables={HOME_VARIABLE: home}, before=clear),
        command((AVATAR, "batch", file, "--quiet"), variables={HOME_VARIABLE: home}, before=clear),
    )
