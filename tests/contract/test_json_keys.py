"""The keys of every JSON document that the command line prints: programs read them, so they only ever grow."""

import json
from pathlib import Path
from typing import Any

import pytest
from pinned import (
    APP_USAGE,
    ATTRIBUTES,
    AVATAR,
    BATCH_PLAN,
    CAST_STAND,
    CELL,
    CHARGED,
    CHARGES,
    COVERAGE,
    CREDIT,
    FINDING,
    FOUND,
    GALLERY,
    GENERATION,
    HEALTH,
    LICENSE,
    LIMIT_LEFT,
    MADE_GENERATION,
    MANIFEST_ROW,
    MARKS,
    MODEL,
    PERSONA,
    PLAN,
    PRESET,
    PROBLEM,
    PROJECT,
    PULLED,
    RECIPE,
    REMOVED,
    ROW_OUTCOME,
    SETTING,
    SHOWN_AVATAR,
    SHOWN_PRESET,
    SPENDING,
    SPENT_BY,
    SPREAD,
    STATES,
    STATS,
    TWIN,
    USAGE,
    USAGE_EVENT,
    VERIFIED,
    VERSION,
)

from avatar_creator.casts.weighting import even
from avatar_creator.cli.main import main
from avatar_creator.home import Home
from avatar_creator.library import open_library
from avatar_creator.library.pulls import Pulled
from avatar_creator.storage.leases import Charge, Lease

EVEN = even(["gender", "age"]).as_json()
MADE = ("generate", "--persona-name", "Ann", "--width", "64", "--height", "64", "--seed", "5")


