/*
 * abi/termios.h: terminals as Linux i386 has them (asm-generic/termbits.h, termios.h, ioctls.h).
 */
#pragma once

#include <stdint.h>

#define NCCS 19

struct termios {
	uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
	uint8_t c_line;
	uint8_t c_cc[NCCS];
};

struct winsize {
	uint16_t ws_row, ws_col, ws_xpixel, ws_ypixel;
};

_Static_assert(sizeof(struct termios) == 36, "struct termios of TCGETS is 36 bytes");

/* c_cc; a value of 0 (_POSIX_VDISABLE) turns the character off. */
#define VINTR 0
#define VQUIT 1
#define VERASE 2
#define VKILL 3
#define VEOF 4
#define VTIME 5
#define VMIN 6
#define VSWTC 7
#define VSTART 8
#define VSTOP 9
#define VSUSP 10
#define VEOL 11
#define VREPRINT 12
#define VDISCARD 13
#define VWERASE 14
#define VLNEXT 15
#define VEOL2 16

/* c_iflag */
#define IGNBRK 0000001u
#define BRKINT 0000002u
#define IGNPAR 0000004u
#define PARMRK 0000010u
#define INPCK 0000020u
#define ISTRIP 0000040u
#define INLCR 0000100u
#define IGNCR 0000200u
#define ICRNL 0000400u
#define IUCLC 0001000u
#define IXON 0002000u
#define IXANY 0004000u
#define IXOFF 0010000u
#define IMAXBEL 0020000u
#define IUTF8 0040000u

/* c_oflag */
#define OPOST 0000001u
#define OLCUC 0000002u
#define ONLCR 0000004u
#define OCRNL 0000010u
#define ONOCR 0000020u
#define ONLRET 0000040u
#define TABDLY 0014000u
#define XTABS 0014000u

/* c_cflag */
#define CBAUD 0010017u
#define B0 0000000u
#define B9600 0000015u
#define B38400 0000017u
#define B57600 0010001u
#define B115200 0010002u
#define CSIZE 0000060u
#define CS8 0000060u
#define CSTOPB 0000100u
#define CREAD 0000200u
#define PARENB 0000400u
#define PARODD 0001000u
#define HUPCL 0002000u
#define CLOCAL 0004000u

/* c_lflag */
#define ISIG 0000001u
#define ICANON 0000002u
#define ECHO 0000010u
#define ECHOE 0000020u
#define ECHOK 0000040u
#define ECHONL 0000100u
#define NOFLSH 0000200u
#define TOSTOP 0000400u
#define ECHOCTL 0001000u
#define ECHOPRT 0002000u
#define ECHOKE 0004000u
#define FLUSHO 0010000u
#define PENDIN 0040000u
#define IEXTEN 0100000u

/* ioctl numbers */
#define TCGETS 0x5401u
#define TCSETS 0x5402u
#define TCSETSW 0x5403u
#define TCSETSF 0x5404u
#define TCSBRK 0x5409u
#define TCXONC 0x540Au
#define TCFLSH 0x540Bu
#define TIOCSCTTY 0x540Eu
#define TIOCGPGRP 0x540Fu
#define TIOCSPGRP 0x5410u
#define TIOCOUTQ 0x5411u
#define TIOCGWINSZ 0x5413u
#define TIOCSWINSZ 0x5414u
#define FIONREAD 0x541Bu
#define TIOCNOTTY 0x5422u
#define TCSBRKP 0x5425u
#define TIOCGSID 0x5429u

/* Arguments of TCFLSH and TCXONC. */
#define TCIFLUSH 0u
#define TCOFLUSH 1u
#define TCIOFLUSH 2u
#define TCOOFF 0u
#define TCOON 1u
#define TCIOFF 2u
#define TCION 3u
