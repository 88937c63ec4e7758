"""python -m avatar_creator."""

from avatar_creator.cli.main import run

if __name__ == "__main__":
    run()
