#!/usr/bin/env bash
# One avatar for each row of a CSV file such as cast.csv, into one project. Prints the path of every picture.
# A row that cannot be made is named on stderr, and the exit code is then 1.   usage: examples/batch.sh [CSV] [PROJECT]
set -euo pipefail
here=$(dirname "$0")
csv=${1:-$here/cast.csv}
project=${2:-cast}

avatar project show "$project" >/dev/null 2>&1 || avatar project create "$project" --quiet >/dev/null

# The shell cannot read CSV: a cell may hold commas, quotes and line breaks. Any Python can, also one without avatar.
# The 8th field of the printed line is the picture.
"${PYTHON:-python3}" "$here/for_each_row.py" "$csv" avatar generate --project "$project" | cut -f 8
