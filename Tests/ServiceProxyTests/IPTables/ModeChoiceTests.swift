import Lab
import Linux
import NFTables
import NetTypes
import ServiceProxy
import TestSupport
import Testing

@Suite struct ModeChoiceTests {
    private static let programs = IPTablesPrograms(variant: .legacy, family: .v4, save: "/save", restore: "/restore")

    private func kernel(
        without missing: Set<String> = [], hasTable: Bool = false, programs: [IPTablesPrograms] = [programs]
    ) -> ModeChoice.Kernel {
        let refused = Set(KernelFeature.all.filter { missing.contains($0.name) }.map(\.transaction))
        return ModeChoice.Kernel(
            hasTable: { () throws(NFTError) in hasTable },
            commit: { transaction throws(NFTError) in
                // What holds a part that is refused is refused.
                let isWhole = transaction.changes.count > KernelFeature.all.map(\.transaction.changes.count).max() ?? 0
                if isWhole ? !missing.isEmpty : refused.contains(transaction) {
                    throw NFTError("add", "something", .notSupported)
                }
            },
            iptables: { IPTablesChoice(programs, hostVariant: .legacy) { _ in IPTablesDump("") } })
    }

    @Test("of a kernel that has all, nf_tables is chosen, and iptables is not asked for")
    func whole() throws {
        let choice = try ModeChoice(.automatic, kernel())
        #expect(choice.mode == .nftables && choice.missing.isEmpty && choice.iptables == nil)
    }

    @Test("each thing that nf_tables lacks is named, and leads to iptables", arguments: KernelFeature.all.map(\.name))
    func lacks(_ name: String) throws {
        let choice = try ModeChoice(.automatic, kernel(without: [name]))
        #expect(choice.mode == .iptables && choice.iptables?.variant == .legacy)
        #expect(choice.missing == ["\(name) (Operation not supported)"])
    }

    @Test("who has neither is told what is missing of each")
    func neither() {
        let missing: Set<String> = [KernelFeature.all[1].name, KernelFeature.all[4].name]
        let error = #expect(throws: ModeChoice.Nowhere.self) {
            try ModeChoice(.automatic, kernel(without: missing, programs: []))
        }
        let text = error?.description ?? ""
        #expect(missing.allSatisfy(text.contains) && text.contains("iptables-restore"))
        #expect(throws: ModeChoice.Nowhere.self) { try ModeChoice(.iptables, kernel(programs: [])) }
    }

    @Test("a mode that is asked for is not argued with; a table that is there says enough")
    func asked() throws {
        let missing = Set(KernelFeature.all.map(\.name))
        #expect(try ModeChoice(.nftables, kernel(without: missing)).mode == .nftables)
        #expect(try ModeChoice(.iptables, kernel()).mode == .iptables)
        #expect(try ModeChoice(.automatic, kernel(without: missing, hasTable: true)).mode == .nftables)
    }

    @Test("this kernel has all, each by itself and all at once, and nothing is left of the asking", .requiresRoot)
    func probe() throws {
        let node = try LabNamespace("probe")
        try node.run {
            var socket = try NFTSocket()
            for feature in KernelFeature.all { try socket.commit(feature.transaction) }
            let missing = KernelFeature.missing { transaction throws(NFTError) in try socket.commit(transaction) }
            #expect(missing.isEmpty, "\(missing)")
            #expect(try socket.tables().isEmpty)
        }
    }

    private func choice(_ nft: String, _ legacy: String, host: IPTablesVariant = .legacy) -> IPTablesVariant? {
        let installed = IPTablesVariant.allCases.map {
            IPTablesPrograms(variant: $0, family: .v4, save: "/save", restore: "/restore")
        }
        return IPTablesChoice(installed, hostVariant: host) { IPTablesDump($0.variant == .nft ? nft : legacy) }.variant
    }

    @Test("the variant is that with our rules, else the kubelet's, else that with more rules, else the host's own")
    func variants() {
        let ours = "*nat\n:POPLIN-SERVICES - [0:0]\nCOMMIT\n"
        let hint = "*mangle\n:KUBE-IPTABLES-HINT - [0:0]\nCOMMIT\n"
        let canary = "*mangle\n:KUBE-KUBELET-CANARY - [0:0]\nCOMMIT\n"
        let rule = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n"
        #expect(choice(ours + rule, hint) == .nft && choice(hint, ours) == .legacy)
        #expect(choice(hint, rule) == .nft && choice(rule, canary) == .legacy)
        #expect(choice(rule, "") == .nft && choice("", rule, host: .nft) == .legacy)
        #expect(choice(rule, rule, host: .nft) == .nft && choice("", "") == .legacy)
    }

    @Test("a variant that does not work is not chosen, whatever the host's own is")
    func broken() {
        let installed = IPTablesVariant.allCases.map {
            IPTablesPrograms(variant: $0, family: .v4, save: "/save", restore: "/restore")
        }
        let choice = IPTablesChoice(installed, hostVariant: .nft) { $0.variant == .nft ? nil : IPTablesDump("") }
        #expect(choice.variant == .legacy && choice.others.isEmpty)
    }
}
