// libnghttp2: HTTP/2's frames, header compression and flow control; everything else around it is in Swift.
#pragma once
#include <nghttp2/nghttp2.h>
