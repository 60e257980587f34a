internal import Glibc

enum WallClock {
    /// Since 1970.
    static var seconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
