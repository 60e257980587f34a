internal import JSON
internal import KubeAPI

/// POST pods/NAME/binding: gives the pod its node.
final class PodBindingAction: Action {
    func run(_ call: ActionCall) {
        var body = call.body
        for label in PodTopologyLabels.labels(node: body.text("target", "name"), in: call.cluster) {
            body.set(.string(label.value), at: "metadata", "labels", label.key)
        }
        let binding = PodBinding(binding: body, now: call.cluster.timestamp)
        let causes = binding.causes()
        guard causes.isEmpty else {
            call.fail(.invalid(GroupKind(group: "", kind: "Binding"), call.name, causes))
            return
        }
        let change = { (pod: inout JSONValue) throws(APIStatus) -> Bool in
            pod = try binding.bind(pod)
            return true
        }
        if call.isDryRun { return tryOut(binding, call) }
        let write = ClusterWrite.modify(
            call.type, subresource: "binding", namespace: call.namespace, name: call.name, change)
        call.cluster.perform(write, as: call.user) { result in
            switch result {
            case .success: call.succeed(APIStatus(code: 201, reason: "", message: ""))
            case .failure(let status): call.fail(status)
            }
        }
    }

    private func tryOut(_ binding: PodBinding, _ call: ActionCall) {
        guard let pod = call.cluster.object(.pods, namespace: call.namespace, name: call.name) else {
            return call.fail(.notFound(call.type.groupResource, call.name))
        }
        do throws(APIStatus) {
            _ = try binding.bind(pod)
            call.succeed(APIStatus(code: 201, reason: "", message: ""))
        } catch {
            call.fail(error)
        }
    }
}

/// POST pods/NAME/eviction: deletes the pod, if its disruption budget can afford that.
///
/// The budget is charged first: should the deletion then fail, its controller finds out that the pod has stayed.
final class PodEvictionAction: Action {
    func run(_ call: ActionCall) {
        let name = call.body.text("metadata", "name")
        guard name.isEmpty || name == call.name else {
            call.fail(.badRequest("name in URL does not match name in Eviction object"))
            return
        }
        guard let pod = call.cluster.object(.pods, namespace: call.namespace, name: call.name) else {
            call.fail(.notFound(call.type.groupResource, call.name))
            return
        }
        let budgets = Self.budgets(of: pod, call.cluster)
        let verdict: PodEviction.Verdict
        do throws(APIStatus) {
            verdict = try PodEviction(pod: pod, budgets: budgets, now: call.cluster.timestamp).verdict()
        } catch {
            call.fail(error)
            return
        }
        if call.isDryRun {
            call.succeed(APIStatus(code: 201, reason: "", message: ""))
            return
        }
        switch verdict {
        case .free: markAndDelete(call)
        case .charged(let budget): charge(budget, pod, call)
        }
    }

    private static func budgets(of pod: JSONValue, _ cluster: any Cluster) -> [JSONValue] {
        let labels = pod.at("metadata", "labels")
        return cluster.objects(.podDisruptionBudgets, namespace: pod.text("metadata", "namespace")).filter { budget in
            guard let selector = try? LabelSelector(object: budget.at("spec", "selector")) else { return false }
            return selector.matches(labels)
        }
    }

    private func charge(_ budget: JSONValue, _ pod: JSONValue, _ call: ActionCall) {
        guard let type = call.cluster.type(of: .podDisruptionBudgets) else { return markAndDelete(call) }
        let cluster = call.cluster
        let change = { (budget: inout JSONValue) throws(APIStatus) -> Bool in
            // Judged again on the budget as it is when it is written.
            let eviction = PodEviction(pod: pod, budgets: [budget], now: cluster.timestamp)
            guard case .charged(let charged) = try eviction.verdict() else { return false }
            budget = charged
            return true
        }
        let write = ClusterWrite.modify(
            type, subresource: "status", namespace: call.namespace, name: budget.text("metadata", "name"), change)
        cluster.perform(write, as: .apiServer) { result in
            switch result {
            case .success: self.markAndDelete(call)
            case .failure(let status): call.fail(status)
            }
        }
    }

    private func markAndDelete(_ call: ActionCall) {
        let now = call.cluster.timestamp
        let mark = { (pod: inout JSONValue) throws(APIStatus) -> Bool in
            pod.at("metadata", "deletionTimestamp") == nil && pod.setCondition(PodEviction.condition, now: now)
        }
        let write = ClusterWrite.modify(
            call.type, subresource: "status", namespace: call.namespace, name: call.name, mark)
        call.cluster.perform(write, as: .apiServer) { result in
            if case .failure(let status) = result { return call.fail(status) }
            self.delete(call)
        }
    }

    private func delete(_ call: ActionCall) {
        var options = DeleteOptions()
        let asked = call.body.at("deleteOptions") ?? .null
        options.gracePeriodSeconds = asked.at("gracePeriodSeconds")?.int
        options.propagation = asked.at("propagationPolicy")?.string.flatMap(DeleteOptions.Propagation.init(rawValue:))
        options.uid = asked.at("preconditions", "uid")?.string
        options.resourceVersion = asked.at("preconditions", "resourceVersion")?.string
        let write = ClusterWrite.delete(call.type, namespace: call.namespace, name: call.name, options)
        call.cluster.perform(write, as: call.user) { result in
            switch result {
            case .success: call.succeed(APIStatus(code: 201, reason: "", message: ""))
            case .failure(let status): call.fail(status)
            }
        }
    }
}
