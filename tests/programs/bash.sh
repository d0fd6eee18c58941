#!/bin/bash
#
# bash: arrays, expansions, process substitution, co-processes, arithmetic, traps.
#
# rows: B34

export LC_ALL=C
declare -A count
while read -r word; do
	((count[$word]++))
done < <(for i in {1..600}; do echo "w$((i * i % 17))"; done)
for word in "${!count[@]}"; do echo "$word ${count[$word]}"; done | sort -V

fib=(0 1)
for ((i = 2; i < 60; i++)); do fib[i]=$((fib[i - 1] + fib[i - 2])); done
echo "${fib[@]:50:10}" "${#fib[@]}"

path=/usr/lib/i386-linux-gnu/libc.so.6
echo "${path##*/}" "${path%.*}" "${path/lib/LIB}" "${path//l/L}" "${path^^}" "${path:5:3}"
[[ $path =~ ^/usr/(.*)/([^/]+)\.so\.([0-9]+)$ ]] && echo "${BASH_REMATCH[@]:1}"
shopt -s extglob nullglob
touch file{01..12}.{txt,log}
echo file0!(3|5).txt
echo *.{log,none}
rm file*

coproc UPPER { while read -r line; do echo "${line^^}"; done; }
echo quiet >&"${UPPER[1]}"; read -r loud <&"${UPPER[0]}"; echo "$loud"
exec {fd}>&"${UPPER[1]}"; exec {fd}>&-
kill "$UPPER_PID"; wait "$UPPER_PID" 2>/dev/null; echo "co-process: $?"

diff <(seq 1 10) <(seq 1 2 10 | cat - <(seq 2 2 10) | sort -n) && echo the same
set -o pipefail; false | true; echo "pipefail $? ${PIPESTATUS[*]}"
trap 'echo "error at line $LINENO: $?"' ERR; (exit 7); trap - ERR
trap 'echo usr1' USR1; kill -USR1 $$
for i in 1 2 3 4 5; do (sleep 0.$i; echo "job $i" >>jobs.txt) & done; wait; sort -o jobs.txt jobs.txt; cat jobs.txt
sum() { local -n into=$1; shift; local n; into=0; for n; do ((into += n)); done; }
sum total {1..1000}; echo "$total"
mapfile -t lines < <(seq 5 -1 1); printf '%s,' "${lines[@]}"; echo
printf -v hex '%08x' $((RANDOM * 0 + 48879)); echo "$hex"
cat <<<"here ${hex:4}"
echo $((2 ** 62)) $((16#ff)) $((1 ? 2 : 3)) $(( (5 & 3) | 8 ))
type -t cd [[ sum ls
select_one() { select x in a b; do echo "chose $x"; break; done <<<2 2>/dev/null; }; select_one
ulimit -n 64; ulimit -n
