"""How old people of a cast are, in each age range that has a name."""

from avatar_creator.domain.age_ranges import Years

# Each lies within the range of the same name in domain/age_ranges.py, and no two of them overlap.
AGES = {"young": Years(20, 29), "adult": Years(30, 49), "mature": Years(50, 75)}
OLDEST = 85  # where a range has no upper end, such as "65+"
