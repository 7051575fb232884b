#!/usr/bin/env bash
# A real Slurm on this machine alone (slurmctld, slurmd and munge, installed from Debian where they are missing): a reduction is
# submitted in parts, one of its tasks is killed, and the job must end by itself with the results of one process. Needs root.
# usage: ./tests-slurm.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ "$(id -u)" = 0 ] || { echo "error: this installs and starts daemons, and takes root." >&2; exit 1; }
if ! { command -v slurmctld && command -v slurmd && command -v munged && command -v sbatch; } >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
fi
dotnet build Cli -c Release --nologo -v quiet
program=$PWD/Cli/bin/Release/net10.0/emotionxai
work=$(mktemp -d)
daemons=()
finish() {
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# munge wants its key and folders to be its own; slurmd finds the controller by the configuration named in the environment.
mkdir -p "$work"/{munge,state,spool}
chmod 755 "$work"
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chown -R munge: "$work/munge"
chmod 700 "$work/munge"
chmod 400 "$work/munge/key"
mkdir -p /run/munge
chown munge: /run/munge
chmod 755 /run/munge
pgrep -x munged >/dev/null || {
  setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --key-file="$work/munge/key" --log-file="$work/munge/log" --pid-file="$work/munge/pid" --seed-file="$work/munge/seed" >/dev/null 2>&1 &
  daemons+=($!)
}
host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=here
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ReturnToService=2
MinJobAge=3600
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D >/dev/null 2>&1 & daemons+=($!)
slurmd -D -N "$host" >/dev/null 2>&1 & daemons+=($!)
for ((i = 0; i < 60; i++)); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 1; done
sinfo -h -o %T | grep -q idle || { echo "error: Slurm did not come up." >&2; tail -5 "$work"/slurm*.log >&2; exit 1; }

options=(--data synthetic --emotion happiness sadness --keep 68,8 --folds 4 --inner-folds 2 --controls motion --hidden 8,4 --epochs 40 --frames 8)
"$program" reduce "${options[@]}" --quiet --out "$work/whole"
"$program" submit slurm --shards 4 --retries 2 --cpus-per-task 1 --out "$work/run" -- "${options[@]}"

# The first task that has finished a fold is killed at once; the program has taken the place of its batch script.
killed=
for ((i = 0; i < 600 && ${#killed} == 0; i++)); do
  for part in "$work"/run/parts/*; do
    compgen -G "$part/unfinished/*.fold" >/dev/null || continue
    process=$(sed -n 's/.*"process": \([0-9]*\).*/\1/p' "$part/run.json")
    kill -9 "$process" 2>/dev/null && killed=$(basename "$part") && break
  done
  sleep 0.1
done
[ -n "$killed" ] || { echo "error: no task could be killed." >&2; exit 1; }
for ((i = 0; i < 600; i++)); do [ -n "$(squeue -h)" ] || break; sleep 1; done
echo "task $killed was killed; states of all jobs:"
scontrol show job | awk '/JobId=|JobState=/ { for (i = 1; i <= NF; i++) if ($i ~ /^(JobId|ArrayTaskId|JobName|JobState)=/) printf "%s ", $i; if (/JobState=/) print "" }'
grep -hE '^(parts|array) ' "$work"/run/logs/merge.txt
grep -h 'goes on' "$work/run/logs/part-$killed.txt"
same=0 others=0
for file in predictions.csv ranking.csv folds.csv attributions.parquet $(cd "$work/whole" && echo models/*); do
  if cmp -s "$work/whole/$file" "$work/run/$file"; then same=$((same + 1)); else others=$((others + 1)); echo "  other bytes: $file"; fi
done
echo "$same passed, $others failed"
[ "$others" = 0 ]
