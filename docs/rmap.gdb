tbreak subject.c:look
continue
quire walk shared
python gdb.execute(f"quire rmap {read_word(pte_address(loaded_directory(), number('shared'))) >> 12}")
