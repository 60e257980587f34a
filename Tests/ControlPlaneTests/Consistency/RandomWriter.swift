import Glibc
import HTTP
import JSON
import Store
import Synchronization
import TestSupport

@testable import ControlPlane
@testable import KubeClient

/// Somebody who writes, and keeps a book of it: creations, updates, patches of all types and deletions of objects that
/// nobody else writes.
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
        var key: String { kind.storage.key(namespace: namespace, name: name) }
        var path: ResourcePath { kind.path(namespace) }
    }

    /// Makes one step. False when the server was not there.
    func step() -> Bool {
        guard let target = target() else { return true }
        count += 1
        let marker = "w\(id)-\(count)"
        guard let object = live[target.key] else { return create(target, marker) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: return delete(target, object, marker)
        case 2..<4: return update(target, object, marker)
        case 4 where target.kind == .pod: return patchStatus(target, marker)
        default: return patch(target, marker)
        }
    }

    private func target() -> Target? {
        guard let kind = settings.kinds.randomElement(using: &random) else { return nil }
        let slot = "\(kind.rawValue)-\(Int.random(in: 0..<settings.objects, using: &random))"
        // An object that is given up makes room for one of another name.
        let name = "w\(id)-\(slot.lowercased())-\(names[slot, default: 0])"
        return Target(kind: kind, namespace: kind.isNamespaced ? "n\(id % 2)" : "", name: name, slot: slot)
    }

    private var labels: JSONValue {
        var labels: JSONValue = ["writer": .string("w\(id)")]
        if let tier = ["a", "b", "c", ""].randomElement(using: &random), !tier.isEmpty {
            labels.set(.string(tier), at: "tier")
        }
        if Bool.random(using: &random) { labels.set("y", at: "x") }
        return labels
    }

    // MARK: Writes

    private func create(_ target: Target, _ marker: String) -> Bool {
        let object = target.kind.object(
            target.namespace, target.name, labels, marker, variant: Int.random(in: 0...6, using: &random))
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
        if Bool.random(using: &random) { object.set(labels, at: "metadata", "labels") }
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
                ["op": "replace", "path": "/metadata/labels", "value": labels],
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
            // No conditional expression: there a nil would be JSON's null.
            if effect == .deletion { live.removeValue(forKey: target.key) } else { live[target.key] = object }
            operations.append(operation)
            if Int.random(in: 0..<4, using: &random) == 0 { readBack(target) }
            return true
        } catch {
            let isFull = error.message.contains("space exceeded")
            if error.mayHaveBeenDone && !isFull {
                operations.append(operation)
                forget(target)
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
            live.removeValue(forKey: target.key)
            names[target.slot, default: 0] += 1
            return
        }
        for _ in 0..<3000 {
            do throws(APIFailure) {
                let answer = try clients[0].send(.get(target.path, target.name))
                live[target.key] = try? JSONValue.parse(answer.body)
                resolve(wasDeleted: false)
                return
            } catch {
                if error.isNotFound {
                    live.removeValue(forKey: target.key)
                    resolve(wasDeleted: true)
                    return
                }
            }
            usleep(10_000)
        }
        problems.append("\(target.key) cannot be read any more")
        names[target.slot, default: 0] += 1
    }

    /// Deletions have no marker to tell the last one from the next.
    private func resolve(wasDeleted: Bool) {
        guard let last = operations.last, last.effect == .deletion else { return }
        operations[operations.count - 1].outcome = wasDeleted ? .acknowledged(nil) : .refused
    }
}