class Printed:
    """What a command printed with --json."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *argv: str) -> Any:
        assert main([*argv, "--json"]) == 0
        return json.loads(self._capture.readouterr().out)


@pytest.fixture
def printed(home: Home, capfd: pytest.CaptureFixture[str]) -> Printed:  # noqa: ARG001 - a home of the test's own
    return Printed(capfd)


@pytest.fixture
def made(printed: Printed) -> Any:
    """A generation, as `generate` prints it."""
    return printed(*MADE)


def _keys(document: Any) -> str:
    return " ".join(document)


def _check_avatar(avatar: Any) -> None:
    assert _keys(avatar) == AVATAR
    assert (_keys(avatar["persona"]), _keys(avatar["attributes"])) == (PERSONA, ATTRIBUTES)
    assert {_keys(license_) for license_ in avatar["licenses"]} == ({LICENSE} if avatar["engine"] else set())
    assert avatar["recipe"] == {} or set(avatar["recipe"]) == set(RECIPE.split())
    assert Path(avatar["image_path"]).is_absolute()
    assert Path(avatar["thumbnail_path"]).is_absolute()


def test_generation(printed: Printed, made: Any) -> None:
    many = printed(*MADE, "--count", "2")
    assert len(many) == 2
    queued = (printed(*MADE, "--detach", "--at", "+1h"), *printed(*MADE, "--detach", "--at", "+1h", "--count", "2"))
    for generation in (made, *many, *queued):
        assert _keys(generation) == MADE_GENERATION
        assert (generation["warnings"], generation["output_path"]) == ([], None)
    printed("cancel", "--all", "--yes")
    for generation in printed("status"):
        assert _keys(generation) == GENERATION
    assert _keys(printed("status", made["id"])) == GENERATION
    for generation in (made, *many):
        assert generation["error"] is None
        _check_avatar(generation["avatar"])


def test_avatar(printed: Printed, made: Any) -> None:
    id_ = made["avatar_id"]
    shown = printed("show", id_)
    assert _keys(shown) == SHOWN_AVATAR
    assert [_keys(version) for version in shown.pop("versions")] == [VERSION]
    assert (shown.pop("output_path"), shown.pop("output_error")) == (None, None)
    documents = [
        shown,
        *printed("list"),
        printed("edit", id_, "--name", "Eve"),
        printed("use", id_, "--app", "a", "--action", "b"),
    ]
    for avatar in documents:
        _check_avatar(avatar)


def test_backup(printed: Printed) -> None:
    with open_library() as library:
        library.backups.create()
    assert [_keys(backup) for backup in printed("backup", "list")] == ["path made_at bytes schema"]


def test_upload(printed: Printed, made: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.jpg"
    other.write_bytes(Path(made["avatar"]["thumbnail_path"]).read_bytes())
    uploads = [printed("upload", str(other)), *printed("upload", str(other), made["avatar"]["image_path"])]
    assert [upload.pop("added") for upload in uploads] == [True, False, True]
    for upload in uploads:
        _check_avatar(upload)


def test_plan(printed: Printed) -> None:
    for count in ("1", "3"):
        plan = printed(*MADE, "--dry-run", "--count", count)
        assert _keys(plan) == PLAN
        assert (_keys(plan["persona"]), _keys(plan["attributes"])) == (PERSONA, ATTRIBUTES)
        assert [_keys(license_) for license_ in plan["licenses"]] == [LICENSE]
        assert (len(plan["seeds"]), plan["warnings"]) == (int(count), [])


def test_batch(printed: Printed, tmp_path: Path) -> None:
    file, manifest = tmp_path / "people.csv", tmp_path / "made.jsonl"
    file.write_text("name,age\nAnn,30\nAnn,30\nBob,x\n", encoding="utf-8")
    argv = ("batch", str(file), "--skip-bad", "--engine", "offline", "--width", "64", "--height", "64")
    plan = printed(*argv, "--dry-run")
    assert (_keys(plan), _keys(plan["states"])) == (BATCH_PLAN, STATES)
    assert [_keys(found) for found in plan["first"]] == [FOUND]
    assert [(_keys(bad), _keys(bad["problems"][0])) for bad in plan["bad"]] == [("row problems", PROBLEM)]
    assert [_keys(each) for each in plan["duplicates"]] == ["row of"]
    ended = printed(*argv, "--manifest", str(manifest))
    assert [_keys(row) for row in ended] == [ROW_OUTCOME] * 3
    assert {row["result"]: row["status"] for row in ended} == {"made": "completed", "duplicate": None, "bad": "bad"}
    rows = map(json.loads, manifest.read_text(encoding="utf-8").splitlines())
    assert [_keys(row) for row in rows] == [*[f"name age {MANIFEST_ROW}"] * 3]


def test_project(printed: Printed) -> None:
    documents = [printed("project", "create", "one"), printed("project", "show", "one"), *printed("project", "list")]
    documents.append(printed("project", "edit", "one", "--name", "two"))
    assert [_keys(project) for project in documents] == [PROJECT] * 4


def test_preset(printed: Printed) -> None:
    documents = [printed("preset", "create", "one", "--age", "30"), printed("preset", "edit", "one", "--age", "31")]
    documents += printed("preset", "list")
    assert {_keys(preset) for preset in documents} == {PRESET}
    shown = printed("preset", "show", "one")
    assert (_keys(shown), _keys(shown["persona"]), _keys(shown["attributes"])) == (SHOWN_PRESET, PERSONA, ATTRIBUTES)


def test_usage(printed: Printed, made: Any) -> None:
    printed("use", made["avatar_id"], "--app", "a", "--action", "b")
    usage = printed("usage", made["avatar_id"])
    assert [_keys(part) for part in (usage, usage["events"][0], usage["summary"][0])] == [USAGE, USAGE_EVENT, APP_USAGE]


@pytest.mark.usefixtures("made")
def test_twins(printed: Printed) -> None:
    printed("generate", "--persona-name", "Ann", "--seed", "1")
    printed("generate", "--persona-name", "Ann", "--seed", "1")
    assert {_keys(twin) for twin in printed("twins")} == {TWIN}


@pytest.mark.usefixtures("made")
def test_verify(printed: Printed) -> None:
    assert [_keys(verified) for verified in printed("verify")] == [VERIFIED]


def test_stats(printed: Printed, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    printed("use", made["avatar_id"], "--app", "a", "--action", "b")
    monkeypatch.setenv("AVATAR_MAX_IMAGES_DAY", "5")
    with open_library() as library:
        running = Lease(made["id"], made["avatar_id"], "", "offline", 1, "run_1", fence=1, attempt=1)
        library.app.leases.charge(running, [Charge("fal-ai", "flux/dev", rerolled=False)])
    for stats in (printed("stats"), printed("stats", "--project", "default")):
        assert _keys(stats) == STATS
        assert _keys(stats["generations"][0]) == "status engine count"
        assert _keys(stats["charged"][0]) == CHARGED
        assert _keys(stats["most_used"][0]) == "id name usage_count"
        spending = stats["spending"]
        assert _keys(spending) == SPENDING
        assert {_keys(spending[name]) for name in ("total", "day", "month")} == {CHARGES}
        if stats["project_id"] is None:
            assert (_keys(spending["reserved"]), _keys(spending["limits"][0])) == (CHARGES, LIMIT_LEFT)
        else:
            assert (spending["reserved"], spending["limits"]) == (None, [])
    for by in ("day", "month", "provider", "model", "project"):
        assert [_keys(spent) for spent in printed("stats", "--by", by)] == [SPENT_BY]


def test_coverage(printed: Printed, made: Any) -> None:
    with open_library() as library:
        library.app.casts.put(made["project_id"], 7, 4, EVEN)
    report = printed("coverage", "default")
    assert (_keys(report), _keys(report["casts"][0])) == (COVERAGE, CAST_STAND)
    spreads = [*report["axes"], *report["pairs"]]
    assert {_keys(spread) for spread in spreads} == {SPREAD}
    assert {_keys(cell) for spread in spreads for cell in spread["cells"]} == {CELL}


@pytest.mark.usefixtures("made")
def test_gallery(printed: Printed, tmp_path: Path) -> None:
    assert _keys(printed("gallery", "--output", str(tmp_path / "page.html"))) == GALLERY


def test_models(printed: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert {_keys(each) for each in printed("models", "list")} == {MODEL}
    assert _keys(printed("models", "list")[0]["license"]) == LICENSE
    (tmp_path / "hub" / "models--Qwen--Qwen-Image").mkdir(parents=True)
    assert _keys(printed("models", "rm", "qwen-image", "--yes")) == REMOVED
    assert " ".join(Pulled._fields) == PULLED


def test_doctor(printed: Printed) -> None:
    report = printed("doctor")
    assert (_keys(report), {_keys(finding) for finding in report["findings"]}) == (HEALTH, {FINDING})


def test_config(printed: Printed) -> None:
    assert {_keys(setting) for setting in printed("config", "show")} == {SETTING}


def test_inspect(printed: Printed, made: Any) -> None:
    marks = printed("inspect", made["avatar"]["image_path"])
    assert (_keys(marks), _keys(marks["credit"])) == (MARKS, CREDIT)
    assert marks["recipe"] == made["avatar"]["recipe"]


@pytest.mark.parametrize(
    ("argv", "code"), [(("show", "nope"), "not_found"), (("list", "--age", "x"), "invalid"), (("nope",), "invalid")]
)
def test_error(home: Home, capfd: pytest.CaptureFixture[str], argv: tuple[str, ...], code: str) -> None:
    del home
    main([*argv, "--json"])
    out, err = capfd.readouterr()
    error = json.loads(err)
    assert (out, _keys(error), _keys(error["error"]), error["error"]["code"]) == (
        "",
        "error",
        "code message hint",
        code,
    )


def test_a_failed_generations_error(printed: Printed, home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    printed("list")
    home.pictures.touch()  # a file where the folder should be
    assert main([*MADE, "--json"]) == 6
    capfd.readouterr()
    (failed,) = printed("status")
    assert (_keys(failed), _keys(failed["error"])) == (GENERATION, "code message hint")
    assert (failed["avatar"], failed["avatar_id"], failed["status"]) == (None, None, "failed")
