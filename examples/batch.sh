#!/usr/bin/env bash
# A loop over the pictures of a table such as personas.csv, for what comes after each: this one prints its path.
# `avatar batch TABLE` alone makes them, with names of your choice (--output) and a list of all rows (--manifest).
# The shell cannot read CSV: a cell may hold commas, quotes and line breaks. So avatar reads it, and the loop reads what
# avatar prints. Run it again after an edit of the table: only what changed is made.
# usage: examples/batch.sh TABLE PROJECT [OPTION of avatar batch...]
set -euo pipefail
table=${1:?name a table of personas, such as examples/personas.csv}
project=${2:?name a project}

avatar project show "$project" >/dev/null 2>&1 || avatar project create "$project" --quiet >/dev/null

avatar batch "$table" --project "$project" "${@:3}" |
  while IFS=$'\t' read -r _row status _id path _; do
    case $status in
      made | exists | restored) printf '%s\n' "$path" ;;
    esac
  done
