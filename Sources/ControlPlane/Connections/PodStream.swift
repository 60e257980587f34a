internal import HTTP
internal import JSON
internal import KubeAPI

/// What kubectl asks of a pod's containers, in the words of the kubelet that does it: logs, exec, attach and
/// port-forward.
struct PodStream {
    let pod: JSONValue
    let query: Query

    private var name: String { pod.text("metadata", "name") }
    private var place: String { "\(pod.text("metadata", "namespace"))/\(name)" }

    // MARK: Containers

    /// The container that is meant: the only one, when the request names none.
    private func container() throws(APIStatus) -> String {
        let names = { (list: String) in pod.list("spec", list).map { $0.text("name") } }
        let (usual, first, passing) = (names("containers"), names("initContainers"), names("ephemeralContainers"))
        let wanted = query["container"] ?? ""
        if !wanted.isEmpty {
            if (usual + first + passing).contains(wanted) { return wanted }
            throw .badRequest("container \(wanted) is not valid for pod \(name)")
        }
        if usual.count == 1, let only = usual.first { return only }
        var text = "a container name must be specified for pod \(name)"
        if !usual.isEmpty { text += ", choose one of: [\(usual.joined(separator: " "))]" }
        if !first.isEmpty { text += " or one of the init containers: [\(first.joined(separator: " "))]" }
        throw .badRequest(text)
    }

    // MARK: Logs

    private static let logOptions = [
        "follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes", "stream",
    ]

    /// The path and query; nil when the pod is on no node yet, and so has said nothing.
    func log() throws(APIStatus) -> (path: String, query: String)? {
        try checkLogOptions()
        let container = try container()
        if pod.text("spec", "nodeName").isEmpty { return nil }
        let items = Self.logOptions.compactMap { option in query[option].map { (option, $0) } }
        return ("/containerLogs/\(place)/\(container)", Self.encoded(items))
    }

    private func checkLogOptions() throws(APIStatus) {
        var causes: [FieldCause] = []
        for (option, least) in [("tailLines", 0), ("limitBytes", 1), ("sinceSeconds", 1)] {
            guard let text = query[option] else { continue }
            guard let number = Int(text) else { throw .badRequest("\(option) is not a number: \(text)") }
            if number < least {
                causes.append(
                    .invalid(
                        option, .number(JSONNumber(number)),
                        "must be greater than \(least == 0 ? "or equal to 0" : "0")"))
            }
        }
        if query["sinceSeconds"] != nil, query["sinceTime"] != nil {
            causes.append(.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified"))
        }
        if !causes.isEmpty { throw .invalid(GroupKind(group: "", kind: "PodLogOptions"), name, causes) }
    }

    // MARK: Streams

    /// The names of kubectl's options and the kubelet's.
    private static let streams = [
        ("stdin", "input"), ("stdout", "output"), ("stderr", "error"), ("tty", "tty"),
    ]

    /// Of `exec` and `attach`.
    func streams(_ subresource: String) throws(APIStatus) -> (path: String, query: String) {
        let kind = subresource == "exec" ? "PodExecOptions" : "PodAttachOptions"
        var items: [(String, String)] = []
        for (option, word) in Self.streams where query.flag(option) { items.append((word, "1")) }
        // A terminal has no stream of its own for errors.
        let isTerminal = query.flag("tty")
        if isTerminal { items.removeAll { $0.0 == "error" } }
        guard items.contains(where: { $0.0 != "tty" }) else {
            throw .invalid(
                GroupKind(group: "", kind: kind), name,
                [.required("", "you must specify at least one of stdin, stdout, stderr")])
        }
        if subresource == "exec" {
            let command = query.all("command")
            if command.isEmpty {
                throw .invalid(GroupKind(group: "", kind: kind), name, [.required("command")])
            }
            items += command.map { ("command", $0) }
        }
        let container = try container()
        try checkNode()
        return ("/\(subresource)/\(place)/\(container)", Self.encoded(items))
    }

    func portForward() throws(APIStatus) -> (path: String, query: String) {
        try checkNode()
        return ("/portForward/\(place)", Self.encoded(query.all("ports").map { ("port", $0) }))
    }

    private func checkNode() throws(APIStatus) {
        if pod.text("spec", "nodeName").isEmpty { throw .badRequest("pod \(name) does not have a host assigned") }
    }

    static func encoded(_ items: [(String, String)]) -> String {
        items.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }.joined(separator: "&")
    }
}

/// With everything escaped that has a meaning in a URL (RFC 3986, section 2.3).
func percentEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = Array("0123456789ABCDEF".unicodeScalars)
            result.unicodeScalars.append("%")
            result.unicodeScalars.append(digits[Int(byte >> 4)])
            result.unicodeScalars.append(digits[Int(byte & 15)])
        }
    }
    return result
}
