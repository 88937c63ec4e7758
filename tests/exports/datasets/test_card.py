"""Cards of data sets that are written split after split."""

import json
from pathlib import Path

import pytest

from avatar_creator.archives.writing import Target
from avatar_creator.domain.license import License
from avatar_creator.domain.records import Avatar
from avatar_creator.exports.datasets import imagefolder
from avatar_creator.exports.datasets.columns import values_of
from avatar_creator.exports.datasets.samples import Sample
from avatar_creator.exports.manifest import Entry
from sample_records import an_avatar

FREE = License("a model", "Apache-2.0", None, "yes", "no")
CLOSED = License("FLUX", "FLUX Non-Commercial License", "https://bfl.ai/l", "no", "yes")
LORA = License("a LoRA", "LoRA licence", None, "unknown", "no")
FORBIDS = "**Not for commercial use**"


def made_with(id_: str, *licenses: License) -> Avatar:
    return an_avatar(id=id_, recipe={"made_with": {"licenses": [each._asdict() for each in licenses]}})


def written(folder: Path, split: str, *avatars: Avatar) -> str:
    samples = [Sample(each, f"{each.id}.png", b"png", values_of(Entry(each, ("x",), "x"))) for each in avatars]
    target = Target(folder, mark=imagefolder.metadata_of(split), force=True)
    for _ in imagefolder.write(samples, target, split=split, title="people"):
        pass
    return (folder / "README.md").read_text("utf-8")


@pytest.mark.parametrize("licenses", [(CLOSED,), (CLOSED, LORA), (LORA, CLOSED, FREE)])
def test_what_another_split_forbids_stays_forbidden(tmp_path: Path, licenses: tuple[License, ...]) -> None:
    out = tmp_path / "out"
    first = written(out, "train", made_with("av_1", *licenses))
    second = written(out, "test", made_with("av_2", FREE))
    again = written(out, "test", made_with("av_2", FREE))
    assert all(FORBIDS in card for card in (first, second, again))
    assert all(str(each.name) in second for each in licenses)
    row = json.loads((out / "train" / "metadata.jsonl").read_text("utf-8"))
    assert row["commercial_use"] == "no"


def test_what_no_split_forbids_is_not_forbidden(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(out, "train", made_with("av_1", FREE))
    card = written(out, "test", made_with("av_2", LORA))
    assert FORBIDS not in card
    assert "Apache-2.0, commercial use: yes" in card
    uses = [json.loads((out / name / "metadata.jsonl").read_text())["commercial_use"] for name in ("train", "test")]
    assert uses == ["yes", "unknown"]


def test_a_row_that_somebody_changed_forbids_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written(out, "train", made_with("av_1", FREE))
    path = out / "train" / "metadata.jsonl"
    rows = [{"license": "x; y"}, {"commercial_use": ["no"], "license": 1}, {"commercial_use": "maybe", "license": "x"}]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert FORBIDS not in written(out, "test", made_with("av_2", FREE))
