#!/bin/sh
#
# Two hundred and more lines of ordinary shell work print byte for byte what the same busybox prints on Linux.
#
# rows: B34 C10 C11
# timeout: 180
# disk-too: 32M -b 4096

work=$(mktemp -d /tmp/shell_work.XXXXXX) || exit 1
trap 'cd /; rm -rf "$work"' EXIT
cd "$work" || exit 1
umask 022

section() {
	echo
	echo "== $* =="
}

section variables and arithmetic
name=quire
empty=
unset missing
echo "${name} ${#name} ${name%re} ${name#qu} ${empty:-default} ${missing-unset} ${name:+set}"
long=/usr/local/lib/libquire.so.1.2
echo "${long##*/} ${long%/*} ${long%%.*} ${long#*/}"
echo $((7 * 6)) $((1 << 20)) $((-7 / 2)) $((-7 % 3)) $((0x1F + 010)) $((5 > 3 && 2 > 1))
i=10
i=$((i += 5, i * 2))
echo "i is $i"
printf '%5d|%-5d|%05d|%x|%o|%s|%c|%%\n' 42 42 42 255 8 text cut
printf '%s-' a b c
echo
echo "quoted \$name '\$name' $(echo nested "$(echo deep "$(echo deeper)")")"
set -- one "two words" three
echo "$# arguments, second is <$2>"
for argument in "$@"; do
	printf '<%s> ' "$argument"
done
echo
shift 2
echo "after shift: $*"

section functions and control
factorial() {
	if [ "$1" -le 1 ]; then
		echo 1
	else
		local rest=$(factorial $(($1 - 1)))
		echo $(($1 * rest))
	fi
}
echo "10! = $(factorial 10)"
status_of() {
	"$@"
	echo "$1 gives $?"
}
status_of true
status_of false
status_of test -d /proc
status_of test a = b
classify() {
	case $1 in
	[0-9]*) echo "$1: number" ;;
	*.c | *.h) echo "$1: source" ;;
	?) echo "$1: one letter" ;;
	"") echo "empty" ;;
	*) echo "$1: something else" ;;
	esac
}
for word in 42 main.c x "" README; do
	classify "$word"
done
n=0
while :; do
	n=$((n + 1))
	[ $n -eq 3 ] && continue
	[ $n -gt 6 ] && break
	printf '%d ' $n
done
until [ $n -le 0 ]; do
	n=$((n - 2))
done
echo "until $n"
options() {
	local OPTIND=1 flag
	while getopts ab:c flag; do
		case $flag in
		a | c) echo "option $flag" ;;
		b) echo "option b with $OPTARG" ;;
		*) echo "unknown option" ;;
		esac
	done
	shift $((OPTIND - 1))
	echo "rest: $*"
}
options -a -b value -c file1 file2

section files and redirections
for i in 1 2 3 4 5; do
	echo "line $i of the file" >>file
done
wc -l <file
cat file >copy 2>/dev/null
cmp file copy && echo same
echo changed >>copy
cmp -s file copy || echo different
exec 3>three
echo "to descriptor three" >&3
exec 3>&-
cat three
{
	echo out
	echo err >&2
} >both 2>&1
sort both
ls no_such_file 2>/dev/null || echo "ls failed with $?"
: >empty_file
[ -s empty_file ] || echo "the file is empty"
[ -f file ] && [ ! -d file ] && [ -r file ] && echo "a plain file"
cat <<END
A here-document with $name, $((6 * 7)) and $(echo a command).
	Tabs stay.
END
cat <<-'END'
	No $expansion here, and no leading tabs.
END
mkdir -p tree/a/b/c tree/d
touch tree/a/one.txt tree/a/b/two.txt tree/a/b/c/three.c tree/d/four.txt
ln -s ../a/one.txt tree/d/link
ln tree/a/one.txt tree/d/hard
echo content >tree/a/one.txt
cat tree/d/link tree/d/hard
readlink tree/d/link
mv tree/d/four.txt tree/d/five.txt
cp -r tree/a tree/e
chmod 640 tree/d/five.txt
stat -c '%a %s %F' tree/d/five.txt
ls tree tree/d
rmdir tree/a/b 2>/dev/null || echo "not empty"
find tree | sort
find tree -name '*.txt' -type f | sort | while read -r path; do
	printf '%s ' "$(basename "$path" .txt)"
done
echo
find tree -type d -exec sh -c 'echo "$1: $(ls "$1" | wc -l)"' _ {} \; | sort

