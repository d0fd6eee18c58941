#!/bin/sh
#
# The tools of the shell do on files, pipes, jobs and signals what they do on Linux, also at the
# edges: fifos, links, sparse files, full devices, closed descriptors, killed and stopped jobs.
#
# timeout: 120
# disk-too: 32M -b 1024
#
# Everything lies in a folder of its own under the current one. What may differ between two right
# answers (process ids, times, the order of a directory) is sorted or not printed.

export LC_ALL=C TZ=UTC0
umask 022
here=$PWD
rm -rf shell_tools
mkdir shell_tools && cd shell_tools || exit 1

section() {
	printf '== %s ==\n' "$*"
}

section files and redirections
echo one >a; echo two >>a; printf 'three\nfour' >>a
cat <a | wc -lwc
cat a no-such-file 2>errors; echo "status $?"
cat errors
{ echo to stdout; echo to stderr >&2; } 2>&1 >/dev/null | tr a-z A-Z
exec 5>fd5; echo through five >&5; exec 5>&-; cat fd5
(echo closed >&5) 2>/dev/null || echo five is closed
set -C; (echo over >a) 2>/dev/null || echo noclobber holds; set +C
: >empty; test -s empty || echo empty is empty
cp a b; cmp a b && echo same; mv b c; test -e b || echo b moved
ln c hard; ln -s c soft; ln -s nowhere dangling
test hard -ef c && echo one inode; readlink soft; test -e dangling || echo dangles
echo appended >>hard; tail -n 1 soft; stat -c '%h %s %a %F' c
chmod 640 c; stat -c %A c; rm hard; stat -c %h soft c
mkdir -p deep/er/still; rmdir deep/er 2>/dev/null || echo not empty
(cd deep/er/still && pwd | sed "s|^$here|HERE|"); cd deep; cd - >/dev/null
mkfifo pipe; (echo through the fifo >pipe &); cat pipe; rm pipe
touch -d '2001-02-03 04:05:06' old; date -r old '+%F %T'; stat -c %Y old
test a -nt old && echo newer

section quoting, expansion, arithmetic
name='a  b' && set -- "$name" '' $name 'ü*'
echo $#; printf '<%s>' "$@"; echo; printf '[%s]' $*; echo
x=path/to/file.tar.gz
echo ${x##*/} ${x%.*} ${x%%.*} ${#x} ${unset:-default} ${x:5:2} ${x/to/from}
echo "${unset+set}" "${name+set}" "${new:=assigned}" "$new"
(: ${unset:?is not set}) 2>/dev/null || echo "status $?"
echo $((2 ** 10)) $((7 / 2)) $((-7 % 3)) $((0x1F + 010)) $((1 << 20 | 3)) $((5 > 3 ? 50 : 3))
i=5; echo $((i++ + ++i)) $i $((i *= 3)) $((9223372036854775807 + 1))
echo {a,b} ~+ | sed "s|$PWD|HERE|"; echo [a-c] *o*; echo 'no match' z*
echo "$(echo "nested $(echo "deeper `echo deepest`")")"
IFS=:; for word in a:b::c; do echo "one $word"; done; for word in $(echo a:b::c)
do echo "w<$word>"; done
unset IFS
eval 'y=$x'; echo "$y" | tr / '\n'

section here-documents
who=world
cat <<END; cat <<'END'; cat <<-END
hello $who $((6 * 7)) $(echo inside) \$who
END
hello $who $((6 * 7)) \n
END
	tabs are stripped
	END
read first rest <<END
alpha beta gamma
END
echo "$rest, $first"
while IFS=, read -r key value; do echo "$value=$key"; done <<END
a,1
b\t,2
END

section functions, loops, case
factorial() {
	[ $1 -le 1 ] && echo 1 && return
	local below=$(factorial $(($1 - 1)))
	echo $(($1 * below))
}
factorial 10
kind() {
	case $1 in
	[0-9]*) echo "number $1" ;;
	*.c | *.h) echo "source $1" ;;
	'') echo nothing ;;
	*) echo "else $1" ;;
	esac
}
for thing in 42 main.c x.h '' readme; do kind "$thing"; done
n=0; while :; do n=$((n + 1)); [ $n -eq 3 ] && continue; [ $n -gt 5 ] && break
echo -n "$n "; done; echo
until [ $n -le 3 ]; do n=$((n - 1)); done; echo "n is $n"
for i in 1 2 3; do for j in 1 2 3; do [ $j = 2 ] && continue 2; echo $i$j; done; done
parse() {
	OPTIND=1
	while getopts ab:c option; do
		case $option in
		a | c) echo "option $option" ;;
		b) echo "option b with $OPTARG" ;;
		*) echo unknown ;;
		esac
	done 2>/dev/null
	shift $((OPTIND - 1))
	echo "left: $*"
}
parse -a -b value -c x y; parse -cbvalue -- -a; parse -z
returns() { return $1; }
returns 3 || echo "returned $?"
! false && echo not false; false || true && echo and or

