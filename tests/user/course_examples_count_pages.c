/*
 * The example programs about numbers of pages and about entries print the same sequence each time.
 * rows: B4 B6 B7 B8 B12 B14 B16 B18 B26 B32
 * quire-only
 * lab: counts cow shared
 * append: lab=iitj
 */
#include "course.h"

int main(void)
{
	for (int round = 0; round < 2; round++)
		check_output("/course/counts", "start                    virtual +0 physical +0\n"
					       "mmap of 5 pages          virtual +5 physical +0\n"
					       "2 of them touched        virtual +0 physical +2\n"
					       "mmap of 3 pages          virtual +3 physical +0\n"
					       "all 3 touched            virtual +0 physical +3\n"
					       "all 5 touched            virtual +0 physical +3\n"
					       "the second follows the first: yes\n"
					       "child                    virtual +0 physical +0\n"
					       "child wrote a page       virtual +0 physical +0\n"
					       "parent                   virtual +0 physical +0\n");
	check_output("/course/freepages", "64 pages, all touched\n"
					  "fork took fewer than 32 frames: yes\n"
					  "2 writes took 2 frames\n");
	check_output("/course/pagetable", "mapped\n"
					  "0 - - - - - M -\n1 - - - - - M -\n2 - - - - - M -\n"
					  "the first read, the second written\n"
					  "0 P - U A - - -\n1 P W U A D - -\n2 - - - - - M -\n"
					  "a page to be shared\n"
					  "0 - - - - - M S\n0 P W U A D - S\n"
					  "in a child\n"
					  "0 P - U A - - -\n1 P - U A D - -\n2 - - - - - M -\n"
					  "0 P - U A D - S\n");
}
