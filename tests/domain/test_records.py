import json
from typing import Any

import pytest

from avatar_creator.domain.records import Avatar, Failure, Generation, Project, SourceType, Stage, Status
from avatar_creator.domain.stats import AppUsage, Charged, GenerationCount, Stats, Usage, UsageEvent, UsedAvatar
from sample_records import AT, a_generation, an_avatar

AVATAR, GENERATION = an_avatar(), a_generation()


def test_statuses_stages_and_sources_are_the_words_of_rows_and_json() -> None:
    assert [status.value for status in Status] == ["pending", "processing", "completed", "failed", "cancelled"]
    assert {stage.value: stage.percent for stage in Stage if stage is not Stage.WAITING} == {
        "queued": 0,
        "started": 10,
        "generating": 20,
        "saving": 70,
        "recording": 90,
        "done": 100,
    }
    assert [source.value for source in SourceType] == ["uploaded", "text_to_image", "from_preset", "from_reference"]


def test_an_avatar_as_json_holds_each_of_its_fields() -> None:
    data = AVATAR.as_json()
    newer = ["persona_id", "version", "picture_at", "cost_usd", "preset", "tags", "starred"]
    older = [field for field in Avatar._fields if field not in {"warnings", "copy_path", *newer}]
    assert list(data) == [*older, "licenses", "not_shown", "drawn", *newer]
    assert json.loads(json.dumps(data)) == data
    assert data["source_type"] == "text_to_image"
    assert data["persona"] == {"name": "Sarah", "age": 32, "personality": ["kind"], "background": None}
    assert data["attributes"]["gender"] == "female"
    assert data["image_path"] == str(AVATAR.image_path)


def test_a_generation_as_json_holds_each_of_its_fields_and_its_avatar() -> None:
    data = GENERATION.as_json()
    assert list(data) == list(Generation._fields)
    assert json.loads(json.dumps(data)) == data
    assert (data["status"], data["error"], data["avatar"]) == ("completed", None, AVATAR.as_json())


def test_a_failed_generation_as_json_holds_its_error() -> None:
    failed = a_generation(status=Status.FAILED, avatar=None, error=Failure("engine_busy", "Later.", None))
    data = failed.as_json()
    assert data["error"] == {"code": "engine_busy", "message": "Later.", "hint": None}
    assert (data["status"], data["avatar"]) == ("failed", None)


def test_a_project_as_json_holds_each_of_its_fields() -> None:
    data = Project("prj_1", "default", None, 1, AT, AT).as_json()
    assert list(data) == list(Project._fields)
    assert json.loads(json.dumps(data)) == data


EVENT = UsageEvent("use_1", "av_1", "game", "shown", None, AT)
PAID = (Charged("huggingface", "fal-ai", "flux/dev", 3, 1),)
COUNTS, USED = (GenerationCount(Status.FAILED, "offline", 2),), (UsedAvatar("av_1", "Sarah", 1),)


@pytest.mark.parametrize(
    ("figures", "inner"),
    [
        (EVENT, {"app": "game", "reference": None}),
        (
            Usage("av_1", (EVENT,), (AppUsage("game", 1, AT),)),
            {"events": [EVENT.as_json()], "summary": [{"app": "game", "count": 1, "last_used_at": AT}]},
        ),
        (
            Stats("prj_1", 1, 1, COUNTS, PAID, 1, 1, 1.0, USED, 9, 9),
            {
                "generations": [{"status": "failed", "engine": "offline", "count": 2}],
                "charged": [
                    {"engine": "huggingface", "provider": "fal-ai", "model": "flux/dev", "pictures": 3, "rerolled": 1}
                    | {"usd": None, "unpriced": 0}
                ],
                "most_used": [{"id": "av_1", "name": "Sarah", "usage_count": 1}],
            },
        ),
    ],
)
def test_figures_as_json_hold_each_of_their_fields(figures: UsageEvent | Usage | Stats, inner: dict[str, Any]) -> None:
    data = json.loads(json.dumps(figures.as_json()))
    assert list(data) == list(figures._fields)
    assert {key: data[key] for key in inner} == inner
