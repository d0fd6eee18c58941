#!/bin/sh
#
# gawk: reports, arrays, pipes to other programs, a matrix, big numbers.

set -e
export LC_ALL=C TZ=UTC0
gawk 'BEGIN { srand(7); for (i = 1; i <= 5000; i++) printf "%d\tuser%02d\t%s\t%.2f\n", i,
	(i * 7919) % 31, substr("redgreenblue", i % 3 * 4 + 1, 4), (i * 12347 % 100000) / 100 }' >sales
gawk -F '\t' '{ n[$2]++; sum[$2] += $4; if ($4 > max[$2]) max[$2] = $4 }
	END { PROCINFO["sorted_in"] = "@ind_str_asc"
	for (u in n) printf "%-8s %5d %12.2f %9.2f %9.2f\n", u, n[u], sum[u], sum[u] / n[u], max[u] }' sales
gawk -F '\t' '{ print $3 | "sort | uniq -c" } END { close("sort | uniq -c"); print "done" }' sales
gawk 'BEGIN { while (("seq 1 5" | getline x) > 0) s += x; print s
	"date -d @0 +%Y" | getline year; print year; print strftime("%F", 86400 * 365, 1) }'
gawk 'function sieve(n,  i, j, c, out) { for (i = 2; i <= n; i++) if (!c[i]) { out = out i " "
	for (j = i * i; j <= n; j += i) c[j] = 1 } return out } BEGIN { print sieve(400) }'
gawk 'BEGIN { n = 24; for (i = 0; i < n; i++) for (j = 0; j < n; j++) { a[i, j] = i + j; b[i, j] = i - j }
	for (i = 0; i < n; i++) for (j = 0; j < n; j++) for (k = 0; k < n; k++) c[i, j] += a[i, k] * b[k, j]
	print c[0, 0], c[5, 7], c[23, 23] }'
gawk '{ for (i = 1; i <= NF; i++) w[tolower($i)]++ } END { n = asorti(w, s); print n, s[1], s[n] }' /usr/share/common-licenses/GPL-3
gawk 'BEGIN { RS = ""; FS = "\n" } { paragraphs++; lines += NF } END { print paragraphs, lines }' /usr/share/common-licenses/GPL-3
gawk 'BEGIN { printf "%5.2f|%-10s|%+d|%x|%e|%c\n", 3.14159, "left", 42, 255, 12345.678, 65
	print substr("quire", 2, 3), index("quire", "ire"), length("quire"), toupper("quire")
	print gensub(/(.)(.)/, "\\2\\1", "g", "abcdef"), match("foobar", /o+/), RSTART, RLENGTH
	print split("a:b:c", p, ":"), p[3]; print 2 ^ 53 + 1, 1e300 * 1e10, -log(0), int(-3.7)
	print sprintf("%.10f", sin(1) ^ 2 + cos(1) ^ 2), atan2(0, -1), exp(1), sqrt(2) }'
gawk -M 'BEGIN { x = 1; for (i = 1; i <= 60; i++) x *= i; print x; print 2 ^ 200 }'
gawk 'BEGIN { cmd = "sort -n"; for (i = 10; i; i--) print i * i % 11 |& cmd; close(cmd, "to")
	while ((cmd |& getline line) > 0) printf "%s ", line; print close(cmd) }'
gawk -i inplace '{ $1 = ""; print }' sales; head -n 2 sales
gawk 'BEGINFILE { print FILENAME } ENDFILE { print FNR }' sales sales
gawk 'BEGIN { "echo $PPID" | getline; print ($0 == PROCINFO["pid"]) ; exit 3 }' || echo "status $?"
gawk '@include "assert"; BEGIN { assert(1 + 1 == 2, "arithmetic"); print "included" }'
gawk 'BEGIN { s = "x"; for (i = 0; i < 20; i++) s = s s; print length(s) }'
