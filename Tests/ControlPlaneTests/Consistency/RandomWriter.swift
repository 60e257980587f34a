import Glibc
import HTTP
import JSON
import Store
import Synchronization
import TestSupport

@testable import ControlPlane
@testable import KubeClient

/// Somebody who writes, and keeps a book of it: creations, under names of the server's too, updates, patches of all types
/// and deletions, of several at once too, of objects that nobody else writes.
final class RandomWriter {
    struct Settings: Sendable {
        var kinds = LoadKind.allCases
        /// Whether a write without an answer may still come to be: then its object is not touched again.
        var isShared = false
        /// Objects of each kind that it has at a time.
        var objects = 6
        /// Refusals that are no mistake, by their text.
        var allowed: [String] = []
    }

    private let id: Int
    private let clients: [BlockingAPIClient]
    private let settings: Settings
    private let acknowledged: Acknowledged
    private var random: SeededGenerator
    private var live: [String: JSONValue] = [:]
    private var names: [String: Int] = [:]
    /// By slot: the name that the server has given.
    private var given: [String: String] = [:]
    /// By key: by which operation the living object was made. It has that as a label too, for as long as it lives.
    private var made: [String: String] = [:]
    private var count = 0
    private(set) var operations: [Operation] = []
    private(set) var problems: [String] = []

    init(_ id: Int, seed: UInt64, _ clients: [BlockingAPIClient], _ settings: Settings, _ acknowledged: Acknowledged) {
        self.id = id
        self.clients = clients
        self.settings = settings
        self.acknowledged = acknowledged
        random = SeededGenerator(seed: seed)
    }

    private struct Target {
        var kind: LoadKind
        var namespace: String
        var name: String
        var slot: String
        /// What the server makes a name from.
        var isGenerated = false
        var key: String { kind.storage.key(namespace: namespace, name: name) }
        var path: ResourcePath { kind.path(namespace) }
    }

