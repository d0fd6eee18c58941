#!/bin/sh
#
# grep: fixed strings, basic, extended and Perl expressions over many files and a big one.

set -e
export LC_ALL=C
mkdir corpus
i=0
while [ $i -lt 60 ]; do
	seq $((i * 100)) $((i * 100 + 99)) | sed "s/.*/line & of file $i: $((i * i)) text/" >corpus/$i.txt
	i=$((i + 1))
done
cat corpus/*.txt corpus/*.txt corpus/*.txt >big
grep -c . big
grep -rl 'file 7:' corpus | sort
grep -rhoE '[0-9]*([0-9])\1[0-9]*' corpus | sort | uniq -c | sort -rn | head -n 10
grep -rc 99 corpus | sort -t : -k 2n -k 1 | tail -n 5
grep -n -A 1 -B 1 '^line 1234 ' corpus/12.txt
grep -E '^line (5|17)[0-9]{2} of file ([0-9]+): (25|289) ' big | md5sum
grep -P '(?<=line )(\d)(\d)\2\1(?= )' big | sort -u | head -n 8
grep -w -F -e 4321 -e 777 -e 5555 big | sort -u
grep -vc 'of file [1-5]' big || true
grep -q nothing-of-the-kind big || echo "not found: $?"
grep -i 'LINE 42 OF' big | uniq
grep -z -o 'E.F' /bin/ls | tr '\0' '\n'
grep -b -o 'file 59: 3481' big | tail -n 1
printf 'caf\303\251\nna\303\257ve\n' | LC_ALL=C.UTF-8 grep -o 'n.*v'
seq 100000 | grep -E '^(1|9).*7$' | wc -l
grep -f corpus/1.txt -x corpus/1.txt | wc -l
grep --include='1?.txt' -r --count 'text$' corpus | sort | head -n 3
grep -m 2 -H line corpus/3.txt
grep x missing 2>errors || echo "no file: $?"; cat errors
rm -r corpus