section processes
(exit 7); echo $?; sh -c 'exit 9'; echo $?; sh -c 'kill -TERM $$'; echo $?
no-such-command 2>/dev/null; echo $?; ./a 2>/dev/null; echo $?
var=outer; (var=inner; echo $var); echo $var
export exported=yes; sh -c 'echo $exported $0 $1' zero one
var=only sh -c 'echo $var'; echo $var; env -i A=1 env
sleep 0.1 & wait $! && echo waited
(sleep 0.2; exit 5) & first=$!; (exit 6) & second=$!
wait $first; echo $?; wait $second; echo $?
for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$i; echo "job $i" >job.$i) & done; wait; cat job.?
sleep 100 & kill $!; wait $! 2>/dev/null; echo "killed: $?"
sleep 100 & kill -STOP $! && kill -CONT $! && kill -KILL $!; wait $! 2>/dev/null; echo "killed: $?"
trap 'echo caught USR1' USR1; kill -USR1 $$; trap - USR1
(trap 'echo leaving $?' EXIT; exit 4); echo $?
(trap '' TERM; sh -c 'kill -TERM $$; echo TERM is ignored')
sh -c 'trap "echo got TERM; exit 3" TERM; : >ready; while :; do sleep 0.05; done' &
until test -e ready; do sleep 0.05; done; kill $!; wait $!; echo $?
timeout 0.2 sleep 100; echo "timed out: $?"
yes | head -n 3; seq 1 100000 | head -n 1; (set -o pipefail; false | true; echo "pipefail $?")
(ulimit -n 20; ulimit -n; ulimit -c 0; ulimit -c)
(cd / && test "$PWD" = / && pwd); test -t 0 || echo no terminal
sh -c "test \$PPID = $$" && echo my child
(set -e; false; echo not reached); echo "set -e: $?"

section text
cat >people <<'END'
ann:30:berlin:120.5
bob:25:paris:99
cid:41:berlin:7
dan:25:rome:1e3
eve:30:paris:55.25
END
cut -d: -f1,3 people; cut -c1-3 people | tr '\n' ' '; echo
sort -t: -k2n -k1r people; sort -t: -k4g people | cut -d: -f4; sort -t: -k3,3 -u people | wc -l
cut -d: -f3 people | sort | uniq -c | sort -rn -k1,1 -k2 | sed 's/^ *//'
grep -n paris people; grep -vc berlin people; grep -E '^(a|e)' people
grep -o '[0-9]*\.[0-9]*' people
grep -q nobody people || echo nobody; grep -l bob a people
grep -rl berlin . 2>/dev/null | sort; printf 'x.y\nxzy\n' | grep -F x.y
sed -n '2,3p;$=' people; sed -e 's/:/ | /2' -e '/bob/d' -e '3q' people
sed '1!G;h;$!d' people | head -n 1
sed -E 's/^(...):([0-9]+).*/\2 \1/' people; sed -i 's/rome/roma/' people; grep dan people
echo 'a.b.c' | sed 'y/abc/xyz/;s/\./\n/g'; printf 'a\nb\nc\n' | sed -n '/b/{n;p}'
awk -F: '
	{ n[$3]++; sum += $4 }
	END {
		for (city in n) print city, n[city] | "sort"
		close("sort")
		printf "%.2f\n", sum
	}' people
