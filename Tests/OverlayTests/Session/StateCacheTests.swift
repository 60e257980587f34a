import Linux
import NetTypes
import Overlay
import TestSupport
import Testing

@Suite struct StateCacheTests {
    private static var full: CachedState {
        var state = CachedState()
        state.configText = #"{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}"#
        state.own = Samples.lease(1)
        state.macs = [.v4: Samples.mac(1), .v6: Samples.mac(2)]
        state.devices = ["flannel.1"]
        state.leases = [Samples.dualLease(2), Samples.lease(3)]
        state.remembered = [Samples.subnet(3): CachedState.now + 100]
        return state
    }

    @Test func `What was written is read back, with the time of writing`() throws {
        let directory = try TemporaryDirectory()
        let before = CachedState.now
        try Self.full.write(directory: directory.file("deep/down"))
        var read = CachedState(directory: directory.file("deep/down"))
        #expect((before...CachedState.now).contains(read.writtenAt))
        read.writtenAt = 0
        #expect(read == Self.full)
    }

    @Test func `A truncated or mangled file never traps, and only its readable parts count`() throws {
        let directory = try TemporaryDirectory()
        try Self.full.write(directory: directory.path)
        let bytes = try Files.read(CachedState.path(directory.path))
        for length in 0..<bytes.count {
            try Files.replace(CachedState.path(directory.path), bytes[..<length])
            #expect(CachedState(directory: directory.path) == CachedState())
        }
        var random = SeededGenerator()
        print("seed \(random.seed)")
        let text = String(decoding: bytes, as: UTF8.self)
        for _ in 0..<1000 {
            try Files.replace(CachedState.path(directory.path), random.mangle(text).utf8)
            let state = CachedState(directory: directory.path)
            _ = state.remainingTerm()
            for subnet in state.remembered.keys { _ = state.remainingMemory(of: subnet) }
        }
    }

    static let wrongTypes: [String] = [
        "null", "[]", "7", #""text""#, #"{"config":7,"own":[],"mac":{},"devices":"flannel.1","leases":{}}"#,
        #"{"own":{"subnet":"10.5.1.0-24"},"leases":[null,7,{},{"subnet":"x","value":"{}"}],"remembered":[1]}"#,
        // Addresses that no device can have, and moments that no sum may be made with.
        #"{"mac":"ff:ff:ff:ff:ff:ff","macV6":"00:00:00:00:00:00"}"#,
        #"{"writtenAt":9223372036854775807,"remembered":{"10.5.1.0-24":9223372036854775807,"10.5.2.0-24":-1}}"#,
        #"{"writtenAt":-5}"#, #"{"writtenAt":1e300}"#,
    ]

    @Test("Values of wrong types and ranges are as if they were not there", arguments: wrongTypes)
    func wrongType(_ text: String) throws {
        let directory = try TemporaryDirectory()
        try Files.replace(CachedState.path(directory.path), text.utf8)
        #expect(CachedState(directory: directory.path) == CachedState())
    }

    @Test func `A clock that was set keeps leases no longer than a term, and none that have ended`() {
        let (now, day) = (1_800_000_000, OwnLease.termSeconds)
        var state = CachedState()
        state.writtenAt = now
        state.remembered = [Samples.subnet(3): now + 100]
        #expect(state.remainingTerm(at: now + 100) == .seconds(day - 100))
        #expect(state.remainingTerm(at: now + day + 1) == .zero)
        // Back before the file was written, and back to a machine without a clock.
        #expect(state.remainingTerm(at: now - 5000) == .seconds(day))
        #expect(state.remainingTerm(at: 0) == .seconds(day))
        #expect(state.remainingMemory(of: Samples.subnet(3), at: now + 40) == .seconds(60))
        #expect(state.remainingMemory(of: Samples.subnet(3), at: now + 200) == .zero)
        #expect(state.remainingMemory(of: Samples.subnet(3), at: 0) == .seconds(day))
        #expect(state.remainingMemory(of: Samples.subnet(4), at: now) == nil)
    }
}
