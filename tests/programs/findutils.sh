#!/bin/sh
#
# findutils: find by every property and with every action, xargs in parallel.

set -e
export LC_ALL=C TZ=UTC0
umask 022
for d in a b c; do
	for e in x y z; do
		mkdir -p top/$d/$e
		for i in $(seq 12); do head -c $((i * 700)) /bin/ls >top/$d/$e/file$i.$e; done
	done
done
ln -s a/x/file1.x top/good; ln -s nowhere top/dangling; ln top/a/x/file2.x top/b/hard; : >top/c/empty
chmod 640 top/b/y/file[1-3].y; chmod u+s top/c/z/file5.z
touch -d '1999-12-31 23:59:59' top/a/y/*; touch -d '2015-06-15' top/b/z/file7.z

find top -type f | wc -l; find top -type d | sort; find top -xtype l
find top -name '*.y' -size +10 -newermt '2000-01-01' | sort
find top ! -newermt '2000-01-01' -type f | sort | head -n 4
find top -perm 640 -printf '%P %m %s %n %d\n' | sort; find top -perm /4000
find top -links 2 -type f | sort; find top -samefile top/b/hard | sort; find top -empty
find top -regex '.*/file1[0-2]\.[xz]' | sort; find top -lname '*file1*'
find top -mindepth 2 -maxdepth 2 -type d | sort; find top -path '*/b/*' -prune -o -type f -print | wc -l
find top -type f -exec md5sum {} + | sort -k 2 | md5sum
find top -name 'file3.*' -exec sh -c 'wc -c <"$1"' sh {} \; | sort | uniq -c
find top -name 'file9.x' -execdir pwd \; | sort
find top -type f -print0 | sort -z | xargs -0 -n 10 wc -c | grep total | head -n 12
find top -type f | sort | xargs -P 4 -n 20 sha1sum | sort -k 2 | sha1sum
find top -type f -name '*.x' | sort | xargs -I % echo '<%>' | tail -n 3
seq 1 1000 | xargs -n 300 | awk '{ print NF }'; echo 'a "b c" d' | xargs -n 1
seq 5 | xargs -n 1 sh -c 'test $1 -ne 3' sh || echo "xargs: $?"
seq 20000 | xargs echo | wc -lw
find top -type f -size -3 -fprint small; sort small | head -n 3; sort -o small small
find top -type f -printf '%s\n' | awk '{ n += $1 } END { print n }'
find top -type d -name y -prune -exec rm -r {} +; find top -name '*.y' | wc -l
find top -name '*.z' -delete; find top -type f | wc -l
find nothing 2>errors || { echo "status $?"; cat errors; }
find top -quit; find top -maxdepth 1 -printf '%f %y %l\n' | sort
