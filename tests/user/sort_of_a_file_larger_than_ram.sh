# A file four times as large as the RAM is sorted: nothing is lost, nothing is out of order.
#
# rows: A33 E41
# mem: 32M
# swap: 256M
# disk: 320M
# timeout: 400
# label: stress

padding=$(printf '%07800d' 0 | tr 0 x)
seq -w 1 16384 | rev | sed "s/\$/ $padding/" >unsorted
wc unsorted
sort unsorted >sorted
sort -c sorted && echo in order
head -n 3 sorted | cut -c 1-20
md5sum sorted
rm unsorted sorted
