package import JSON

/// A column of a table that the server makes for `kubectl get`.
package struct TableColumn: Hashable, Sendable {
    package var name: String
    /// OpenAPI's: string, integer, number, boolean, date.
    package var type: String
    /// `name` for the column that identifies the row.
    package var format: String
    package var description: String
    /// 0 is always shown, 1 with `-o wide`.
    package var priority: Int

    package init(name: String, type: String = "string", format: String = "", description: String, priority: Int = 0) {
        self.name = name
        self.type = type
        self.format = format
        self.description = description
        self.priority = priority
    }

    package var json: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .number(JSONNumber(priority)),
        ]
    }

    /// Reads columns one after the other, `|` between them: `Name|Desired:integer|Images+` is three, the second of
    /// integers, the third for wide output.
    static func parse(_ text: String) -> [TableColumn] {
        text.split(separator: "|").map { part in
            let isWide = part.hasSuffix("+")
            let words = part.prefix(part.count - (isWide ? 1 : 0)).split(separator: ":")
            let name = words.first.map(String.init) ?? ""
            return TableColumn(
                name: name, type: words.count > 1 ? String(words[1]) : "string", format: name == "Name" ? "name" : "",
                description: descriptions[name] ?? "\(name) of the object.", priority: isWide ? 1 : 0)
        }
    }

    private static let descriptions: [String: String] = [
        "Name": "The name, unique for its kind within a namespace.",
        "Age": "How long ago the object was created.",
        "Created At": "When the object was created.",
        "Ready": "How many are ready, of how many that should be.",
        "Status": "What state the object is in, in one word.",
        "Restarts": "How often containers were restarted, and how long ago the last time.",
        "IP": "The address that the pod was given.",
        "Node": "The node that the object is bound to.",
        "Nominated Node": "The node on which others make room for the pod.",
        "Readiness Gates": "How many of the pod's readiness gates are true.",
        "Desired": "How many there should be.",
        "Current": "How many there are.",
        "Up-to-date": "How many are of the newest template.",
        "Available": "How many have been ready for long enough.",
        "Containers": "The names of the template's containers.",
        "Images": "The images of the template's containers.",
        "Selector": "The labels of the objects that belong to this one.",
        "Cluster-IP": "The virtual address within the cluster.",
        "External-IP": "The addresses by which it is reached from outside.",
        "Port(s)": "Ports, with node ports and protocols.",
    ]
}
