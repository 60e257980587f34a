internal import Daemon
internal import Linux

/// The configuration's file, looked at every other second: a ConfigMap's files are replaced by a rename of their directory,
/// of which a watch on the file hears nothing.
struct ConfigurationFollower {
    private let options: ProxyOptions
    private let path: String
    private var last: [UInt8]?

    /// Nil without a file.
    init?(_ options: ProxyOptions) {
        guard let path = options.configurationFile else { return nil }
        self.options = options
        self.path = path
        last = try? Files.read(path)
    }

    /// The configuration, if the file says another one than the last time; what is wrong with it is logged, once.
    mutating func news(_ log: Logger) -> ProxyConfiguration? {
        guard let bytes = try? Files.read(path), bytes != last else { return nil }
        last = bytes
        do throws(ConfigurationProblems) {
            let read = try options.configuration(from: bytes)
            for note in read.notes { log.info("\(note)") }
            return read.configuration
        } catch {
            log.error("the configuration stays as it was", ["file": path, "reason": "\(error)"])
            return nil
        }
    }
}
