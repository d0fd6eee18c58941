# Programs that run on Quire: Linux i386, static, built against Debian's musl.

set(QUIRE_I386 ${CMAKE_SOURCE_DIR}/build/i386)
set(QUIRE_BUSYBOX ${QUIRE_I386}/root/bin/busybox)
quire_require_i386_packages()

set(QUIRE_USER_FLAGS --target=i686-linux-musl --sysroot=${QUIRE_I386}/musl)

# quire_user_program(NAME SOURCES file... [OPTIONS flag...])
function(quire_user_program name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;OPTIONS")
	add_executable(${name} ${arg_SOURCES})
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
	target_compile_options(${name} PRIVATE ${QUIRE_USER_FLAGS} -std=gnu11 -O1 -g
		-Wall -Wextra -Werror ${arg_OPTIONS})
	target_link_options(${name} PRIVATE ${QUIRE_USER_FLAGS}
		-rtlib=compiler-rt -unwindlib=none -fuse-ld=lld -static)
endfunction()
