#!/usr/bin/env bash
#SBATCH --job-name=allot-sweep
#SBATCH --array=1-20
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --requeue
# A study in twenty parts. Tasks share nothing but files; each writes into a folder of its own:
#
#     job=$(sbatch --parsable slurm.sh STUDY.toml OUT)
#     sbatch --dependency="afterok:$job" --wrap "allot sweep STUDY.toml --out OUT --merge OUT/parts/*"
#
# A task that was cut off (a lost node, the end of its time) goes on where it stopped when it is started again.
set -euo pipefail
study=${1:?the study} out=${2:?the folder of results}
parts=20 # Not SLURM_ARRAY_TASK_COUNT: where two tasks are submitted again, as --array=3,7, that is 2.
task=${SLURM_ARRAY_TASK_ID:?this is a task of an array: see sbatch}
mkdir -p "$out/parts"
exec allot sweep "$study" --out "$out/parts/$task" --part "$task/$parts" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" --quiet
