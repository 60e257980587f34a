/// Who writes the rules.
package enum ProxyMode: String, CaseIterable, Hashable, Sendable {
    /// The best that the kernel has.
    case automatic = "auto"
    case nftables, iptables

    /// Empty for `automatic`, which is how kube-proxy spells it.
    var configurationText: String { self == .automatic ? "" : rawValue }

    init(configurationText text: String) throws(Violation) {
        if text.isEmpty {
            self = .automatic
        } else if let mode = ProxyMode(rawValue: text) {
            self = mode
        } else {
            throw Violation(text: text, Self.advice(text))
        }
    }

    private static func advice(_ text: String) -> String {
        switch text {
        case "ipvs":
            "IPVS is not programmed here, and deprecated in kube-proxy; use \"nftables\", which needs no ipvs section"
        case "userspace": "went out of kube-proxy with 1.26; use \"nftables\", or leave it empty"
        case "kernelspace": "is for Windows; use \"nftables\", or leave it empty"
        default: "must be \"nftables\", \"iptables\", or empty for the best that the kernel has"
        }
    }
}
