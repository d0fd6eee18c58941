/* shm.h: backings that have no store: tmpfs files and anonymous memory shared over fork. */
#pragma once

#include "mm/backing.h"

/* read() for such a backing: a page that was never written is zero. */
int shm_read(struct backing *b, struct frame *const *f, uint32_t n);

/* punch() for such a backing. */
int shm_punch(struct backing *b, uint32_t first, uint32_t end);

/* A fresh backing of size_pages zero pages, of which committed are promised; one reference. NULL when out of
 * memory, or that much may not be promised. */
struct backing *shm_create(uint32_t size_pages, uint32_t committed);

/* Does b have no place to write its pages to: shared anonymous memory, tmpfs? */
bool shm_stores(const struct backing *b);
