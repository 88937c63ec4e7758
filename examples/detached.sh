#!/usr/bin/env bash
# One avatar for each row of a CSV file such as cast.csv, into one project, made in the background.
# Queues all, waits for all, and prints the path of every picture in the order of the rows. Ctrl-C ends the waiting
# only: the worker goes on. A row that cannot be queued is named on stderr, and the exit code is then not 0.
# usage: examples/detached.sh [CSV] [PROJECT]
set -euo pipefail
here=$(dirname "$0")
csv=${1:-$here/cast.csv}
project=${2:-cast}

avatar project show "$project" >/dev/null 2>&1 || avatar project create "$project" --quiet >/dev/null

# --quiet prints the id alone, for avatar wait to read.
queue=(avatar generate --detach --quiet --project "$project")
code=0
ids=$("${PYTHON:-python3}" "$here/for_each_row.py" "$csv" "${queue[@]}") || code=$?
if [ -n "$ids" ] && [ "$code" -ne 130 ]; then # 130: Ctrl-C
  avatar wait - <<<"$ids" || code=$?
fi
exit "$code"
