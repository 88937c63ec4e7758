"""Offline avatars, against the command line of the library whose art they are made of, and drawn again.

Ours keeps a thumbnail, the marks in the file and a record, all of it safe on disk; DiceBear's writes the file alone.
"""

import os
import shutil

from avatar_creator.home import HOME_VARIABLE
from benchmarks.commands import AVATAR
from benchmarks.measure import Pair, command
from benchmarks.setting import Setting

_PERSONA = ("--persona-name", "Sarah Johnson", "--persona-age", "32", "--gender", "female", "--hair-color", "black")
_THOUSAND = 1000


def one(setting: Setting) -> Pair:
    return _drawn(setting, 1)


def one_png(setting: Setting) -> Pair:
    return _drawn(setting, 1, "--format", "png")


def thousand(setting: Setting) -> Pair:
    return _drawn(setting, _THOUSAND)


def thousand_png(setting: Setting) -> Pair:
    return _drawn(setting, _THOUSAND, "--format", "png")


def verified(setting: Setting) -> Pair:
    """Draw people again and compare them, beside making them."""
    home, again = setting.scratch / "verified", setting.scratch / "made-again"
    make = (AVATAR, "cast", str(_THOUSAND), "--engine", "offline", "--quiet")
    command(make, variables={HOME_VARIABLE: home})()

    def clear() -> None:
        shutil.rmtree(again, ignore_errors=True)

    return Pair(
        command((AVATAR, "verify", "--quiet"), variables={HOME_VARIABLE: home}),
        command(make, variables={HOME_VARIABLE: again}, before=clear),
    )


def _drawn(setting: Setting, count: int, *options: str) -> Pair:
    dicebear = setting.peers.dicebear()
    home, folder = setting.scratch / "home", setting.scratch / "dicebear"

    def clear() -> None:
        shutil.rmtree(folder, ignore_errors=True)  # it refuses to write over a file

    path = os.pathsep.join([str(dicebear.parent), os.environ.get("PATH", os.defpath)])  # its own Node first
    size = ("--format", "png", "--size", "1024")
    theirs = [str(dicebear), "avataaars", str(folder), *size, "--count", str(count)]
    ours = [str(AVATAR), "generate", *_PERSONA, "--engine", "offline", "--count", str(count), "--quiet", *options]
    return Pair(
        command(ours, variables={HOME_VARIABLE: home}),
        command(theirs, variables={"PATH": path}, before=clear),
    )
