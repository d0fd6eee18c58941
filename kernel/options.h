/* options.h: words of the kernel command line that belong to no part of the kernel alone. */
#pragma once

/* Replace lab=WORD by what it stands for. Before anybody asks for a word. */
void options_expand(void);

/* What programs may do: stackgrow=, overcommit=, eager_fork. */
void options_set_rules(void);

/* userframes= and fail=: these make memory scarce for programs, not for the start of the system. */
void options_set_memory(void);
