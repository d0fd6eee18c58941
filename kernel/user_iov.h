/* user_iov.h: what calls that read and write share: the arrays of segments, and how they end. */
#pragma once

#include "mm/uio.h"

/* Copy an array of segments as it is. 0, and *iov to be freed if not NULL; -EINVAL: too many, or one
 * longer than INT_MAX; -EFAULT, -ENOMEM. */
int iov_copy_from_user(uint32_t iov_user, uint32_t count, struct iov **iov);

/* The same for buffers of the caller, which u then moves bytes of: -EFAULT also when one cannot be the
 * user's. The sum is cut to IO_BYTES_MAX, as Linux does. */
int iov_from_user(uint32_t iov_user, uint32_t count, struct iov **iov, struct uio *u);

/* Send the signals that go with some errors of writing. n itself. */
int32_t write_result(ssize_t n);
