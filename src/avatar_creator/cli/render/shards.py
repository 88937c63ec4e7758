"""How shards are shown: which there are, and what a merge misses."""

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.domain.text import counted, visible
from avatar_creator.shards.layout import array_of

if TYPE_CHECKING:
    from avatar_creator.library.shard_merges import Handed, MergeReport
    from avatar_creator.shards.plan import OpenedPlan

_NAMED = 20  # shards that are damaged, in sentences


class MadeShard(NamedTuple):
    """A shard that is made, and how many of its pictures failed."""

    shard: int
    path: str
    made: int
    failed: int

    @property
    def id(self) -> str:
        """What is printed of it alone."""
        return self.path

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


class ShardsStatus:
    """Which shards of a plan are made."""

    def __init__(self, handed: "Handed") -> None:
        self._handed = handed
        self.shards = handed.shards
        self.missing = handed.missing
        self.made = self.shards - len(self.missing)
        self.array = handed.missing_array

    def as_json(self) -> dict[str, Any]:
        return {
            "shards": self.shards,
            "made": self.made,
            "missing": self.missing,
            "missing_array": self.array,
            "damaged": [
                {"shard": each.number, "file": str(each.path), "why": each.wrong}
                for each in self._handed.files
                if each.wrong
            ],
        }

    def said(self) -> Iterator[str]:
        """Yield sentences."""
        yield f"{self.made:,} of {counted(self.shards, 'shard')} made."
        damaged = [each.wrong for each in self._handed.files if each.wrong]
        yield from damaged[:_NAMED]
        if len(damaged) > _NAMED:
            yield f"And {len(damaged) - _NAMED:,} more are damaged."
        if self.missing:
            yield f"Missing: {self.array}. As a Slurm array: sbatch --array={self.array}"


def merged(report: "MergeReport") -> Iterator[str]:
    """Yield what became of the pictures: sentences."""
    counts = {result.value: count for result, count in report.results.items()}
    known = counts.get("known", 0) + counts.get("different", 0)
    yield f"{counts.get('new', 0):,} new, {known:,} were here already."
    if different := counts.get("different", 0):
        yield f"{counted(different, 'picture')} of a recipe that is here had other bytes: the first stays."
    if report.rejects:
        yield f"{counted(report.rejects, 'picture')} that failed a check came along. See them: avatar rejects"


def wrong(report: "MergeReport") -> Iterator[str]:
    """Yield what is damaged, and which pictures are missing beside those of missing shards: sentences, of the first."""
    for number, why in sorted(report.wrong.items())[:_NAMED]:
        yield f"Shard {number} is damaged: {visible(why)}"
    if len(report.wrong) > _NAMED:
        yield f"And {len(report.wrong) - _NAMED:,} more shards are damaged."
    yield from report.unknown[:_NAMED]
    yield from (f"Missing: {said}" for said in report.named)
    if report.to_name > len(report.named):
        yield f"And {report.to_name - len(report.named):,} more pictures are missing."


def incomplete(report: "MergeReport") -> str:
    """Say what is missing or damaged, in one sentence."""
    all_ = counted(report.shards, "shard")
    parts = [
        f"{len(numbers):,} of {all_} {'is' if len(numbers) == 1 else 'are'} {what}: {array_of(numbers)}"
        for what, numbers in (("missing", report.missing), ("damaged", sorted(report.wrong)))
        if numbers
    ]
    if pictures := report.missing_pictures:
        in_all = "in all, " if parts else ""
        parts.append(f"{in_all}{counted(pictures, 'picture is', 'pictures are')} missing")
    return f"{'; '.join(parts)}."


def way_on(report: "MergeReport", plan: "OpenedPlan | None") -> str:
    """Say how the rest is made; ``plan`` is known if its folder was handed in. It may have lost lists of shards."""
    run = f"avatar batch run {shlex.quote(visible(str(plan.folder))) if plan else 'PLAN'} --shard"
    again = "then merge once more: what is here stays."
    numbers = sorted({*report.missing, *report.wrong})
    if not numbers:
        return f"To make failed and damaged pictures again: {run} N --retry-failed; {again}"
    lost = plan.lost(numbers) if plan else []
    ways = []
    if made := [number for number in numbers if number not in lost]:
        ways.append(f"Make them: {run} {made[0]}; as a Slurm array: --array={array_of(made)}; {again}")
    if plan and lost:
        ways.append(f"The plan has lost the lists of {array_of(lost)}: copy it once more, or {plan.anew}")
    return " ".join(ways)
