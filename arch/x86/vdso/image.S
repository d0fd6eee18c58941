/* image.S: the finished object, carried in the kernel's image. */
	.section .rodata
	.balign 4
	.globl vdso_image, vdso_image_end
vdso_image:
	.incbin "vdso.so"
vdso_image_end:
