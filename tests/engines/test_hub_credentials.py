"""The token: where it is found, what it must look like, and that it goes nowhere else."""

import hashlib
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import constants

from avatar_creator.engines import fingerprint
from avatar_creator.engines.base import Setup
from avatar_creator.engines.hub import credentials
from avatar_creator.engines.hub.credentials import (
    Credential,
    find_key,
    find_token,
    is_hugging_face,
    scrub,
    token_source,
)
from avatar_creator.engines.huggingface import client
from avatar_creator.engines.huggingface.engine import HuggingFaceEngine
from avatar_creator.errors import AvatarError, InvalidInput, NotConfigured
from engines.photographs import WAYS, Watch, asked, engine
from standin import Behaviour, StandIn, behaviours

GOOD, OTHER, THIRD = ("hf_" + word * 11 for word in ("Ab1", "Cd2", "Ef3"))
BROWSER = "hf_oauth_eyJhbGciOiJ.eyJzdWIiOiI2.c2ln-bmF0_dXJl"  # what a login in the browser gives


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a user without any token."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_OIDC_RESOURCE", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    return tmp_path


# -- where it is found


def test_the_environment_goes_before_the_settings_and_those_before_a_login(
    nobody: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert token_source(None) is None
    with pytest.raises(NotConfigured) as missing:
        find_token(None)
    assert missing.value.message == "There is no Hugging Face token."
    for way in ("huggingface.co/settings/tokens", "hf auth login", "HF_TOKEN", "config set hf_token", "offline"):
        assert way in (missing.value.hint or "")
    (nobody / "token").write_text(f"{THIRD}\n")
    assert find_token(None) == Credential(THIRD, "hf auth login")
    assert find_token(OTHER) == Credential(OTHER, "the setting hf_token")
    monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", THIRD)
    assert find_token(OTHER) == Credential(THIRD, "HUGGING_FACE_HUB_TOKEN")
    monkeypatch.setenv("HF_TOKEN", GOOD)
    assert find_token(OTHER) == Credential(GOOD, "HF_TOKEN")
    monkeypatch.setenv("HF_TOKEN", " \n")
    assert find_token(OTHER).source == "HUGGING_FACE_HUB_TOKEN"
    assert token_source(OTHER) == "HUGGING_FACE_HUB_TOKEN"


@pytest.mark.parametrize("around", ["{}\n", "  {}  ", "\t{}\r\n", "{}"])
def test_white_space_around_a_token_is_no_part_of_it(
    nobody: Path, monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    assert find_token(around.format(GOOD)).value == GOOD
    (nobody / "token").write_text(around.format(OTHER))
    assert find_token(None).value == OTHER
    monkeypatch.setenv("HF_TOKEN", around.format(BROWSER))
    assert find_token(None).value == BROWSER


@pytest.mark.parametrize(
    "bad",
    [
        f'"{GOOD}"',
        f"'{GOOD}'",
        f'{GOOD}"',
        f"{GOOD} {OTHER}",
        f"{GOOD}\n{OTHER}",
        f"Bearer {GOOD}",
        f"export HF_TOKEN={GOOD}",
        "hf_",
        "api_org_secretsecret",
        "r8_secretsecret",
        "sk-secretsecret",
        f"{GOOD}é",
        f"{GOOD}\x1b[31m",
        "🎉secretsecret",
    ],
    ids=range(14),
)
def test_what_is_no_token_is_refused_and_not_repeated(nobody: Path, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    del nobody

    def refused(source: str, kept: str | None) -> None:
        for ask in (find_token, lambda kept: HuggingFaceEngine(Setup(settings={"hf_token": kept})).check({})):
            with pytest.raises(NotConfigured) as raised:
                ask(kept)
            said = f"{raised.value.message} {raised.value.hint} {raised.value!r}"
            assert source in said
            assert "settings/tokens" in said
            assert "secret" not in said
            assert GOOD[:10] not in said

    refused("the setting hf_token", bad)
    monkeypatch.setenv("HF_TOKEN", bad)
    refused("HF_TOKEN", None)


def test_without_a_token_nothing_is_sent(hub: StandIn, monkeypatch: pytest.MonkeyPatch, nobody: Path) -> None:
    del nobody
    monkeypatch.setenv("HF_TOKEN", f'"{hub.token}"')
    watch = Watch()
    with pytest.raises(NotConfigured):
        engine().generate(asked(), watch)
    assert (hub.requests, watch.attempts) == ([], 0)


PLACES: dict[str, dict[str, str]] = {
    "HF_HOME": {"HF_HOME": "{}/a"},
    "HF_HOME with a variable": {"HF_HOME": "$ROOM/a"},
    "HF_HOME with a tilde": {"HF_HOME": "~/a"},
    "HF_TOKEN_PATH": {"HF_TOKEN_PATH": "{}/b/tok", "HF_HOME": "{}/a"},
    "HF_TOKEN_PATH with a variable": {"HF_TOKEN_PATH": "$ROOM/b/tok"},
    "HF_TOKEN_PATH with a tilde": {"HF_TOKEN_PATH": "~/b/tok"},
    "XDG_CACHE_HOME": {"XDG_CACHE_HOME": "{}/c"},
    "XDG_CACHE_HOME with a variable": {"XDG_CACHE_HOME": "${{ROOM}}/c"},
    "HF_HOME and XDG_CACHE_HOME": {"HF_HOME": "{}/a", "XDG_CACHE_HOME": "{}/c"},
    "nothing": {},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_login_is_found_where_the_client_keeps_it(tmp_path: Path, place: str) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HUGGING", "XDG_"))}
    given = {name: value.format(tmp_path) for name, value in PLACES[place].items()}
    environment = clean | {"HOME": str(tmp_path), "ROOM": str(tmp_path)} | given
    program = (
        "from pathlib import Path\n"
        "from avatar_creator.engines.hub.credentials import token_source\n"
        "import sys\n"
        "print(token_source(None), 'huggingface_hub' in sys.modules)\n"
        "from huggingface_hub.constants import HF_TOKEN_PATH\n"
        "path = Path(HF_TOKEN_PATH); path.parent.mkdir(parents=True, exist_ok=True); path.touch()\n"
        "print(token_source(None))\n"
        f"path.write_text({GOOD!r})\n"
        "print(token_source(None), path)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told[:2] == ["None False", "None"]
    found, path = told[2].rsplit(" ", 1)
    assert found == "hf auth login"
    assert path.startswith(str(tmp_path))


# -- a provider's own key


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_a_key_that_is_not_there(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("r8_secretsecret", value)
    for variable in ("r8_secretsecret", "NOT_SET_secret"):
        with pytest.raises(InvalidInput, match="names a variable that is not set") as raised:
            find_key(variable)
        assert "secret" not in f"{raised.value.message}{raised.value.hint}"


@pytest.mark.parametrize("value", [GOOD, BROWSER, "two words", "clé-secret", "secret\x07"])
def test_a_key_that_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OWN_KEY", value)
    with pytest.raises(InvalidInput, match="The variable OWN_KEY holds no provider's own key") as raised:
        find_key("OWN_KEY")
    assert value not in f"{raised.value.message}{raised.value.hint}"


# -- what tells one from another


def test_a_fingerprint_tells_what_is_paid_with(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(**options: str) -> str | None:
        setup = Setup(settings={"hf_token": OTHER})
        known = fingerprint("huggingface", options, setup)
        assert HuggingFaceEngine(setup).credential(options) == known
        return known

    def digits(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()[:8]

    assert told() == told(model="flux-dev") == digits(OTHER)
    (nobody / "token").write_text(THIRD)
    assert fingerprint("huggingface", {}) == digits(THIRD)
    monkeypatch.setenv("HF_TOKEN", f" {GOOD}\n")
    assert told() == told(model="https://a.endpoints.huggingface.cloud") == digits(GOOD)
    assert told(model="http://127.0.0.1:8080/x") is None
    monkeypatch.setenv("OWN_KEY", "r8_key")
    own = {"provider_key_env": "OWN_KEY"}
    assert told(provider="replicate", **own) == told(model="http://127.0.0.1:8080/x", **own) == digits("r8_key")


def test_without_a_credential_there_is_no_fingerprint(nobody: Path) -> None:
    del nobody
    options: dict[str, Any]
    for options, failure in (
        ({}, NotConfigured),
        ({"provider": "fal-ai", "provider_key_env": "NOT_SET"}, InvalidInput),
        ({"steps": 0}, InvalidInput),
    ):
        for ask in (HuggingFaceEngine(Setup()).credential, partial(fingerprint, "huggingface")):
            with pytest.raises(failure):
                ask(options)


def test_a_fingerprint_is_quick_to_have() -> None:
    program = (
        "import sys\n"
        "from avatar_creator.engines import fingerprint\n"
        "print(len(fingerprint('huggingface', {})), 'huggingface_hub' in sys.modules, 'PIL' in sys.modules)\n"
    )
    environment = os.environ | {"HF_TOKEN": GOOD}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout == "8 False False\n"


# -- who may have it


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("huggingface.co", True),
        ("router.huggingface.co", True),
        ("cdn-lfs.huggingface.co", True),
        ("x1.us-east-1.aws.endpoints.huggingface.cloud", True),
        ("huggingface.co.evil.com", False),
        ("evilhuggingface.co", False),
        ("huggingface.cloud", False),
        ("endpoints.huggingface.cloud.evil.com", False),
        ("fal.run", False),
        ("127.0.0.1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_a_token_is_for_hugging_face_and_a_key_for_all_others(
    host: str, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert is_hugging_face(host) is own
    assert Credential(GOOD, "HF_TOKEN").may_go_to(host) is own
    assert Credential("key", "FAL_KEY", direct=True).may_go_to(host) is not own


def test_a_mirror_of_the_hub_may_have_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example.com/x")
    assert is_hugging_face("hub.example.com")
    assert not is_hugging_face("example.com")


ALL = [each for name in behaviours.__all__ if isinstance(each := getattr(behaviours, name), Behaviour)]
QUICK = [each for each in ALL if not each.at_connect and each.wire not in {"hang", "drip", "drip_headers"}]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    known: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is not None and id(found) not in known:
            known.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__]


@pytest.mark.parametrize("provider", WAYS)
@pytest.mark.parametrize("behaviour", QUICK, ids=lambda each: each.name)
def test_whatever_happens_the_token_stays_where_it_belongs(
    hub: StandIn, provider: str, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    if behaviour.outcome == "never" or (behaviour.name in {"huge", "bomb"} and provider != "fal-ai"):
        return  # for ever, or for long
    kind: Any = "download" if behaviour.name.startswith("download") else "call"
    hub.script(kind, behaviour)
    one = engine(attempts=1)
    texts = [repr(one), repr(vars(one))]
    try:
        texts.append(repr(one.generate(asked(timeout_s=2, **WAYS[provider]), Watch()).recipe))
    except AvatarError as error:
        for each in _chain(error):
            texts += [repr(each), str(each), repr(vars(each))]
        texts += [*traceback.format_exception(error), error.message, error.hint or ""]
    assert (hub.leaks, hub.strays) == ([], [])
    assert hub.token not in "\n".join(texts)
    assert hub.token not in caplog.text


@pytest.mark.parametrize("host", ["foreign", "key"])
@pytest.mark.parametrize(
    "behaviour",
    [behaviours.redirect_elsewhere, behaviours.redirect_loop, behaviours.unauthorized, behaviours.error_500],
    ids=lambda each: each.name,
)
def test_it_stays_there_when_others_are_asked(
    hub: StandIn, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, host: str
) -> None:
    monkeypatch.setenv("OWN_KEY", hub.keys["fal.run"])
    wishes: dict[str, Any] = {"provider": "fal-ai", "provider_key_env": "OWN_KEY"}
    if host == "foreign":
        wishes = {"model": hub.endpoint}
    hub.always("call", behaviour)
    failure: AvatarError | None = None
    try:
        engine(attempts=1).generate(asked(**wishes), Watch())
    except AvatarError as error:
        failure = error
    assert (hub.leaks, hub.strays) == ([], [])
    said = "".join(f"{each!r}{each}{vars(each)}" for each in _chain(failure))
    assert hub.token not in said
    assert hub.keys["fal.run"] not in said


@pytest.mark.parametrize("port", [80, 443])
def test_an_endpoint_of_hugging_face_in_the_clear_is_refused(hub: StandIn, port: int) -> None:
    with pytest.raises(InvalidInput, match="model is a URL that cannot be used") as raised:
        engine().generate(asked(model=f"http://portraits.endpoints.huggingface.cloud:{port}/"), Watch())
    assert "https://" in (raised.value.hint or "")
    assert hub.requests == []


def test_nothing_that_holds_it_shows_it() -> None:
    token, setup = Credential(GOOD, "HF_TOKEN"), Setup(settings={"hf_token": GOOD})
    shared = client._client("fal-ai", token, 10.0, None)
    for holder in (token, setup, HuggingFaceEngine(setup), shared, [token], {"a": (token,)}):
        assert GOOD not in f"{holder!r}{holder}"


@pytest.mark.parametrize("token", [GOOD, BROWSER, "hf_jwt_eyJ0eXAiOiJKV1Qi.eyJpYXQi.sig-na_ture"])
def test_a_token_is_taken_out_of_any_text(token: str) -> None:
    for text in (
        token,
        f"({token})",
        f"a {token}.",
        f"Bearer {token}\nx",
        f'{{"token": "{token}"}}',
        f"{token},{token}",
    ):
        for credential in (None, Credential(token, "HF_TOKEN"), Credential("other-key", "K", direct=True)):
            left = scrub(text, credential)
            assert all(part not in left for part in token.removeprefix("hf_").replace("_", ".").split("."))
    assert scrub("key r8_secret!", Credential("r8_secret", "K", direct=True)) == "key ***!"
    assert scrub("hf_xet and huggingface.co stay", None) == "hf_xet and huggingface.co stay"
    assert credentials.scrub("", None) == ""
