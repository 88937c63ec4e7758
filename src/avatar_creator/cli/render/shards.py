"""How shards are shown: which there are, and what a merge lacks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from avatar_creator.domain.text import counted, visible

if TYPE_CHECKING:
    from avatar_creator.library.shard_merges import Handed, MergeReport

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
            "damaged": [{"file": str(each.path), "why": each.wrong} for each in self._handed.files if each.wrong],
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


def lacking(report: "MergeReport") -> Iterator[str]:
    """Yield what is wrong: sentences, of pictures the first."""
    for number, why in sorted(report.wrong.items())[:_NAMED]:
        yield f"Shard {number} is damaged: {visible(why)}"
    if len(report.wrong) > _NAMED:
        yield f"And {len(report.wrong) - _NAMED:,} more shards are damaged."
    yield from report.unknown[:_NAMED]
    yield from (f"Lacking: {said}" for said in report.lacking)
    if report.lacking_count > len(report.lacking):
        yield f"And {report.lacking_count - len(report.lacking):,} more pictures are lacking."


def incomplete(report: "MergeReport") -> str:
    """Say what a merge lacks, in one sentence."""
    parts = []
    if report.missing:
        parts.append(f"{counted(len(report.missing), 'shard is', 'shards are')} missing: {report.missing_array}")
    if report.wrong:
        numbers = ", ".join(str(number) for number in sorted(report.wrong)[:_NAMED])
        parts.append(f"{counted(len(report.wrong), 'shard is', 'shards are')} damaged: {numbers}")
    if report.lacking_count:
        parts.append(f"{counted(report.lacking_count, 'picture is', 'pictures are')} lacking")
    return f"Of {counted(report.shards, 'shard')} not all is here: {'; '.join(parts)}."


def way_on(report: "MergeReport") -> str:
    """Say how the rest is made."""
    numbers = sorted({*report.missing, *report.wrong})
    again = "then merge once more: what is here stays."
    if not numbers:
        return f"To try failed pictures again: avatar batch run PLAN --shard N --retry-failed; {again}"
    return f"Make them: avatar batch run PLAN --shard {numbers[0]}; as a Slurm array: --array={report.array}; {again}"
