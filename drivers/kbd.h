/* kbd.h: the PS/2 keyboard. */
#pragma once

struct tty;

/* Keys go to tty from now on. Does nothing where there is no keyboard controller. */
void kbd_init(struct tty *tty);
