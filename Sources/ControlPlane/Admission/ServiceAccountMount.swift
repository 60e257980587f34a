internal import JSON

/// What a service account gives to its pods: a token to mount, and secrets to pull images with
/// (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
enum ServiceAccountMount {
    static let mountPath = "/var/run/secrets/kubernetes.io/serviceaccount"
    static let volumePrefix = "kube-api-access-"
    /// A little more than an hour, so that tokens of pods can be told from others.
    static let tokenSeconds = 3607

    /// Completes a pod of the account; `suffix` is five random characters for the volume's name.
    static func apply(to pod: inout JSONValue, account: JSONValue, suffix: String) {
        if mountsToken(pod, account) { mountToken(&pod, suffix: suffix) }
        if pod.list("spec", "imagePullSecrets").isEmpty, !account.list("imagePullSecrets").isEmpty {
            pod.set(account.at("imagePullSecrets"), at: "spec", "imagePullSecrets")
        }
    }

    /// The pod's word counts before the account's.
    static func mountsToken(_ pod: JSONValue, _ account: JSONValue) -> Bool {
        pod.at("spec", "automountServiceAccountToken")?.bool ?? account.at("automountServiceAccountToken")?.bool ?? true
    }

    private static func mountToken(_ pod: inout JSONValue, suffix: String) {
        let present = pod.list("spec", "volumes").map { $0.text("name") }.first { $0.hasPrefix(volumePrefix) }
        let volume = present ?? volumePrefix + suffix
        var isMounted = false
        for list in ["initContainers", "containers"] {
            var containers = pod.list("spec", list)
            for index in containers.indices {
                let hasMount = containers[index].list("volumeMounts").contains { $0.text("mountPath") == mountPath }
                if hasMount { continue }
                containers[index].append(
                    ["name": .string(volume), "readOnly": true, "mountPath": .string(mountPath)], at: "volumeMounts")
                isMounted = true
            }
            if !containers.isEmpty { pod.set(.array(containers), at: "spec", list) }
        }
        if isMounted && present == nil { pod.append(tokenVolume(volume), at: "spec", "volumes") }
    }

    /// The token, the cluster's certificate authority and the namespace's name, as files of one directory.
    private static func tokenVolume(_ name: String) -> JSONValue {
        let token: JSONValue = ["expirationSeconds": .number(JSONNumber(tokenSeconds)), "path": "token"]
        let authority: JSONValue = ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]
        let namespace: JSONValue = ["apiVersion": "v1", "fieldPath": "metadata.namespace"]
        let sources: JSONValue = [
            ["serviceAccountToken": token], ["configMap": authority],
            ["downwardAPI": ["items": [["path": "namespace", "fieldRef": namespace]]]],
        ]
        return ["name": .string(name), "projected": ["sources": sources, "defaultMode": 420]]
    }
}
