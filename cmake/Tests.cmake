# How tests are declared. Each is one entry of ctest. The rows of the ledger that it proves are labels (ctest -L
# '^A29$'), besides one of
#
#	host	runs on this machine, without QEMU
#	kernel	a suite inside the kernel
#	user	a program or script on Quire, and on the host's Linux to prove the test itself
#	programs	Debian's programs on a disk, and on the host's Linux to compare with
#	bench	what events may cost, in instructions
#	iso	boots the ISO as a user does
#	stress	long ones

set(QUIRE_HARNESS ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tests/harness/run.py)

# Seconds a test may take where it does not say otherwise.
set(QUIRE_TEST_SECONDS 60)

# The harness ends a test that is late and says where it was; ctest only does if the harness hangs.
set(QUIRE_TEST_GRACE 30)

# _quire_add_test(NAME LABEL SECONDS command...): the rows are those of the tags that the caller read.
function(_quire_add_test name label seconds)
	math(EXPR backstop "${seconds} + ${QUIRE_TEST_GRACE}")
	separate_arguments(rows UNIX_COMMAND "${tag_rows}")
	add_test(NAME ${name} COMMAND ${ARGN})
	set_tests_properties(${name} PROPERTIES LABELS "${label};${rows}" TIMEOUT ${backstop})
endfunction()

# Read the tags in the first comment of file into variables tag_NAME of the caller ("-" becomes "_").
# A tag without a value is set to ON.
#
#	rows: A29 C17		the rows of tests/features.txt that this proves
#	quire-only		not to be run on the host
#	args: one two		arguments of the program
#	append: stackgrow=xk	kernel options
#	mem: 64M		RAM of the machine
#	swap: 64M		on a disk of this size, beside it
#	icount			one tick of the TSC is one instruction
#	disk: 64M -b 1024	on an ext2 disk of this size, made with these options of mke2fs
#	disk-too: 64M -b 1024	the same, as a test more: NAME.ext2
#	timeout: 120		seconds
#	expect-status: 3	exit status that means success
#	label: stress		instead of "user"
#	lab: cow stack		it fails in the kits of these labs (tools/lab_kit.py)
function(_quire_read_tags file)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
	file(STRINGS ${file} lines LIMIT_COUNT 40)
	foreach(tag rows quire-only args append mem swap icount disk disk-too timeout expect-status label)
		string(REPLACE "-" "_" variable ${tag})
		set(value "")
		foreach(line IN LISTS lines)
			if(line MATCHES "^( \\* |# )?${tag}(: *(.*))?$")
				set(value "${CMAKE_MATCH_3}")
				if(NOT CMAKE_MATCH_2)
					set(value ON)
				endif()
			endif()
		endforeach()
		set(tag_${variable} "${value}" PARENT_SCOPE)
	endforeach()
endfunction()

# Build pure code with its test, natively, under the sanitizers given. Sources are found beside the
# caller or from the repository's root.
function(_quire_host_program name sanitizers)
	set(sources ${CMAKE_CURRENT_SOURCE_DIR}/support.c)
	foreach(source IN LISTS ARGN)
		if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source})
			list(APPEND sources ${CMAKE_CURRENT_SOURCE_DIR}/${source})
		else()
			list(APPEND sources ${CMAKE_SOURCE_DIR}/${source})
		endif()
	endforeach()
	set(flags -fsanitize=${sanitizers})
	add_executable(${name} ${sources})
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
	target_compile_definitions(${name} PRIVATE QUIRE_DEBUG=1)
	target_compile_options(${name} PRIVATE ${flags} -fno-sanitize-recover=all -fno-builtin
		-std=gnu11 -O1 -g -Wall -Wextra -Werror)
	target_link_options(${name} PRIVATE ${flags})
endfunction()

# quire_host_test(NAME source...): a test of pure code that ends by itself.
function(quire_host_test name)
	_quire_host_program(host_${name} address,undefined ${ARGN})
	_quire_read_tags(${CMAKE_CURRENT_SOURCE_DIR}/test_${name}.c)
	_quire_add_test(host.${name} host ${QUIRE_TEST_SECONDS} host_${name})
endfunction()

# Seconds a fuzzer runs in the suite. By hand, run build/PRESET/tests/host/fuzz_NAME for longer.
set(QUIRE_FUZZ_SECONDS 8)

# quire_host_fuzz(NAME source...): pure code under libFuzzer, which invents the input.
function(quire_host_fuzz name)
	_quire_host_program(fuzz_${name} fuzzer,address,undefined ${ARGN})
	_quire_add_test(host.fuzz_${name} host ${QUIRE_TEST_SECONDS} fuzz_${name}
		-max_total_time=${QUIRE_FUZZ_SECONDS} -max_len=4096 -print_final_stats=1)
endfunction()

# quire_kernel_test(SUITE): selftest=SUITE in the kernel.
function(quire_kernel_test suite)
	_quire_read_tags(${CMAKE_SOURCE_DIR}/tests/kernel/test_${suite}.c)
	_quire_add_test(kernel.${suite} kernel ${QUIRE_TEST_SECONDS} ${QUIRE_HARNESS}
		kernel --build ${CMAKE_BINARY_DIR} --timeout ${QUIRE_TEST_SECONDS} ${suite})
