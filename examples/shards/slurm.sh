#!/bin/sh
# Makes the shards of a plan as an array of Slurm, one task a shard.
#
#   avatar batch plan people.csv --shards 500 --output plan
#   sbatch --array=0-499 slurm.sh plan
#
# With --engine local in the plan, have a card for each task; what follows the plan goes to avatar batch run:
#
#   sbatch --array=0-499 --gpus-per-task=1 slurm.sh plan --retry-failed
#
# Afterwards, and as often as shards are missing:
#
#   sbatch --array="$(avatar batch status plan --missing)" slurm.sh plan
#   avatar batch merge plan
#
# A task that is killed may begin anew on another node, without what it had made. So plan shards that are made within
# the time limit (--time=4:00:00), and no more than Slurm has numbers for: scontrol show config | grep MaxArraySize.
# With --array=0-499%30 thirty run at once.
#
#SBATCH --job-name=avatars
#SBATCH --cpus-per-task=4
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -eu
plan=${1:?usage: sbatch --array=0-499 slurm.sh PLAN [options of avatar batch run]}
shift
: "${SLURM_ARRAY_TASK_ID:?say --array=0-499, from 0}"
# Homes are on the node's own disk: a database cannot be on a shared one.
work=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/avatars-$(id -u)
# exec: the signal above, two minutes before the time is over, is to reach avatar, which then ends in order.
exec avatar batch run "$plan" --shard "$SLURM_ARRAY_TASK_ID" --work "$work" "$@"
