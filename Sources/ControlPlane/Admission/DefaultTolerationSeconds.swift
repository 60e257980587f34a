internal import JSON

/// Lets every pod stay for five minutes on a node that is not ready or not reachable, unless it says otherwise
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#defaulttolerationseconds).
enum DefaultTolerationSeconds {
    static let seconds = 300
    private static let taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]

    static func apply(to pod: inout JSONValue) {
        var tolerations = pod.list("spec", "tolerations")
        let present = tolerations
        for taint in taints {
            let isTolerated = present.contains { toleration in
                let (key, effect) = (toleration.text("key"), toleration.text("effect"))
                return (key == taint || key.isEmpty) && (effect == "NoExecute" || effect.isEmpty)
            }
            if isTolerated { continue }
            tolerations.append([
                "key": .string(taint), "operator": "Exists", "effect": "NoExecute",
                "tolerationSeconds": .number(JSONNumber(seconds)),
            ])
        }
        if tolerations.count > present.count { pod.set(.array(tolerations), at: "spec", "tolerations") }
    }
}
