"""Runs a command once for each row of a CSV file, with the row's cells as options of `avatar generate`.

usage: python3 for_each_row.py CSV COMMAND [ARGUMENT...]

Columns are found by their names, in any order. An empty cell leaves its option out, as do "nan" and the like. A row
that fails is named and does not end the run; the exit code is then 1. The file is in UTF-8, or in UTF-16 with a byte
order mark; its cells are separated by commas, semicolons or tabs. It needs Python 3.9 or newer and nothing else.
"""

import codecs
import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OPTIONS = {
    "name": "--persona-name",
    "age": "--persona-age",
    "personality": "--personality",
    "background": "--background",
    "gender": "--gender",
    "age_range": "--age-range",
    "ethnicity": "--ethnicity",
    "body_type": "--body-type",
    "hair_style": "--hair-style",
    "hair_color": "--hair-color",
    "eye_color": "--eye-color",
    "skin_tone": "--skin-tone",
    "style": "--style",
    "prompt": "--prompt",
}
NOTHING = {"", "nan", "n/a", "none", "null"}


def read_rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, each with its number in a spreadsheet; the first holds the names."""
    data = Path(path).read_bytes()
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as Excel's "Unicode Text" begins
    text = data.decode("utf-16" if wide else "utf-8-sig")
    delimiter = max(",;\t", key=text.partition("\n")[0].count)  # Excel writes semicolons where 1.5 is written 1,5
    told = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)  # for Excel, which shows no row of it
    if told:
        delimiter, text = told[1], text[told.end() :]
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]


def options_of(columns: list[str], cells: list[str]) -> list[str]:
    """Return a row as options. Raises ValueError when it has more cells than there are columns."""
    if any(cells[len(columns) :]):
        raise ValueError("it has more cells than there are columns")
    options = []
    for column, cell in zip(columns, cells):  # noqa: B905 - cells that are missing at the end are empty
        if cell.lower() not in NOTHING and column in OPTIONS:
            value = re.sub(r"^(\d+)[.,]0+$", r"\1", cell) if column == "age" else cell  # as 29.0 or 29,0
            options.append(f"{OPTIONS[column]}={value}")
    return options


def run_each(path: str, command: list[str]) -> int:
    """Run the command for each row; return how many failed."""
    rows = read_rows(path)
    _, names = next(rows, (0, []))
    columns = [re.sub(r"[\s-]+", "_", name.lower()).removeprefix("persona_") for name in names]
    if not OPTIONS.keys() & set(columns):
        sys.exit(f"{path}: the first row should name the columns: {', '.join(OPTIONS)}")
    unknown = [name for name, column in zip(names, columns) if column not in OPTIONS]  # noqa: B905 - made of each other
    if unknown:
        print(f"{path}: left out, since they are no options: {', '.join(unknown)}", file=sys.stderr)
    failed = 0
    for seed, (number, cells) in enumerate(rows, start=1):
        try:
            options = [f"--seed={seed}", *options_of(columns, cells)]
            code = subprocess.run([*command, *options], stdin=subprocess.DEVNULL, check=False).returncode
            what = f"exit code {code}" if code else ""
        except ValueError as error:
            what = str(error)
        if what:
            failed += 1
            print(f"{path}: row {number} ({cells[0]}) was not made: {what}", file=sys.stderr)
    return failed


def main() -> None:
    path, *command = sys.argv[1:]
    try:
        failed = run_each(path, command)
    except OSError as error:  # the file, or the command
        sys.exit(f"{error.filename}: {error.strerror}")
    except UnicodeError as error:
        sys.exit(f'{path} is no CSV file in UTF-8: {error}\nSave it as "CSV UTF-8", as Excel calls it, and try again.')
    except csv.Error as error:
        sys.exit(f"{path} is no CSV file: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
