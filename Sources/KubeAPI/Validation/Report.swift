internal import JSON
internal import NetTypes

/// What was found wrong with an object, and the checks that many fields share, in upstream's words.
struct Report {
    private(set) var causes: [FieldCause] = []
    /// Whoever makes more mistakes has not made them by hand, and an answer that names them all would be larger than
    /// the request.
    private static let most = 250

    /// Nothing more is added.
    var isFull: Bool { causes.count >= Self.most }

    mutating func add(_ cause: @autoclosure () -> FieldCause) { if !isFull { causes.append(cause()) } }

    mutating func required(_ place: Place, _ detail: String = "") {
        add(.required(place.path.description, detail))
    }

    mutating func invalid(_ place: Place, _ detail: String) { invalid(place, place.json, detail) }

    mutating func invalid(_ place: Place, _ value: JSONValue, _ detail: String) {
        add(.invalid(place.path.description, value, detail))
    }

    mutating func forbidden(_ place: Place, _ detail: String) { add(.forbidden(place.path.description, detail)) }
    mutating func duplicate(_ place: Place, _ value: JSONValue) { add(.duplicate(place.path.description, value)) }
    mutating func duplicate(_ place: Place) { duplicate(place, place.json) }

    mutating func tooLong(_ place: Place, _ limit: Int) { add(.tooLong(place.path.description, limit: limit)) }

    mutating func tooMany(_ place: Place, _ limit: Int) {
        add(.tooMany(place.path.description, count: place.count, limit: limit))
    }

    mutating func notSupported(_ place: Place, _ supported: [String]) {
        add(.notSupported(place.path.description, place.json, supported))
    }

    // MARK: Checks

    /// One sentence for each problem.
    mutating func check(_ place: Place, _ problems: (String) -> [String]) {
        for problem in problems(place.text) { invalid(place, problem) }
    }

    /// A name that must be there and be right.
    mutating func requireName(_ place: Place, _ problems: (String) -> [String]) {
        if place.text.isEmpty { required(place) } else { check(place, problems) }
    }

    mutating func requireText(_ place: Place, _ detail: String = "") {
        if place.text.isEmpty { required(place, detail) }
    }

    mutating func nonnegative(_ place: Place) {
        if let value = place.int, value < 0 { invalid(place, "must be greater than or equal to 0") }
    }

    mutating func range(_ place: Place, _ range: ClosedRange<Int>) {
        guard let value = place.int, !range.contains(value) else { return }
        invalid(place, "must be between \(range.lowerBound) and \(range.upperBound), inclusive")
    }

    mutating func port(_ place: Place) { range(Place(place.value ?? 0, place.path), 1...65535) }

    /// A port's number or name.
    mutating func portOrName(_ place: Place) {
        switch place.value {
        case .string: check(place, NameSyntax.portName)
        default: port(place)
        }
    }

    /// A path below the one that it is put onto.
    mutating func descendingPath(_ place: Place) {
        if place.text.hasPrefix("/") { invalid(place, "must be a relative path") }
        noBacksteps(place)
    }

    mutating func noBacksteps(_ place: Place) {
        if place.text.split(separator: "/").contains("..") { invalid(place, "must not contain '..'") }
    }

    mutating func notAnOperator(_ place: Place) {
        invalid(place, .string(place.text), "not a valid selector operator")
    }

    mutating func address(_ place: Place) {
        if IPAddress(place.text) == nil {
            invalid(place, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
        }
    }

    mutating func cidr(_ place: Place) {
        if CIDR(place.text) == nil {
            invalid(place, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
        }
    }

    mutating func immutable(_ place: Place, _ old: JSONValue?) {
        if !(place.value ?? .null).isEquivalent(to: old ?? .null) { invalid(place, "field is immutable") }
    }

    /// "25%" or a count, neither negative; a percentage of at most 100 when `isBounded`.
    mutating func countOrPercent(_ place: Place, isBounded: Bool = true) {
        switch place.value {
        case .string(let text):
            guard let percent = Self.percent(text) else {
                return invalid(
                    place,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                        + "regex used for validation is '[0-9]+%')")
            }
            if isBounded && percent > 100 { invalid(place, "must not be greater than 100%") }
        case .number: nonnegative(place)
        default: break
        }
    }

    static func percent(_ text: String) -> Int? {
        guard text.utf8.last == UInt8(ascii: "%"), text.utf8.count > 1,
            text.utf8.dropLast().allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int(text.dropLast())
    }

    /// Labels of an object, or of a selector's `matchLabels`; upstream names the map, not the entry.
    mutating func labels(_ place: Place) {
        for (key, entry) in place.entries where !isFull {
            for problem in LabelSyntax.problems(key: key) { invalid(place, .string(key), problem) }
            for problem in LabelSyntax.problems(value: entry.text) { invalid(place, entry.json, problem) }
        }
    }

    mutating func labelSelector(_ place: Place) {
        labels(place["matchLabels"])
        for requirement in place["matchExpressions"].elements {
            let (op, values) = (requirement["operator"], requirement["values"])
            switch op.text {
            case "In", "NotIn":
                if values.count == 0 { required(values, "must be specified when `operator` is 'In' or 'NotIn'") }
            case "Exists", "DoesNotExist":
                if values.count > 0 {
                    forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
                }
            default: notAnOperator(op)
            }
            for problem in LabelSyntax.problems(key: requirement["key"].text) { invalid(requirement["key"], problem) }
            for value in values.elements { check(value, LabelSyntax.problems(value:)) }
        }
    }
}
