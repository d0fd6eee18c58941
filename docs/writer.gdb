tbreak subject.c:look
continue
quire walk swapped
quire writer swapped
quire writer swapped
