/*
 * /course/framemap draws a picture of all frames: those that it may write (w), those it may only read (r), those that
 * are in use otherwise (#), and free ones (.).
 * rows: C28
 * quire-only
 * mem: 64M
 */
#include "course.h"

int main(void)
{
	FILE *pipe = popen("/course/framemap", "r");
	int count[256] = {0}, c, frames, free;

	CHECK(pipe);
	while ((c = getc(pipe)) != EOF)
		count[c]++;
	CHECK(pclose(pipe) == 0);
	frames = count['w'] + count['r'] + count['#'] + count['.'];
	free = getNumFreePages();
	CHECK(frames > 16000 && frames <= 16384 && count['#'] > 100); /* The BIOS has some. */
	CHECK(count['w'] >= 16 && count['w'] < 200 && count['r'] >= 4 && count['r'] < 300);
	CHECK(count['.'] > free - 200 && count['.'] < free + 200);
}
