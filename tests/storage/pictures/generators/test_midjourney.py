import pytest

from avatar_creator.storage.pictures.generators import midjourney
from avatar_creator.storage.pictures.parameters import MetadataTexts, Parameters

PROMPT = "a baker, portrait --no hat, glasses --seed 7 --ar 4:5 --v 6.1"
JOB = "Job ID: 5b7c0000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "account",
    [MetadataTexts({"Description": f"{PROMPT} {JOB}"}), MetadataTexts(xmp={"dc:description": f"{PROMPT} {JOB}"})],
)
def test_prompt_and_options_stand_before_the_job(account: MetadataTexts) -> None:
    assert midjourney.read(account) == Parameters("Midjourney", PROMPT, "hat, glasses", 7)


@pytest.mark.parametrize("description", [PROMPT, f"{JOB} was done", "Job ID: 17", ""])
def test_other_descriptions_are_none_of_it(description: str) -> None:
    assert midjourney.read(MetadataTexts({"Description": description})) is None
