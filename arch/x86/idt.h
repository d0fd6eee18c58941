/* idt.h: the interrupt descriptor table. */
#pragma once

#include "arch/x86/vectors.h"

/* Build the table and load it. */
void idt_init(void);
