internal import Glibc
internal import Linux

#if canImport(Testing)
    package import Testing
#endif

// Without --build-tests the package manager compiles this target too, but does not show it Swift Testing.
#if canImport(Testing)
    /// What a test needs from the machine. Where it is missing the test is skipped with the reason; where CI=true, a
    /// missing requirement fails the test, so that nobody believes in a run that tested nothing.
    extension Trait where Self == ConditionTrait {
        package static var requiresRoot: Self {
            .enabled("needs root: run scripts/test as root or with sudo") {
                try Requirement.hold(geteuid() == 0, "this test needs root")
            }
        }

        /// The program must be in PATH or in one of the directories where Debian puts daemons.
        package static func requiresProgram(_ name: String) -> Self {
            .enabled("needs the program \(name): scripts/setup installs it") {
                try Requirement.hold(Program.path(of: name) != nil, "this test needs the program \(name)")
            }
        }
    }

    private enum Requirement {
        struct Missing: Error, CustomStringConvertible {
            var description: String
        }

        static func hold(_ condition: Bool, _ sentence: String) throws -> Bool {
            if !condition && getenv("CI").map({ String(cString: $0) }) == "true" {
                throw Missing(description: "\(sentence), and CI=true forbids skipping")
            }
            return condition
        }
    }

    package enum Program {
        /// The full path of a program, nil if it is not installed.
        package static func path(of name: String) -> String? {
            let search = getenv("PATH").map { String(cString: $0) } ?? ""
            return (search.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"])
                .map { "\($0)/\(name)" }
                .first { Files.isExecutable($0) }
        }
    }
#endif
