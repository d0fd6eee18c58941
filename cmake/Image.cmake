# The CD: its file tree, the ISO that GRUB boots, and a plain one for qemu -kernel.

quire_require_program(QUIRE_XORRISO xorriso xorriso)
quire_require_program(QUIRE_GRUB_MKRESCUE grub-mkrescue grub-common)

# image(OUTPUT, recipe and its arguments, DEPENDS files)
function(_quire_image output recipe)
	cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "ARGUMENTS;DEPENDS")
	add_custom_command(
		OUTPUT ${output}
		COMMAND ${QUIRE_PYTHON} ${CMAKE_SOURCE_DIR}/tools/image.py ${recipe} ${arg_ARGUMENTS}
		COMMAND ${CMAKE_COMMAND} -E touch ${output}
		DEPENDS ${arg_DEPENDS} ${CMAKE_SOURCE_DIR}/tools/image.py
		WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
		COMMENT "Making ${output}"
		VERBATIM)
endfunction()

file(GLOB_RECURSE QUIRE_ISO_FILES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/iso/*)
_quire_image(root.stamp tree
	ARGUMENTS root $<TARGET_FILE:init> ${QUIRE_BUSYBOX} $<TARGET_FILE:vmtop> $<TARGET_FILE:tour> ${QUIRE_EXAMPLES}
	DEPENDS init vmtop tour ${QUIRE_BUSYBOX} ${QUIRE_EXAMPLES} ${QUIRE_ISO_FILES})
_quire_image(root.iso plain
	ARGUMENTS root.iso root
	DEPENDS root.stamp)
_quire_image(quire.iso iso
	ARGUMENTS quire.iso root quire.boot
	DEPENDS root.stamp quire.boot ${QUIRE_ISO_FILES})
add_custom_target(root DEPENDS root.stamp root.iso)
add_custom_target(iso ALL DEPENDS quire.iso root.iso)
add_dependencies(iso kernel)
