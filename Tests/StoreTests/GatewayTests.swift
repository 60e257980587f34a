import JSON
import TestSupport
import Testing

@testable import Store

@Suite("The gateway's messages")
struct GatewayTests {
    @Test("a prefix ends at the first key beyond it")
    func prefixes() {
        #expect(RawRange(.prefix("ab")) == RawRange(key: [0x61, 0x62], end: [0x61, 0x63]))
        #expect(RawRange(.prefix("")) == RawRange(key: [0], end: [0]))
        #expect(RawRange(.key("ab")) == RawRange(key: [0x61, 0x62], end: nil))
        // U+10FFFF is f4 8f bf bf.
        #expect(RawRange(.prefix("\u{10FFFF}")).end == [0xF4, 0x8F, 0xBF, 0xC0])
    }

    @Test("field names of both generations of the gateway are read, and numbers as strings or numbers")
    func spellings() throws {
        for text in [
            #"{"key":"YQ==","create_revision":"5","mod_revision":"9007199254740993","version":"2","lease":"7"}"#,
            #"{"key":"YQ==","createRevision":5,"modRevision":"9007199254740993","version":2,"lease":7,"value":null}"#,
        ] {
            let keyValue = try GatewayAnswer(try JSONValue.parse(text)).keyValue()
            let expected = KeyValue(
                key: "a", value: [], createRevision: 5, modRevision: 9_007_199_254_740_993, version: 2,
                lease: LeaseID(rawValue: 7))
            #expect(keyValue == expected)
        }
    }

