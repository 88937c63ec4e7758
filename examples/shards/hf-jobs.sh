#!/bin/sh
# Makes the shards of a plan that are missing as jobs of Hugging Face: a bucket holds the plan, and what is made of it.
#
#   avatar batch plan people.csv --shards 20 --output plan
#   hf buckets sync plan hf://buckets/me/cast
#   sh hf-jobs.sh plan me/cast --secrets HF_TOKEN --timeout 3h
#
# Without --timeout a job ends after half an hour, and what it had made of its shard is gone. With --engine local:
#
#   sh hf-jobs.sh plan me/cast --flavor l40sx1 --with 'avatar-creator[local]' --timeout 3h
#
# When the jobs have ended, and once more from the first sync if shards are missing:
#
#   hf buckets sync hf://buckets/me/cast plan
#   avatar batch merge plan
#
set -eu
plan=${1:?usage: hf-jobs.sh PLAN BUCKET [options of hf jobs uv run]}
bucket=${2:?usage: hf-jobs.sh PLAN BUCKET [options of hf jobs uv run]}
shift 2
version=$(avatar --version) # only the one that planned makes a shard
missing=$(avatar batch status "$plan" --missing)
echo "$missing" | tr ',' '\n' | while IFS=- read -r first last; do
  [ -z "$first" ] || seq "$first" "${last:-$first}"
done | while read -r shard; do
  hf jobs uv run --detach --volume "hf://buckets/$bucket:/cast" \
    --with "avatar-creator==${version#avatar }" "$@" \
    avatar batch run /cast --shard "$shard" --work /tmp/avatars --yes </dev/null
done