    /// Makes one step. False when the server was not there.
    func step() -> Bool {
        guard let target = target() else { return true }
        count += 1
        let marker = "w\(id)-\(count)"
        guard let object = live[target.key] else { return create(target, marker) }
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3: return delete(target, object, marker)
        case 3: return deleteSeveral(like: target, marker)
        case 4..<8: return update(target, object, marker)
        case 8..<10 where target.kind == .pod: return patchStatus(target, marker)
        default: return patch(target, marker)
        }
    }

    private func target() -> Target? {
        guard let kind = settings.kinds.randomElement(using: &random) else { return nil }
        let slot = "\(kind.rawValue)-\(Int.random(in: 0..<settings.objects, using: &random))"
        return self.target(kind, slot)
    }

    private func target(_ kind: LoadKind, _ slot: String) -> Target {
        // An object that is given up makes room for one of another name.
        let name = given[slot] ?? "w\(id)-\(slot.lowercased())-\(names[slot, default: 0])"
        return Target(kind: kind, namespace: kind.isNamespaced ? "n\(id % 2)" : "", name: name, slot: slot)
    }

    private func labels(_ made: String?) -> JSONValue {
        var labels: JSONValue = ["writer": .string("w\(id)"), "made": .string(made ?? "")]
        if let tier = ["a", "b", "c", ""].randomElement(using: &random), !tier.isEmpty {
            labels.set(.string(tier), at: "tier")
        }
        if Bool.random(using: &random) { labels.set("y", at: "x") }
        return labels
    }

    // MARK: Writes

    private func create(_ target: Target, _ marker: String) -> Bool {
        var object = target.kind.object(
            target.namespace, target.name, labels(marker), marker, variant: Int.random(in: 0...6, using: &random))
        if Int.random(in: 0..<4, using: &random) == 0 {
            var target = target
            target.name = "w\(id)-\(target.slot.lowercased())-g-"
            target.isGenerated = true
            object.set(nil, at: "metadata", "name")
            object.set(.string(target.name), at: "metadata", "generateName")
            return make(.create(target.path, object), target, marker)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            return make(applying(object, target), target, marker)
        }
        return make(.create(target.path, object), target, marker)
    }

    private func applying(_ object: JSONValue, _ target: Target) -> APIRequest {
        var request = APIRequest.patch(target.path, target.name, .apply, object)
        request.query = [.init("fieldManager", "w\(id)"), .init("force", "true")]
        return request
    }

    private func update(_ target: Target, _ object: JSONValue, _ marker: String) -> Bool {
        var object = object
        let isStale = Int.random(in: 0..<5, using: &random) == 0
        if isStale { object.set("1", at: "metadata", "resourceVersion") }
        if Bool.random(using: &random) { object.set(labels(made[target.key]), at: "metadata", "labels") }
        object.set(.string(marker), at: "metadata", "annotations", "op")
        return make(.update(target.path, target.name, object), target, marker, mayConflict: isStale)
    }

    private func patch(_ target: Target, _ marker: String) -> Bool {
        let metadata: JSONValue = [
            "labels": ["tier": ["a", "b", nil].randomElement(using: &random) ?? nil],
            "annotations": ["op": .string(marker)],
        ]
        var patch: JSONValue = ["metadata": metadata]
        if target.kind == .service, Bool.random(using: &random) {
            patch.set(["type": Bool.random(using: &random) ? "ClusterIP" : "NodePort"], at: "spec")
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0 where target.kind != .widget:
            return make(.patch(target.path, target.name, .strategicMerge, patch), target, marker)
        case 1:
            let steps: JSONValue = [
                ["op": "add", "path": "/metadata/annotations/op", "value": .string(marker)],
                ["op": "replace", "path": "/metadata/labels", "value": labels(made[target.key])],
            ]
            return make(.patch(target.path, target.name, .json, steps), target, marker)
        default: return make(.patch(target.path, target.name, .merge, patch), target, marker)
        }
    }

    private func patchStatus(_ target: Target, _ marker: String) -> Bool {
        let phase = ["Pending", "Running", "Succeeded"].randomElement(using: &random) ?? ""
        let patch: JSONValue = ["status": ["phase": .string(phase), "message": .string(marker)]]
        return make(.patch(target.path, target.name, subresource: "status", .merge, patch), target, marker)
    }

    private func delete(_ target: Target, _ object: JSONValue, _ marker: String) -> Bool {
        if !object.list("metadata", "finalizers").isEmpty {
            if object.text("metadata", "deletionTimestamp").isEmpty {
                return make(.delete(target.path, target.name), target, marker, .mark)
            }
            let patch: JSONValue = ["metadata": ["finalizers": nil]]
            return make(.patch(target.path, target.name, .merge, patch), target, marker, .deletion)
        }
        var options: JSONValue = ["gracePeriodSeconds": 0]
        let isStale = Int.random(in: 0..<5, using: &random) == 0
        if isStale { options.set(["resourceVersion": "1"], at: "preconditions") }
        let body = APIRequest.Body(type: "application/json", bytes: Array(options.serialized().utf8))
        let request = APIRequest("DELETE", target.path.path(target.name), body: body)
        return make(request, target, marker, .deletion, mayConflict: isStale)
    }

    /// Deletes some objects of a kind in one request, which are selected by which operations made them: objects that
    /// were given up are not among them.
    private func deleteSeveral(like target: Target, _ marker: String) -> Bool {
        let slots = (0..<settings.objects).map { "\(target.kind.rawValue)-\($0)" }
        let meant = slots.map { self.target(target.kind, $0) }.filter {
            live[$0.key] != nil && Int.random(in: 0..<3, using: &random) > 0
        }
        if meant.isEmpty { return true }
        let selector = "writer=w\(id),made in (\(meant.compactMap { made[$0.key] }.joined(separator: ",")))"
        let options: JSONValue = ["gracePeriodSeconds": 0]
        let request = APIRequest(
            "DELETE", target.path.path(), query: [.init("labelSelector", selector)],
            body: APIRequest.Body(type: "application/json", bytes: Array(options.serialized().utf8)))
        var written: [(target: Target, operation: Operation)] = []
        for one in meant {
            let object = live[one.key] ?? .null
            let isHeld = !object.list("metadata", "finalizers").isEmpty
            // It waits already, and is left as it is.
            if isHeld, !object.text("metadata", "deletionTimestamp").isEmpty { continue }
            written.append(
                (
                    one,
                    Operation(
                        key: one.key, marker: marker, effect: isHeld ? .mark : .deletion, outcome: .unknown,
                        began: acknowledged.newest)
                ))
        }
        let client = clients.randomElement(using: &random) ?? clients[0]
        do throws(APIFailure) {
            let answer = try client.send(request)
            let deleted = (try? JSONValue.parse(answer.body))?.list("items").count
            if deleted != meant.count {
                problems.append("\(deleted ?? -1) of \(meant.count) objects are deleted by \(selector)")
            }
            for (one, operation) in written {
                var operation = operation
                operation.outcome = .acknowledged(nil)
                operations.append(operation)
                if operation.effect == .deletion { bury(one) }
            }
            // Those that wait for their finalizers are others than before.
            for (one, operation) in written where operation.effect == .mark { recall(one) }
            return true
        } catch {
            let isDone = error.mayHaveBeenDone && !error.message.contains("space exceeded")
            for (one, operation) in written {
                var operation = operation
                // Some may be deleted, and others not, whatever is the answer.
                operation.outcome = isDone || error.kind == .refused ? .unknown : .refused
                operations.append(operation)
                if case .unknown = operation.outcome { forget(one) }
            }
            if isDone || error.kind != .refused { return false }
            let isBusy = error.code == 429 || error.code == 503
            if !isBusy { problems.append("\(error)") }
            return !isBusy
        }
    }

    // MARK: Answers

    private func make(
        _ request: APIRequest, _ target: Target, _ marker: String, _ effect: Operation.Effect = .write,
        mayConflict: Bool = false
    ) -> Bool {
        var operation = Operation(
            key: target.key, marker: marker, effect: effect, outcome: .unknown, began: acknowledged.newest)
        let client = clients.randomElement(using: &random) ?? clients[0]
        do throws(APIFailure) {
            let answer = try client.send(request)
            let object = (try? JSONValue.parse(answer.body)) ?? .null
            let revision = Revision(object.text("metadata", "resourceVersion"))
            operation.outcome = .acknowledged(effect == .deletion ? nil : revision)
            if effect != .deletion {
                guard let revision else {
                    problems.append("\(request.method) \(request.path): an answer without a revision")
                    return true
                }
                acknowledged.note(revision)
            }
            var target = target
            if target.isGenerated {
                let name = object.text("metadata", "name")
                if !name.hasPrefix(target.name) || name == target.name {
                    problems.append("\"\(name)\" is made from \"\(target.name)\"")
                }
                target.name = name
                given[target.slot] = name
                operation.key = target.key
            }
            if effect == .deletion { bury(target) } else { live[target.key] = object }
            if made[target.key] == nil, effect == .write { made[target.key] = marker }
            operations.append(operation)
            if Int.random(in: 0..<4, using: &random) == 0 { readBack(target) }
            return true
        } catch {
            let isFull = error.message.contains("space exceeded")
            if error.mayHaveBeenDone && !isFull {
                operations.append(operation)
                // What has no name yet cannot be asked for, and is left alone if it is there.
                if !target.isGenerated { forget(target) }
                return false
            }
            operation.outcome = .refused
            operations.append(operation)
            guard error.kind == .refused else { return false }
            let isBusy = error.code == 429 || error.code == 503
            let isAllowed = settings.allowed.contains { error.message.contains($0) }
            if !isBusy && !isAllowed && !(mayConflict && error.isConflict) { problems.append("\(error)") }
            return !isBusy && !isFull
        }
    }

    /// It is gone, and with it what is known of it.
    private func bury(_ target: Target) {
        live.removeValue(forKey: target.key)
        made.removeValue(forKey: target.key)
        given.removeValue(forKey: target.slot)
    }

    /// What was just acknowledged is seen by the next one who asks, whichever server it is.
    private func readBack(_ target: Target) {
        let client = clients.randomElement(using: &random) ?? clients[0]
        let expected = live[target.key]?.text("metadata", "resourceVersion")
        var found: String?
        do throws(APIFailure) {
            let answer = try client.send(.get(target.path, target.name))
            found = (try? JSONValue.parse(answer.body))?.text("metadata", "resourceVersion")
        } catch {
            guard error.isNotFound else { return }
        }
        if found != expected {
            problems.append("\(target.key) is read as \(found ?? "nothing"), and was \(expected ?? "deleted")")
        }
    }

    /// A write had no answer: whether it was made, the object tells, unless it may still be made.
    private func forget(_ target: Target) {
        if settings.isShared || Int.random(in: 0..<3, using: &random) == 0 {
            bury(target)
            names[target.slot, default: 0] += 1
            return
        }
        if let isThere = recall(target) { resolve(wasDeleted: !isThere) }
    }

    /// Reads the object anew, when its server has come back. Says whether it is there; nil when it cannot be known.
    @discardableResult
    private func recall(_ target: Target) -> Bool? {
        for _ in 0..<3000 {
            do throws(APIFailure) {
                let answer = try clients[0].send(.get(target.path, target.name))
                let object = (try? JSONValue.parse(answer.body)) ?? .null
                live[target.key] = object
                made[target.key] = object.text("metadata", "labels", "made")
                return true
            } catch {
                if error.isNotFound {
                    bury(target)
                    return false
                }
            }
            usleep(10_000)
        }
        problems.append("\(target.key) cannot be read any more")
        bury(target)
        names[target.slot, default: 0] += 1
        return nil
    }

    /// Deletions have no marker to tell the last one from the next.
    private func resolve(wasDeleted: Bool) {
        guard let last = operations.last, last.effect == .deletion else { return }
        operations[operations.count - 1].outcome = wasDeleted ? .acknowledged(nil) : .refused
    }
}
