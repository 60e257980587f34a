import Daemon
import Glibc
import Lab

do {
    exit(try LabCommand(Array(CommandLine.arguments.dropFirst())).run())
} catch {
    var standardError = StandardError()
    print("lab: \(error)", to: &standardError)
    exit(1)
}

struct StandardError: TextOutputStream {
    mutating func write(_ text: String) { _ = text.withCString { Glibc.write(2, $0, strlen($0)) } }
}
