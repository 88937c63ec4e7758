import pytest

from avatar_creator.domain.schedule import PRIORITY_MOST, Schedule, parse_command
from avatar_creator.errors import InvalidInput


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("true", ["true"]),
        ("notify-send 'It is done' $HOME", ["notify-send", "It is done", "$HOME"]),  # no shell makes more of it
        (r'sh -c "cp \"$AVATAR_GENERATION_PATH\" ."', ["sh", "-c", 'cp "$AVATAR_GENERATION_PATH" .']),
    ],
)
def test_a_command_is_cut_into_words_as_a_shell_cuts_it(given: str, words: list[str]) -> None:
    assert parse_command(given) == words


@pytest.mark.parametrize("given", ["", "  ", "say 'done", "say \\"])
def test_what_is_no_command_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput, match=r"^on done is"):
        parse_command(given)


@pytest.mark.parametrize("priority", [-PRIORITY_MOST, 0, PRIORITY_MOST])
def test_priorities_within_the_limits(priority: int) -> None:
    Schedule(priority).check()


@pytest.mark.parametrize("priority", [-PRIORITY_MOST - 1, PRIORITY_MOST + 1, True, 1.0])
def test_priorities_outside_the_limits_are_refused(priority: int) -> None:
    with pytest.raises(InvalidInput, match=r"^priority is"):
        Schedule(priority).check()
