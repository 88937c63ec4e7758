#!/bin/sh
# Makes the shards of a plan as an array of Slurm, one task a shard.
#
#   avatar batch plan people.csv --shards 500 --output plan
#   sbatch --array=0-499 slurm.sh plan
#
# Afterwards, and as often as shards are missing:
#
#   sbatch --array="$(avatar batch status plan --missing)" slurm.sh plan
#   avatar batch merge plan
#
#SBATCH --job-name=avatars
#SBATCH --cpus-per-task=4
#SBATCH --requeue
set -eu
plan=${1:?usage: sbatch --array=0-499 slurm.sh PLAN}
: "${SLURM_ARRAY_TASK_ID:?say --array=0-499, from 0}"
# Homes are on the node's own disk: a database cannot be on a shared one.
exec avatar batch run "$plan" --shard "$SLURM_ARRAY_TASK_ID" --work "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/avatars-$USER"