section text
cat >people <<END
carol 35 berlin
alice 30 paris
bob 25 paris
dave 40 rome
eve 35 berlin
END
sort people
sort -k2,2n -k1,1r people
cut -d' ' -f1,3 people | sort -k2
awk '{ sum += $2; count[$3]++ } END { print NR, sum / NR; for (c in count) print c, count[c] }' \
	people | sort
awk -F' ' 'NR > 1 && $2 > 30 { printf "%-6s|%4d|%s\n", $1, $2, toupper(substr($3, 1, 3)) }' people
grep -c paris people
grep -v -n berlin people
grep -E '^(a|b).*s$' people
grep -o '[0-9][0-9]' people | sort | uniq -c | sed 's/^ *//'
sed -n '2,3p' people
sed -e 's/paris/lyon/g' -e '/dave/d' -e 's/\([a-z]*\) \([0-9]*\)/\2 \1/' people
tr a-z A-Z <people | head -n 2
tr -d aeiou <people | tail -n 1
seq 1 20 | paste -s -d, -
seq 5 | tac | nl
rev people | head -n 1
fold -w 10 people | head -n 3
echo "a:b:c" | tr : '\n' | sed = | sed 'N;s/\n/ /'
diff file copy
expr 3 + 4 \* 5
echo 'scale=3; 22/7' | bc 2>/dev/null || true

section pipelines
seq 1 1000 | awk '$1 % 7 == 0' | sed 's/$/0/' | sort -rn | head -n 3
yes quire | head -n 5000 | sort -u
seq 1 20000 | md5sum
dd if=/dev/zero bs=1k count=300 2>/dev/null | wc -c
dd if=people bs=1 skip=6 count=9 2>/dev/null
echo
seq 100 | xargs -n 25 echo | awk '{ print NF, $1, $NF }'
find tree -type f -print0 | sort -z | xargs -0 cat | md5sum
false | true
echo "pipeline $?"
echo hello | (read -r word; echo "read $word")
seq 3 | while read -r n; do
	echo "square $((n * n))"
done
printf 'a b  c\n' | { read -r x y z; echo "<$x> <$y> <$z>"; }
printf 'one\\ntwo\nthree\n' | while IFS= read -r line; do echo "[$line]"; done
tee copy1 <file | tee copy2 | cmp - file && cmp copy1 copy2 && echo teed

section archives
seq 1 3000 >numbers
tar cf all.tar tree people numbers
tar tf all.tar | sort | head -n 4
mkdir out
tar xf all.tar -C out
diff -r tree out/tree && cmp numbers out/numbers && echo unpacked
gzip -c numbers >numbers.gz
[ "$(wc -c <numbers.gz)" -lt "$(wc -c <numbers)" ] && echo smaller
gunzip -c numbers.gz | cmp - numbers && zcat numbers.gz | tail -n 1
tar cf - people | gzip | gunzip | tar xf - -O | md5sum
md5sum people numbers >sums
sha1sum people | cut -c 1-40
md5sum -c sums
od -c people | head -n 2

section processes
sleep 5 &
sleeper=$!
kill -0 $sleeper && echo "the job runs"
kill $sleeper
wait $sleeper
echo "wait says $?"
for i in 3 1 2; do
	(
		sleep 0.$i
		echo "job $i" >>jobs
	) &
done
wait
cat jobs
(exit 7)
echo "subshell $?"
sh -c 'kill -KILL $$'
echo "killed: $?"
variable=outer
(
	variable=inner
	cd tree && echo "inside $variable $(basename "$PWD")"
)
echo "outside $variable $([ "$PWD" = "$work" ] && echo home)"
trap 'echo "caught USR1"' USR1
kill -USR1 $$
sh -c 'kill -USR1 $PPID'
trap - USR1
sh -c 'trap "echo leaving" EXIT; echo working; exit 3'
echo "status $?"
EXPORTED=yes sh -c 'echo "exported: $EXPORTED"'
export EXPORTED=always
env | grep '^EXPORTED='
mkfifo fifo
cat fifo >from_fifo &
echo "through the fifo" >fifo
wait
cat from_fifo
timeout 0.2 sleep 5
echo "timeout $?"
count=0
while [ $count -lt 30 ]; do
	(exit $count) || count=$((count + $?))
	count=$((count + 1))
done
echo "count $count"
command -v no_such_command || echo "not found"
no_such_command 2>/dev/null
echo "not found is $?"
eval 'echo "evaluated $name"'
sh -n -c 'if' 2>/dev/null || echo "syntax error"
set -e
(false && true; echo "still here")
! true || echo "set -e lets this pass"
set +e
echo
echo done