endfunction()

# Add the tests of a program or script: on the host unless it is for Quire only, and on Quire.
function(_quire_add_user_tests name kind file source)
	_quire_read_tags(${source})
	if(NOT tag_label)
		set(tag_label user)
	endif()
	if(NOT tag_timeout)
		set(tag_timeout ${QUIRE_TEST_SECONDS})
	endif()
	set(options --build ${CMAKE_BINARY_DIR} --timeout ${tag_timeout})
	foreach(tag mem swap append disk expect_status)
		if(tag_${tag})
			string(REPLACE "_" "-" option ${tag})
			list(APPEND options "--${option}=${tag_${tag}}")
		endif()
	endforeach()
	if(tag_icount)
		list(APPEND options --icount)
	endif()
	separate_arguments(args UNIX_COMMAND "${tag_args}")
	if(NOT tag_quire_only)
		_quire_add_test(user.${name}.linux ${tag_label} ${tag_timeout} ${QUIRE_HARNESS}
			linux ${options} --kind=${kind} ${name} ${file} ${args})
	endif()
	_quire_add_test(user.${name} ${tag_label} ${tag_timeout} ${QUIRE_HARNESS}
		user ${options} --kind=${kind} ${name} ${file} ${args})
	if(tag_disk_too)
		_quire_add_test(user.${name}.ext2 ${tag_label} ${tag_timeout} ${QUIRE_HARNESS}
			user ${options} --disk=${tag_disk_too} --kind=${kind} ${name}.ext2 ${file} ${args})
	endif()
endfunction()

# quire_user_test(FILE.c): build the program and test it.
function(quire_user_test source)
	cmake_path(GET source STEM name)
	quire_user_program(test_${name} SOURCES ${source})
	target_link_libraries(test_${name} PRIVATE course)
	_quire_add_user_tests(${name} program $<TARGET_FILE:test_${name}> ${source})
endfunction()

# quire_long_test(NAME PROGRAM SECONDS argument...): the program of quire_user_test(PROGRAM.c) once
# more, with other arguments, for longer. It may end half as late again as asked.
function(quire_long_test name program seconds)
	math(EXPR timeout "${seconds} + ${seconds} / 2")
	_quire_add_test(stress.${name} stress ${timeout} ${QUIRE_HARNESS}
		user --build ${CMAKE_BINARY_DIR} --timeout ${timeout} --mem=64M --kind=program
		${name} $<TARGET_FILE:test_${program}> ${ARGN})
endfunction()

# quire_script_test(FILE.sh): run by the same busybox on the host and on Quire; the output must be
# the same, byte for byte.
function(quire_script_test source)
	cmake_path(GET source STEM name)
	_quire_add_user_tests(${name} script ${source} ${source})
endfunction()

# quire_python_test(NAME LABEL SECONDS FILE.py argument...): a test that runs machines itself.
function(quire_python_test name label seconds source)
	_quire_read_tags(${CMAKE_CURRENT_SOURCE_DIR}/${source})
	_quire_add_test(${name} ${label} ${seconds} ${CMAKE_COMMAND} -E env
		QUIRE_TEST_BUILD=${CMAKE_BINARY_DIR} PYTHONDONTWRITEBYTECODE=1
		${QUIRE_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${source} ${ARGN})
endfunction()

# The folder of tools/disk.py: a disk with Debian's programs, and the same unpacked for the host.
set(QUIRE_DEBIAN ${CMAKE_BINARY_DIR}/debian)
set(QUIRE_DISK_TOOLS ${CMAKE_SOURCE_DIR}/tools/disk.py ${CMAKE_SOURCE_DIR}/tools/debian.py)

# quire_debian_disk(LIST): make that folder from the packages named in the file LIST.
function(quire_debian_disk list)
	add_custom_command(
		OUTPUT ${QUIRE_DEBIAN}/disk.img
		COMMAND ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tools/disk.py ${QUIRE_DEBIAN} ${list}
		DEPENDS ${list} ${QUIRE_DISK_TOOLS}
		COMMENT "Making a disk with Debian's programs"
		VERBATIM)
	add_custom_target(debian ALL DEPENDS ${QUIRE_DEBIAN}/disk.img)
endfunction()

# Seconds a script may take where it does not say otherwise.
set(QUIRE_PROGRAM_SECONDS 120)

# quire_program_test(FILE): a script for one of Debian's programs; it names its interpreter.
function(quire_program_test source)
	cmake_path(GET source STEM name)
	_quire_read_tags(${source})
	if(NOT tag_timeout)
		set(tag_timeout ${QUIRE_PROGRAM_SECONDS})
	endif()
	set(options --build ${CMAKE_BINARY_DIR} --debian ${QUIRE_DEBIAN} --timeout ${tag_timeout})
	foreach(tag mem swap append)
		if(tag_${tag})
			list(APPEND options "--${tag}=${tag_${tag}}")
		endif()
	endforeach()
	_quire_add_test(programs.${name} programs ${tag_timeout} ${QUIRE_PYTHON}
		${CMAKE_SOURCE_DIR}/tests/harness/programs.py ${options} ${source})
endfunction()
