"""Many shells and a worker under one limit of a day, some of them killed: what a service was asked to make, counted."""

import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from avatar_creator.home import Home
from sql import run_sql
from standin import StandIn, behaviours

from .report import Report

PROGRAM = (sys.executable, "-m", "avatar_creator")
ASK = ("generate", "--engine", "huggingface", "--width", "512", "--height", "512", "--quiet", "--yes")
PATIENCE_S = 300
LIMIT_CODE = 5


class Crowd:
    """Shells of one home, whose photographs are made by one stand-in."""

    def __init__(self, folder: Path, hub: StandIn, limit: int) -> None:
        self.home = Home(folder / "home")
        self.home.create()
        self.home.config.write_text(f"max_images_day = {limit}\nretry_base_s = 0.02\nworker_idle_s = 0\n")
        self._environment = {**os.environ, **hub.environment(), "AVATAR_HOME": str(self.home.root)}

    def start(self, *argv: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen([*PROGRAM, *argv], env=self._environment, stdin=quiet, stdout=quiet, stderr=quiet)

    def run(self, *argv: str) -> int:
        return self.start(*argv).wait(PATIENCE_S)

    def count(self, sql: str) -> int:
        [(number,)] = run_sql(self.home, f"SELECT coalesce(({sql}), 0)")
        return int(number)

    def settle(self) -> None:
        """Go on until nothing waits or is made, which killed shells had begun."""
        until_s = time.monotonic() + PATIENCE_S
        while self.count("SELECT sum(generations) FROM generation_tally WHERE status IN ('pending', 'processing')"):
            assert time.monotonic() < until_s
            self.run("status", "--quiet")  # which recovers
            self.run("worker", "run", "--in-line")


def crowd(folder: Path, *, shells: int, each: int, limit: int, kills: int, seed: int) -> Report:
    """Have shells ask at once for more than the limit allows, half of them a worker; fill up what is left then."""
    report, chance = Report(f"{shells} shells, a limit of {limit}"), Random(seed)
    with StandIn(folder) as hub:
        hub.delay_s = 0.1
        hub.chance(0.3, (behaviours.black, behaviours.error_500, behaviours.gateway_timeout, behaviours.cut), seed)
        crowd = Crowd(folder, hub, limit)
        many = [
            crowd.start(*ASK, "--persona-name", f"P{n}", "--count", str(each), *(["--detach"] if n % 2 else []))
            for n in range(shells)
        ]
        for victim in chance.sample(many[::2], kills):
            time.sleep(chance.uniform(0, 0.3))  # the moment is the point
            victim.kill()
        codes = [shell.wait(PATIENCE_S) for shell in many]
        crowd.settle()
        report.most("shells that ended otherwise", sum(code not in {0, LIMIT_CODE, -9} for code in codes))
        report.most("paid for beyond the limit", len(hub.pictures) - limit)
        report.most("reserved for ever", crowd.count("SELECT sum(pictures) FROM reserved_tally"))
        counted = "SELECT sum(pictures) FROM charge_day_tally", "SELECT count(*) FROM calls_in_doubt"
        spent = sum(map(crowd.count, counted))
        report.most("paid for and not counted", len(hub.pictures) - spent)
        hub.chance(0, (), seed)
        while spent < limit:  # what is left can be used, to the last one
            report.most("refused below the limit", crowd.run(*ASK, "--persona-name", "Last") != 0)
            before, spent = spent, sum(map(crowd.count, counted))
            if spent == before:
                break
        report.most("allowed beyond the limit", crowd.run(*ASK, "--persona-name", "More") != LIMIT_CODE)
        report.most("paid for beyond the limit at last", len(hub.pictures) - limit)
        report.most("never used of the limit", limit - spent)
    return report
