#!/usr/bin/env bash
# One avatar for each row of a CSV file with the columns of cast.csv, into one project, made in the background.
# Queues all, waits for all, and prints the path of every picture in the order of the rows. Ctrl-C ends the waiting
# only: the worker goes on.   usage: examples/detached.sh [CSV] [PROJECT]
set -euo pipefail
csv=${1:-$(dirname "$0")/cast.csv}
project=${2:-cast}

avatar project show "$project" >/dev/null 2>&1 || avatar project create "$project" --quiet >/dev/null

seed=1
tail -n +2 "$csv" | while IFS=, read -r name age gender ethnicity hair_style hair_color style; do
  # ${x:+...}: an empty cell leaves its option out. --quiet prints the id alone, for avatar wait to read.
  avatar generate --detach --quiet --project "$project" --seed "$seed" \
    --persona-name "$name" --persona-age "$age" \
    ${gender:+--gender "$gender"} ${ethnicity:+--ethnicity "$ethnicity"} \
    ${hair_style:+--hair-style "$hair_style"} ${hair_color:+--hair-color "$hair_color"} \
    ${style:+--style "$style"} </dev/null
  seed=$((seed + 1))
done | avatar wait -
