/// A span of time as kubectl shows it: two units where the second one still matters. A span that is a little negative
/// (clocks differ) is 0s, one that is more so is not valid.
package func humanDuration(seconds: Int) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600)
    let (days, years) = (hours / 24, hours / 24 / 365)
    func pair(_ first: Int, _ unit: String, _ second: Int, _ smaller: String) -> String {
        second == 0 ? "\(first)\(unit)" : "\(first)\(unit)\(second)\(smaller)"
    }
    switch seconds {
    case ..<(-1): return "<invalid>"
    case ..<0: return "0s"
    case ..<120: return "\(seconds)s"
    case ..<(10 * 60): return pair(minutes, "m", seconds % 60, "s")
    case ..<(180 * 60): return "\(minutes)m"
    case ..<(8 * 3600): return pair(hours, "h", minutes % 60, "m")
    case ..<(48 * 3600): return "\(hours)h"
    case ..<(8 * 86400): return pair(days, "d", hours % 24, "h")
    case ..<(2 * 365 * 86400): return "\(days)d"
    case ..<(8 * 365 * 86400): return pair(years, "y", days % 365, "d")
    default: return "\(years)y"
    }
}

extension Timestamp {
    /// How long ago this was, as kubectl shows it.
    package func age(_ now: Timestamp) -> String {
        var seconds = now.seconds - seconds
        // Whole seconds, towards zero.
        if seconds > 0, now.microseconds < microseconds { seconds -= 1 }
        if seconds < 0, now.microseconds > microseconds { seconds += 1 }
        return humanDuration(seconds: seconds)
    }
}
