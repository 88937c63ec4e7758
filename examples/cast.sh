#!/usr/bin/env bash
# People for a product in four languages: as many of each gender, age, ethnicity and locale as can be, in a project of
# their own, with named copies of their pictures in a folder, and with all that is known of them in a table beside these.
# Run it again with a larger number: only those who are new are made.
# usage: examples/cast.sh NUMBER PROJECT FOLDER [OPTION of avatar cast...]
set -euo pipefail
number=${1:?say how many people}
project=${2:?name a project}
folder=${3:?name a folder}

avatar project show "$project" >/dev/null 2>&1 || avatar project create "$project" --quiet >/dev/null
mkdir -p "$folder"

avatar cast "$number" --project "$project" --balance gender,age,ethnicity --locale en_US,de_DE,hi_IN,ja_JP \
  --output "$folder/{n:03}-{name}.png" --manifest "$folder/people.csv" "${@:4}" >/dev/null
printf '%s\n' "$folder"/*.png
