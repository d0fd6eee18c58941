# Checks at configure time. Each failure names the Debian package to install, so that nobody has to
# guess it from a file name; `./quire deps` installs them all.

# Find program and keep its path in the cache variable var; stop with the package's name otherwise.
function(quire_require_program var program package)
	find_program(${var} ${program})
	if(NOT ${var})
		message(FATAL_ERROR
			"${program} is missing: install the package ${package}, or run ./quire deps")
	endif()
endfunction()

# The library with __udivdi3 and its kin: 64-bit arithmetic that i386 has no instruction for.
function(quire_require_i386_builtins var)
	execute_process(
		COMMAND ${QUIRE_CLANG} --target=i686-linux-gnu -rtlib=compiler-rt
			-print-libgcc-file-name
		OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
	if(NOT EXISTS ${path})
		message(FATAL_ERROR "clang has no compiler-rt for i386 (${path}): "
			"install the package libclang-rt-14-dev, or run ./quire deps")
	endif()
	set(${var} ${path} CACHE INTERNAL "compiler-rt builtins for i386")
endfunction()

# The i386 packages of tools/packages.i386. They need no root, so they are fetched here and now.
function(quire_require_i386_packages)
	execute_process(COMMAND ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tools/fetch_i386.py
		RESULT_VARIABLE failed)
	if(failed)
		message(FATAL_ERROR "The i386 packages could not be fetched; the reason is above")
	endif()
endfunction()
