"""The Python API: make avatars, find them again, and use one.

usage: python examples/library.py [HOME]
"""

import sys

from avatar_creator import AgeSpan, Attributes, AvatarFilter, Persona, open_library


def main() -> None:
    home = sys.argv[1] if len(sys.argv) > 1 else None
    people = [
        (Persona("Grace Mensah", 31, ("curious",)), Attributes(gender="female", ethnicity="african")),
        (Persona("Erik Holm", 58), Attributes(gender="male", hair_color="gray", style="business")),
    ]
    with open_library(home) as library:
        for seed, (persona, attributes) in enumerate(people, start=1):
            avatar = library.generate(persona=persona, attributes=attributes, seed=seed, width_px=512, height_px=512)
            print(avatar.id, avatar.name, avatar.image_path)
        for avatar in list(library.find(AvatarFilter(age=AgeSpan(50, 70)))):
            print("in their fifties or sixties:", avatar.name)
            library.record_usage(avatar.id, app="example", action="shown")
            print("used", library.show(avatar.id).usage_count, "times")


if __name__ == "__main__":
    main()
