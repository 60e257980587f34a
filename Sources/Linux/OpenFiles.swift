internal import Glibc

/// How many descriptors the process may have open (RLIMIT_NOFILE, getrlimit(2)).
package enum OpenFiles {
    package static var limit: Int {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return 1024 }
        return Int(clamping: limits.rlim_cur)
    }

    /// Allows as many as the administrator does, and no more than asked for: the default of 1024 is for programs that use
    /// select(2). Children inherit it. Gives the limit that holds now.
    @discardableResult
    package static func raiseLimit(to wanted: Int) -> Int {
        var limits = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limits) == 0 else { return limit }
        let target = min(rlim_t(clamping: wanted), limits.rlim_max)
        if target > limits.rlim_cur {
            limits.rlim_cur = target
            setrlimit(resource, &limits)
        }
        return limit
    }
}
