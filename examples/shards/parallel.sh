#!/bin/sh
# Makes the shards of a plan that are missing with GNU parallel, several at once, on this machine or by ssh.
#
#   avatar batch plan people.csv --shards 64 --output plan
#   sh parallel.sh plan --jobs 8
#   sh parallel.sh plan --sshlogin 8/gpu1,8/gpu2    # the folder is at the same place on all of them, and avatar on PATH
#
set -eu
plan=${1:?usage: parallel.sh PLAN [options of parallel]}
shift
command -v parallel >/dev/null || { echo "GNU parallel is missing" >&2; exit 127; }
missing=$(avatar batch status "$plan" --missing)
plan=$(cd "$plan" && pwd)
# 3,7,12-14 as a line for each
echo "$missing" | tr ',' '\n' | while IFS=- read -r first last; do
  [ -z "$first" ] || seq "$first" "${last:-$first}"
done | parallel --quote --halt never --retries 3 "$@" avatar batch run "$plan" --shard '{}' || true
# Where shards have failed, this takes in the others and names what is missing.
avatar batch merge "$plan"
