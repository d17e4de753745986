// The system's zlib, for compressed batches.
#include <zlib.h>
