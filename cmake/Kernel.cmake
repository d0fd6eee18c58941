# How the kernel is compiled and linked.
#
# quire       object library: every file of the kernel, listed by the folders
# quire.elf   the linked kernel with DWARF, for gdb and for reading symbols
# quire.boot  the same image without symbols for the debugger, for the ISO and qemu -kernel

execute_process(COMMAND ${QUIRE_CLANG} -print-resource-dir
	OUTPUT_VARIABLE QUIRE_RESOURCE_DIR OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(QUIRE_KERNEL_TARGET --target=i686-none-elf -march=i686)

add_library(quire OBJECT)
target_include_directories(quire PRIVATE ${CMAKE_SOURCE_DIR})
target_compile_definitions(quire PRIVATE QUIRE_DEBUG=$<BOOL:${QUIRE_DEBUG}>)
target_compile_options(quire PRIVATE
	${QUIRE_KERNEL_TARGET}
	-g
	-nostdinc
	# An interrupt may come at any time and saves no vector or x87 state.
	-mno-sse -mno-mmx -mno-80387 -msoft-float
	$<$<COMPILE_LANGUAGE:C>:
		-std=gnu11
		# Optimised as a whole: a fault or a call crosses a dozen files of small functions.
		$<IF:$<BOOL:${QUIRE_DEBUG}>,-Og,-O2$<SEMICOLON>-flto>
		-ffreestanding
		# stdint.h, stddef.h, stdarg.h and stdbool.h come with the compiler; nothing else does.
		-isystem${QUIRE_RESOURCE_DIR}/include
		-fno-pic
		-fno-stack-protector
		-fno-asynchronous-unwind-tables
		# Backtraces follow ebp.
		-fno-omit-frame-pointer -mno-omit-leaf-frame-pointer
		# The kernel is its own allocator: memory changes its type behind the compiler's back.
		-fno-strict-aliasing
		# Where the tree is makes no difference: the same source is the same kernel everywhere.
		-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=
		-Wall -Wextra -Werror -Wmissing-prototypes -Wvla
		# Kernel stacks are 8 KiB.
		-Wframe-larger-than=1024>)

# quire_compile_small(file...): files of this folder whose speed nobody feels; they need not become larger
# to be faster.
function(quire_compile_small)
	if(NOT QUIRE_DEBUG)
		list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
		set_source_files_properties(${ARGN} DIRECTORY ${CMAKE_SOURCE_DIR}
			PROPERTIES COMPILE_OPTIONS -Oz)
	endif()
endfunction()

# Link output from the object files that objects.rsp lists; ARGN are further ones, or flags. Loops are not
# aligned: an i686 is padded with single nops, which are executed on the way into each loop (3 to 7 % of the
# bench rows' instructions).
function(_quire_link output objects depends)
	add_custom_command(
		OUTPUT ${output}
		COMMAND ${QUIRE_LLD} -m elf_i386 -T ${CMAKE_SOURCE_DIR}/arch/x86/kernel.ld
			-mllvm -align-loops=1 -z max-page-size=4096 --build-id=none --no-dynamic-linker
			-o ${output} @${objects}.rsp ${ARGN} ${QUIRE_BUILTINS}
		DEPENDS quire $<TARGET_OBJECTS:quire> ${CMAKE_SOURCE_DIR}/arch/x86/kernel.ld ${depends}
		WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
		COMMENT "Linking ${output}"
		VERBATIM)
endfunction()

# Turn the symbols of elf (empty: of nothing) into name.o, the table that backtraces look in.
function(_quire_ksyms name elf)
	add_custom_command(
		OUTPUT ${name}.o
		COMMAND ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tools/ksyms.py make ${name}.S ${elf}
		COMMAND ${QUIRE_CLANG} ${QUIRE_KERNEL_TARGET} -c ${name}.S -o ${name}.o
		DEPENDS ${elf} ${CMAKE_SOURCE_DIR}/tools/ksyms.py ${CMAKE_SOURCE_DIR}/tools/elf.py
		WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
		COMMENT "Making ${name}.o"
		VERBATIM)
endfunction()

# The kernel carries its own function names, which only exist once it is linked: link it with an
# empty table, read the symbols, link again with the real table. The table lies behind all text, so
# no function moves between the two; ksyms.py checks that. Names are quoted: the tree may lie in a folder with
# spaces.
function(quire_link_kernel)
	set(objects $<TARGET_OBJECTS:quire>)
	file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/objects.rsp CONTENT "\"$<JOIN:${objects},\"\n\">\"\n")
	_quire_ksyms(ksyms-empty "")
	if(QUIRE_DEBUG)
		set(linked objects)
	else() # What all C files are compiled to together, once and not for each link.
		set(linked assembly)
		file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/assembly.rsp
			CONTENT "\"$<JOIN:$<FILTER:${objects},INCLUDE,[.]S[.]o$>,\"\n\">\"\n")
		_quire_link(quire-lto.elf objects ksyms-empty.o ksyms-empty.o --lto-obj-path=quire.o)
		set(lto quire-lto.elf)
		set(whole quire.o)
	endif()
	_quire_link(quire-pass1.elf ${linked} "${lto};ksyms-empty.o" ksyms-empty.o ${whole})
	_quire_ksyms(ksyms quire-pass1.elf)
	_quire_link(quire.elf ${linked} ksyms.o ksyms.o ${whole})
	_quire_link(quire.boot ${linked} ksyms.o ksyms.o ${whole} --strip-all)
	add_custom_command(
		OUTPUT ksyms.checked
		COMMAND ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tools/ksyms.py check
			quire-pass1.elf quire.elf
		COMMAND ${CMAKE_COMMAND} -E touch ksyms.checked
		DEPENDS quire-pass1.elf quire.elf quire.boot
		WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
		COMMENT "Checking that no function moved"
		VERBATIM)
	add_custom_target(kernel ALL DEPENDS quire.elf quire.boot ksyms.checked)
endfunction()