awk -F: '$2 < 30 { print toupper(substr($1, 1, 1)) substr($1, 2), length($0) }' people
awk 'BEGIN {
	while (i++ < 5) s = s i
	print s, index(s, "34"), 2147483647 + 1, 10 % 3, int(7.9), "a" < "b"
	n = split("x-y-z", part, "-"); print n, part[3]
	t = "aaa"; print gsub(/a/, "b&", t), t
	"echo from a command" | getline line; print line
}'
printf '%5d|%-5s|%05.1f|%x|%o|%c|%b|%%\n' 42 ab 3.14159 255 8 xyz 'a\tb'; printf '%s-%s\n' 1 2 3
echo 'the quick brown fox' | tr -s ' ' '\n' | sort -r | tr '\n' ' ' | tr -d q; echo
seq 1 20 | paste -d, - - - - -; seq -w 8 11; seq 10 -5 0 | tac; printf 'abc\n123\n' | rev
head -c 5 people; echo; tail -c +20 people | head -n 1; nl -b a people | tail -n 2
fold -w 7 people | head -n 3
printf '1\n2\n3\n' >l1; printf '2\n3\n4\n' >l2; diff l1 l2; echo "diff $?"
expr 6 '*' 7; expr abcdef : 'abc\(.*\)'; basename /x/y.c .c; dirname /x/y.c
printf 'a\tb\n' | expand -t 4
echo 'hello' | xxd; printf '\000\377AZ' | od -An -tx1; printf 'abc' | hexdump -C
echo 'c2F2ZWQ=' | base64 -d; echo
test abc '<' abd && [ 10 -gt 9 ] && [ -n x -a ! -z y ] && echo tests hold
dc -e '2 100 ^ p'; echo '7 / 3' | bc

section trees, archives, sums
mkdir -p tree/src/lib tree/doc; for i in 1 2 3; do seq 1 $((i * 1000)) >tree/src/f$i.c; done
echo lib >tree/src/lib/l.h; echo text >'tree/doc/read me.txt'
ln -s src/f1.c tree/link; : >tree/doc/.hidden
find tree | sort; find tree -type f -name '*.c' -size +8k | sort
find tree -type d -empty; find tree -type l
find tree -type f -print0 | sort -z | xargs -0 wc -c
find tree -name '*.h' -exec cat {} \; ; find tree -newer old | wc -l
find tree -type f | sort | xargs -n 2 echo | wc -l
printf 'a b\nc\n' | xargs -I '{}' echo '<{}>'; echo 3 2 1 | xargs -n 1 expr 1 +
ls -A tree/doc; ls -1p tree; ls -R tree/src | head -n 5; ls -l tree | awk 'NR > 1 { print $1, $NF }'
tar -cf t.tar tree && tar -tf t.tar | sort
mkdir out && tar -xf t.tar -C out && diff -r tree out/tree && echo tar returns all
tar -czf t.tgz -C tree src && tar -tzf t.tgz | sort | head -n 2
tar -xzOf t.tgz src/lib/l.h; tar -cf - tree | (mkdir -p o2 && cd o2 && tar -xf -)
readlink o2/tree/link; md5sum o2/tree/src/f?.c
(cd tree && find . -type f ! -name '* *' | sort | xargs md5sum | tee ../sums | wc -l)
(cd out/tree && md5sum -c ../../sums)
gzip <tree/src/f3.c | gunzip | cmp - tree/src/f3.c && echo gzip returns all
cp tree/src/f2.c g; gzip g; ls g*; gunzip g.gz; ls g*; gzip -c g | zcat | md5sum
bzip2 -c g | bzcat | sha1sum; sha256sum <people; crc32 people; printf 'abc' | sha512sum | cut -c1-32
find tree | sort | cpio -o -H newc 2>/dev/null | cpio -t 2>/dev/null | wc -l
cp -a tree copy && diff -r tree copy && rm -r copy
test -d copy || echo copy is gone
dd if=/dev/zero of=zeros bs=4k count=300 2>/dev/null; stat -c %s zeros; md5sum zeros
dd if=people bs=1 skip=4 count=8 2>/dev/null; echo
dd if=/dev/zero of=sparse bs=1 count=1 seek=1048575 2>/dev/null; wc -c <sparse
md5sum <sparse; printf XYZ | dd of=people bs=1 seek=4 conv=notrunc 2>/dev/null
head -n 1 people
truncate -s 10 g; wc -c <g; echo abc | dd conv=ucase 2>/dev/null
dd if=/dev/zero bs=64k count=64 2>/dev/null | wc -c; seq 1 50000 | md5sum
seq 1 30000 | shuf | sort -n | md5sum
seq 1 20000 | awk '{ print $1 % 97, $1 }' | sort -k1n -k2nr | uniq -w 2 2>/dev/null | md5sum
test -d /proc/$$ && test -r /proc/$$/maps && echo proc has me
readlink /proc/self/fd/0; wc -c </dev/null; cat nothing >/dev/full 2>/dev/null
echo x 2>/dev/null >/dev/full || echo full

cd "$here" && rm -r shell_tools && test ! -e shell_tools && echo all gone
