#!/bin/dash
#
# dash: functions, traps, here documents, pipes between subshells, job control without a terminal.
#
# rows: B34

export LC_ALL=C
hanoi() {
	if [ "$1" -gt 0 ]; then
		hanoi $(($1 - 1)) "$2" "$4" "$3"
		moves=$((moves + 1))
		echo "$2 to $3"
		hanoi $(($1 - 1)) "$4" "$3" "$2"
	fi
}
moves=0
hanoi 6 left right middle >moves.txt
echo "$moves moves"; tail -n 3 moves.txt

primes() {
	limit=$1 n=2
	while [ $n -le "$limit" ]; do
		d=2
		while [ $((d * d)) -le $n ] && [ $((n % d)) -ne 0 ]; do d=$((d + 1)); done
		[ $((d * d)) -gt $n ] && printf '%d ' $n
		n=$((n + 1))
	done
	echo
}
primes 300

# A chain of twenty subshells, each adding one.
chain='echo 0'
i=0
while [ $i -lt 20 ]; do chain="$chain | { read n; echo \$((n + 1)); }"; i=$((i + 1)); done
eval "$chain"

trap 'echo got TERM' TERM
trap 'echo the end' EXIT
kill -TERM $$
(trap - EXIT; kill -KILL "$(sh -c 'echo $PPID')"); echo "killed: $?"
(exit 42); echo "status $?"
trap - TERM; sleep 10 & sleeper=$!
kill $sleeper; wait $sleeper; echo "waited: $?"

cat >script <<END
set -- a "b c" d
for x; do echo "[\$x]"; done
shift; echo \$# "\$*"
END
sh script
cat <<'END' | while IFS=: read -r name value; do echo "$value=$name"; done
one:1
two:2
three:3:more
END
case $(pwd) in /root) echo home;; *) echo lost;; esac
umask 027; : >private; ls -l private | cut -c 1-10
exec 3>by-number; echo three >&3; exec 3>&-; cat by-number
echo $((0x7fffffff + 1)) $((1 << 40)) $((-7 / 2)) $((7 % -3))
command -v cd; type hanoi | head -n 1
printf '%s|%5d|%-5s|%05.1f|%x\n' str 42 ab 3.14159 255