    @Test(
        "refusals are told apart",
        arguments: [
            (400, #"{"error":"etcdserver: key is not provided","message":"…","code":3}"#, StoreError.Kind.invalid),
            (
                400, #"{"code":11,"message":"etcdserver: mvcc: required revision has been compacted","details":[]}"#,
                .compacted(oldest: 0)
            ),
            (400, #"{"code":11,"message":"etcdserver: mvcc: required revision is a future revision"}"#, .invalid),
            (
                404,
                #"{"error":"etcdserver: requested lease not found","code":5,"message":"etcdserver: requested lease not found"}"#,
                .leaseNotFound
            ),
            (401, #"{"code":16,"message":"etcdserver: invalid auth token"}"#, .unauthenticated),
            (
                400, #"{"code":3,"message":"etcdserver: authentication failed, invalid user ID or password"}"#,
                .unauthenticated
            ),
            (400, #"{"code":3,"message":"etcdserver: user name is empty"}"#, .unauthenticated),
            (403, #"{"code":7,"message":"etcdserver: permission denied"}"#, .permissionDenied),
            (429, #"{"code":8,"message":"etcdserver: mvcc: database space exceeded"}"#, .outOfSpace),
            (429, #"{"code":8,"message":"etcdserver: too many requests"}"#, .exhausted),
            (503, #"{"code":14,"message":"etcdserver: no leader"}"#, .unavailable),
            (504, #"{"code":4,"message":"context deadline exceeded"}"#, .timedOut), (500, "", .unavailable),
            (502, "<html>", .unavailable),
            (404, "404 page not found", .invalid),
            (200, #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}}"#, .unavailable),
        ])
    func refusals(status: Int, body: String, kind: StoreError.Kind) {
        #expect(GatewayFailure(status: status, body: Array(body.utf8)).kind == kind)
    }

    @Test("what is not as expected is an error that names the field")
    func malformed() throws {
        func reason(_ text: String) -> String? {
            do {
                _ = try GatewayAnswer(try JSONValue.parse(text)).keyValues()
                return nil
            } catch {
                return (error as? GatewayAnswer.Malformed)?.reason
            }
        }
        #expect(reason("[]") == "expected an object, found an array")
        #expect(reason(#"{"kvs":{}}"#) == "kvs: expected an array, found an object")
        #expect(reason(#"{"kvs":[1]}"#) == "expected an object, found a number")
        #expect(reason(#"{"kvs":[{"key":"a"}]}"#) == "key: expected base64")
        #expect(reason(#"{"kvs":[{"version":"x"}]}"#) == #"version: expected a 64-bit integer, found "x""#)
        #expect(reason(#"{"kvs":[{"version":9223372036854775808}]}"#)?.hasPrefix("version: ") == true)
        #expect(reason(#"{}"#) == nil)
    }

    /// A watch as etcd 3.4 writes it.
    let watch =
        [
            #"{"result":{"header":{"cluster_id":"1","member_id":"2","revision":"7","raft_term":"3"},"created":true}}"#,
            #"{"result":{"header":{"revision":"7"},"events":[{"kv":{"key":"YQ==","create_revision":"5","mod_revision":"5","version":"1","value":"MQ=="}},{"kv":{"key":"Yg==","mod_revision":"6"},"type":"DELETE"}]}}"#,
            #"{"result":{"header":{"revision":"9"}}}"#,
            #"{"result":{"header":{"revision":"12"},"canceled":true,"compact_revision":"11"}}"#,
        ].joined(separator: "\n") + "\n"

    func receive(_ bytes: [UInt8], _ size: () -> Int) -> ([WatchBatch], WatchStream.End?) {
        var stream = WatchStream(from: 5, lineLimit: 4096)
        var batches: [WatchBatch] = []
        var rest = bytes[...]
        do {
            while !rest.isEmpty {
                let count = max(1, size())
                _ = try stream.receive(Array(rest.prefix(count))) {
                    batches.append($0)
                    return .proceed
                }
                rest = rest.dropFirst(count)
            }
            return (batches, nil)
        } catch {
            return (batches, error)
        }
    }

    @Test("a watch's bytes give the same batches wherever they are cut")
    func pieces() {
        let events = [
            WatchEvent.put(KeyValue(key: "a", value: [0x31], createRevision: 5, modRevision: 5, version: 1)),
            .delete(key: "b", revision: 6),
        ]
        let expected = [
            WatchBatch(revision: 4, events: []), WatchBatch(revision: 6, events: events),
            WatchBatch(revision: 9, events: []),
        ]
        let bytes = Array(watch.utf8)
        for size in [1, 2, 3, 7, 100, bytes.count] {
            let (batches, end) = receive(bytes) { size }
            #expect(batches == expected)
            #expect(end == .compacted(oldest: 11))
        }
    }

    @Test("a watch that is stopped reads no further, and a line without end is not kept for ever")
    func bounds() throws {
        var stream = WatchStream(from: 5, lineLimit: 4096)
        var count = 0
        let decision = try stream.receive(Array(watch.utf8)) { _ in
            count += 1
            return count == 2 ? .stop : .proceed
        }
        #expect(decision == .stop && count == 2)
        #expect(throws: WatchStream.End.malformed("a message is longer than 4096 bytes")) {
            _ = try stream.receive([UInt8](repeating: 0x20, count: 5000)) { _ in .proceed }
        }
    }

    @Test("no damage to the messages crashes the reader, or is read differently in pieces")
    func fuzz() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let original = Array(watch.utf8)
        for round in 0..<5000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let at = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(#"{}[]",:0n\"#.utf8.randomElement(using: &generator) ?? 0, at: at)
                default:
                    let end = min(bytes.count, at + Int.random(in: 1...60, using: &generator))
                    bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
                }
            }
            let whole = receive(bytes) { bytes.count }
            let pieces = receive(bytes) { Int.random(in: 1...50, using: &generator) }
            guard whole.0 == pieces.0, whole.1 == pieces.1 else {
                Issue.record("seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
            _ = GatewayFailure(status: 500, body: Array(bytes.prefix(200)))
            if let message = try? JSONValue.parse(bytes.prefix { $0 != 0x0A }), let answer = try? GatewayAnswer(message)
            {
                _ = try? answer.transactionResult()
                _ = try? answer.leaseStatus()
            }
        }
    }
}
