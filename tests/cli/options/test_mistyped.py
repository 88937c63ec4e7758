"""A command line that does not fit leads to `avatar batch` where a table of personas was meant."""

from pathlib import Path

import pytest

from cli.commandline import Avatar


@pytest.mark.parametrize(
    ("line", "said", "table"),
    [
        ("import people.csv", "'people.csv' cannot be read: No such file or directory.", "people.csv"),
        ("people.xlsx", "No such command 'people.xlsx'.", "people.xlsx"),
        ("run my/People.CSV", "No such command 'run'.", "my/People.CSV"),
        ("load", "No such command 'load'.", "people.csv"),
        ("generate people.csv", "Got unexpected extra argument(s) (people.csv)", "people.csv"),
        ("generate --csv people.tsv", "No such option: --csv", "people.tsv"),
        ("generate --seed 3 --file people.parquet", "No such option: --file", "people.parquet"),
        ("generate --personas=all.csv", "No such option: --personas", "all.csv"),
        ("generate --batch", "No such option: --batch", "people.csv"),
        ("upload --input people.csv", "No such option: --input", "people.csv"),
        ("project import people.csv", "No such command 'import'.", "people.csv"),
        ("project people.csv", "No such command 'people.csv'.", "people.csv"),
        ("batch", "Missing argument 'FILE'.", "people.csv"),
        ("batch --input people.jsonl", "No such option: --input", "people.jsonl"),
    ],
)
def test_what_takes_a_table_elsewhere_leads_to_batch(avatar: Avatar, line: str, said: str, table: str) -> None:
    assert avatar.refused(*line.split()) == f"Error: {said}\nHint: For a table of personas: avatar batch {table}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("list --csv", "No such option: --csv"),
        ("generate --sed 1 --output people.csv", "No such option: --sed"),
        ("batch people.csv more.csv", "Got unexpected extra argument(s) (more.csv)"),
        ("batch people.csv --outptu x", "No such option: --outptu"),
        ("batch people.csv --seed x", "'x' is not a valid int"),
        ("improt", "No such command 'improt'."),
        ("project improt", "No such command 'improt'."),
    ],
)
def test_other_typing_errors_do_not(avatar: Avatar, line: str, said: str) -> None:
    refused = avatar.refused(*line.split())
    assert said in refused
    assert "For a table" not in refused


def test_a_table_that_is_uploaded_leads_to_batch(avatar: Avatar, tmp_path: Path) -> None:
    table, note = tmp_path / "people.csv", tmp_path / "note.jpg"
    for path in (table, note):
        path.write_text("name,age\nAnn,29\n")
    run = avatar("upload", table, note, code=2)
    batch, convert = run.err.splitlines()[1::2]
    assert batch == f"Hint: For a table of personas: avatar batch {table}"
    assert "avatar batch" not in convert


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("--gender female", "For all rows: --set gender=female. For each its own: a column gender."),
        ("--persona-age=30", "For all rows: --set persona_age=30. For each its own: a column persona_age."),
        ("--hair-color", "For all rows: --set hair_color=VALUE. For each its own: a column hair_color."),
        ("--count 3", "For all rows: --set count=3. For each its own: a column count."),
        ("--resume", "It goes on by itself: run the same command again, and nothing is made twice."),
        ("--sheet People", "Name the sheet behind the file: avatar batch 'people.xlsx#Sheet'"),
        ("--delimiter ;", "None is needed: delimiters and encodings are recognised."),
        ("more.csv", 'One table at a time: for file in *.csv; do avatar batch "$file"; done'),
    ],
)
def test_what_batch_does_otherwise_is_said(avatar: Avatar, line: str, hint: str) -> None:
    assert avatar.refused("batch", "people.csv", *line.split()).endswith(f"\nHint: {hint}")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("search dark hair", "To find avatars by their words: avatar list --text 'dark hair'; by all else:"),
        ("find bäcker -n 3", "To find avatars by their words: avatar list --text 'bäcker'; by all else:"),
        ("find", "To find avatars by their words: avatar list --text WORDS; by all else: avatar list --help"),
        ("pick sarah", "Run: avatar project list, or avatar list; to find by words: --text WORDS"),
        ("list sarah", "To find avatars by their words: avatar list --text sarah; by all else: avatar list --help"),
        ("list --page 2", "Go on behind the last one that was shown: --after ID"),
        ("list --offset 50", "Go on behind the last one that was shown: --after ID"),
    ],
)
def test_what_finds_elsewhere_leads_to_list(avatar: Avatar, line: str, hint: str) -> None:
    code = 3 if line.startswith("pick") else 2
    assert f"\nHint: {hint}" in avatar.refused(*line.split(), code=code)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("rename", "To rename: avatar edit ID --name NAME"),
        ("rename av_1 Ann Lee --yes", "To rename: avatar edit av_1 --name 'Ann Lee'"),
        ("project rename", "To rename: avatar project edit ID --name NAME"),
        ("project rename Team Crew", "To rename: avatar project edit Team --name Crew"),
        ("undo", "An earlier picture of an avatar: avatar revert ID"),
        ("undo av_1", "An earlier picture of an avatar: avatar revert av_1"),
        ("untag", "To take a tag off: avatar tag ID --remove TAG"),
        ("untag old", "To take a tag off: avatar tag ID --remove old"),
        ("untag av_1 av_2 $old", "To take a tag off: avatar tag av_1 av_2 --remove '$old'"),
    ],
)
def test_what_other_programs_call_otherwise_leads_to_the_command(avatar: Avatar, line: str, hint: str) -> None:
    refused = avatar.refused(*line.split())
    assert "No such command" in refused
    assert f"Hint: {hint}" in refused
