/// How a store on a file behaves.
package struct SQLiteOptions: Sendable {
    /// History older than this is forgotten; upstream's apiserver has the same.
    package var historyAge: Duration = .seconds(300)
    /// History of more bytes than this is forgotten however young it is.
    package var historyBytes = 64 << 20
    /// How much of the history a start tells the listener, in bytes.
    package var toldHistoryBytes = 16 << 20
    /// Revisions of history that one step of compaction forgets; writes wait for one step at most.
    package var compactionSlice = 500
    /// Pages of 4 KiB in the write-ahead log after which an idle moment, and a busy one, moves them into the file.
    package var idleCheckpoint = 1000
    package var busyCheckpoint = 4000
    /// Seconds since 1970, for the time to live.
    package var clock: @Sendable () -> Int64 = { WallClock.seconds }

    package init() {}
}
