/* exec_layout.c: see exec_layout.h. */

#include "kernel/exec_layout.h"

#include "drivers/random.h"
#include "kernel/lib/cmdline.h"
#include "kernel/lib/log.h"
#include "kernel/proc.h"

#define USER_TOP_MIN 0x40000000u
#define PIE_BASE 0x400000u
#define STACK_PAGES 2048u /* How many pages chance moves each of them. */
#define MMAP_PAGES 256u
#define BRK_PAGES 8192u
#define SKIP_BYTES 8192u
#define STACK_ALIGN 16u

/* mmap places below the stack's room: RLIMIT_STACK and a gap, within these bounds. */
#define STACK_ROOM_MIN (128u << 20)
#define STACK_ROOM_MAX (user_top / 6 * 5)
#define STACK_GAP (1u << 20)

uint32_t randomize_va_space = 2;

void exec_layout_init(void)
{
	if (cmdline_has("norandmaps"))
		randomize_va_space = 0;
	user_top = ALIGN_DOWN((uint32_t)cmdline_get_size("usertop", USER_END), TABLE_SPAN);
	if (user_top < USER_TOP_MIN || user_top > USER_END) {
		log("usertop=0x%x is not between 1G and 3G\n", user_top);
		user_top = USER_END;
	}
}

static uint32_t stack_room(uint32_t limit, uint32_t moved)
{
	uint32_t room = MIN(limit, STACK_ROOM_MAX) + moved + STACK_GAP;

	return ALIGN_UP(MIN(MAX(room, STACK_ROOM_MIN), STACK_ROOM_MAX), PAGE_SIZE);
}

static uint32_t random_pages(uint32_t count)
{
	return random_u32() % count * PAGE_SIZE;
}

void exec_layout_choose(struct exec_layout *l, uint32_t stack_limit)
{
	uint32_t mode = atomic_load(&randomize_va_space);

	*l = (struct exec_layout){
		.stack_top = user_top,
		.mmap_top = user_top - stack_room(stack_limit, 0),
		.pie_base = PIE_BASE,
	};
	if (mode == 0 || proc_current()->personality & ADDR_NO_RANDOMIZE)
		return;
	l->stack_top -= random_pages(STACK_PAGES);
	l->stack_skip = ALIGN_DOWN(random_u32() % SKIP_BYTES, STACK_ALIGN);
	l->mmap_top = user_top - stack_room(stack_limit, STACK_PAGES * PAGE_SIZE) -
		      random_pages(MMAP_PAGES);
	l->pie_base += random_pages(MMAP_PAGES);
	if (mode == 2)
		l->brk_skip = random_pages(BRK_PAGES);
}
