internal import Linux
package import NetTypes

/// iptables is two systems of one language: its own tables in the kernel, or those of nf_tables.
package enum IPTablesVariant: String, CaseIterable, Sendable {
    case legacy, nft
}

/// The programs that read and write the tables of one variant and one family.
package struct IPTablesPrograms: Hashable, Sendable {
    package var variant: IPTablesVariant
    package var family: IPFamily
    package var save: String
    package var restore: String

    package init(variant: IPTablesVariant, family: IPFamily, save: String, restore: String) {
        self.variant = variant
        self.family = family
        self.save = save
        self.restore = restore
    }

    /// Those that are installed; empty where iptables is not. Without names that say it, one is asked which variant it is.
    package static func installed(
        in directories: [String] = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin"]
    ) -> [IPTablesPrograms] {
        func path(_ name: String) -> String? {
            directories.lazy.map { "\($0)/\(name)" }.first { Files.isExecutable($0) }
        }
        var found: [IPTablesPrograms] = []
        for family in IPFamily.allCases {
            let name = family == .v4 ? "iptables" : "ip6tables"
            for variant in IPTablesVariant.allCases {
                if let save = path("\(name)-\(variant)-save"), let restore = path("\(name)-\(variant)-restore") {
                    found.append(.init(variant: variant, family: family, save: save, restore: restore))
                }
            }
            if let save = path("\(name)-save"), let restore = path("\(name)-restore") {
                let variant = hostVariant(restore)
                if !found.contains(where: { $0.family == family && $0.variant == variant }) {
                    found.append(.init(variant: variant, family: family, save: save, restore: restore))
                }
            }
        }
        return found
    }

    /// What a program without a variant in its name is. Before 1.8 there was one, which did not say so.
    package static func hostVariant(_ program: String) -> IPTablesVariant {
        let answer = try? Subprocess.run(
            program, ["--version"], environment: Environment.lines, input: [], timeoutMilliseconds: 5000)
        return String(decoding: answer?.output ?? [], as: UTF8.self).contains("nf_tables") ? .nft : .legacy
    }

    package func dump() throws(IPTablesError) -> IPTablesDump {
        IPTablesDump(String(decoding: try run(save, [], input: "", limit: 1 << 28), as: UTF8.self))
    }

    /// Writes what is named in the text, and leaves the rest alone. Who holds the lock of the legacy tables is waited for.
    package func restore(_ text: String) throws(IPTablesError) {
        _ = try run(restore, ["-w", "5", "--noflush"], input: text, limit: 1 << 20)
    }

    private func run(
        _ program: String, _ arguments: [String], input: String, limit: Int
    ) throws(IPTablesError) -> [UInt8] {
        let outcome: Subprocess.Outcome
        do {
            // A table of ten thousand Services takes the nft variant some fifteen seconds.
            outcome = try Subprocess.run(
                program, arguments, environment: Environment.lines, input: Array(input.utf8),
                timeoutMilliseconds: 120_000, limit: limit)
        } catch {
            throw IPTablesError(program, "\(error)")
        }
        guard outcome.status == 0 else { throw IPTablesError(program, outcome, input: input) }
        return outcome.output
    }
}
