/* quicksort: sort an array in place: ever smaller parts, each gone through from both ends. */

#include "user/lab/lab.h"

#define NUMBERS (160 * PAGE / sizeof(uint32_t))

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t old = *a;

	*a = *b;
	*b = old;
}

/* Hoare's partition; recursion takes the smaller part, so the stack stays small. */
static void sort(uint32_t *from, uint32_t *to)
{
	while (to - from > 1) {
		uint32_t pivot = from[(to - from - 1) / 2], *left = from, *right = to - 1;

		for (;; left++, right--) {
			while (*left < pivot)
				left++;
			while (*right > pivot)
				right--;
			if (left >= right)
				break;
			swap(left, right);
		}
		right++;
		if (right - from < to - right) {
			sort(from, right);
			from = right;
		} else {
			sort(right, to);
			to = right;
		}
	}
}

int main(void)
{
	uint32_t *numbers = (uint32_t *)pages_alloc(NUMBERS * sizeof(uint32_t) / PAGE);

	for (uint32_t i = 0; i < NUMBERS; i++)
		numbers[i] = random_below(UINT32_MAX);
	sort(numbers, numbers + NUMBERS);
	for (uint32_t i = 1; i < NUMBERS; i++)
		if (numbers[i - 1] > numbers[i])
			return 1;
	return 0;
}
