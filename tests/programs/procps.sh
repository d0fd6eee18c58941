#!/bin/sh
#
# procps: processes are found, listed and told; the figures about memory agree with each other.

export LC_ALL=C
# Figures differ from machine to machine: only their form and what must hold between them is shown.
form() {
	sed -E 's/[0-9.]+/N/g; s/ +/ /g; s/^ //'
}
sleep 1000 & one=$!
sh -c 'exec -a "" sleep 1001' 2>/dev/null || sleep 1001 & two=$!
sleep 0.5
pgrep -x sleep | wc -l; pgrep -f 'sleep 1000' | grep -cx "$one"; pgrep -P $$ -x sleep | wc -l
ps -o pid= -p $one | grep -c "$one"; ps -o ppid= -p $one | grep -c "$$"
ps -o stat=,comm=,args=,nlwp=,ni=,user= -p $one | form
ps -e -o pid=,ppid= | awk '$1 == 1 && $2 == 0' | wc -l
ps -o vsz=,rss=,sz= -p $$ | awk '{ print ($1 > $2), ($2 > 100), ($1 == $3 * 4) }'
ps -C sleep -o args= | sort; ps --ppid $$ -o comm= | grep -c sleep
for columns in aux -ef -eLf axjf '-o pid,tt,stat,time,cmd'; do ps $columns | head -n 1 | tr -s ' '; done
# On another CPU it needs a moment to stop, and one to go to sleep again.
shows() { until [ "$(ps -o stat= -p $one)" = "$1" ]; do :; done; echo "$1"; }
kill -STOP $one; shows T; kill -CONT $one; shows S
nice -n 7 sleep 1002 & three=$!
sleep 0.3; ps -o ni= -p $three | tr -d ' '
pkill -f 'sleep 100[12]'; wait $two; echo "status $?"; wait $three; echo "status $?"
kill $one; wait $one; echo "status $?"
free | form; free -h | head -n 1; free -b | awk '/^Mem/ { print ($2 > $3), ($2 > $4), ($7 <= $2), $2 % 1024 }'
free -w -t | form | tail -n 3
awk '/^MemTotal/ { print $2 * 1024 }' /proc/meminfo >total; free -b | awk '/^Mem/ { print $2 }' | cmp - total
vmstat | sed -n '1,2p'; vmstat 1 2 | tail -n 1 | form; vmstat -s | form | grep -v -e interrupt -e CPU
vmstat -m >/dev/null 2>&1 && vmstat -m | head -n 1
pmap $$ | grep ' r-x-- ' >/dev/null && echo mapped
pmap -x $$ | sed -n 2p; pmap -x $$ | awk '/total/ { print ($3 >= $4), ($4 >= $5), ($4 > 0) }'
pmap $$ | awk '/total/ { sub("K", "", $2); print $2 }' >kilobytes
ps -o vsz= -p $$ | tr -d ' ' | cmp - kilobytes && echo pmap and ps agree
pmap $$ | grep -c -e stack
uptime | grep -c 'load average'; uptime -s | grep -cE '^[0-9]{4}-'
w -h 2>/dev/null | wc -l; pwdx $$ | sed 's/^[0-9]*/N/'
top -b -n 1 | sed -n '1,7p' | form | cut -c 1-12; top -b -n 1 -p $$ | tail -n 1 | awk '{ print $NF }'
slabtop -o 2>/dev/null | sed -n '7p' | sed 's/  */ /g'
sysctl -n kernel.ostype; sysctl vm.overcommit_memory | form; pgrep -x sleep | wc -l
skill -l >/dev/null; kill -l | head -n 1; tload -V | wc -l
rm total kilobytes
