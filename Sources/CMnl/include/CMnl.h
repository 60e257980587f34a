// The declarations are libmnl's own, so that the compiler compares what is here with them.
#pragma once
#include <libmnl/libmnl.h>
