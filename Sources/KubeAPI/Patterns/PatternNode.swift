/// The parts of a regular expression.
indirect enum PatternNode: Sendable {
    enum Assertion: Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    case empty
    case scalar(ScalarClass)
    case assertion(Assertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// At least so often, and at most, nil for any number.
    case repeated(PatternNode, Int, Int?)
}

/// A set of characters.
struct ScalarClass: Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    /// General categories and groups of them, by their letters.
    private(set) var categories: [String] = []
    /// Classes of which the opposite is meant: `[^a\D]` has `\D` in it.
    private var opposites: [ScalarClass] = []
    var isNegated = false
    var ignoresCase = false

    init() {}

    init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

    private init(category: String) { categories = [category] }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func formUnion(_ other: ScalarClass) {
        if other.isNegated {
            opposites.append(other)
        } else {
            ranges += other.ranges
            categories += other.categories
            opposites += other.opposites
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var isIn = has(scalar)
        if !isIn, ignoresCase {
            for text in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
                if text.unicodeScalars.count == 1, let other = text.unicodeScalars.first, has(other) { isIn = true }
            }
        }
        return isIn != isNegated
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } || opposites.contains { $0.contains(scalar) }
            || !categories.isEmpty && isIn(scalar.properties.generalCategory)
    }

    private func isIn(_ category: Unicode.GeneralCategory) -> Bool {
        guard let letters = Unicode.GeneralCategory.letters[category] else { return false }
        return categories.contains { letters.hasPrefix($0) }
    }

    static let all = ScalarClass(0...0x10FFFF)
    static let newline = ScalarClass(10...10)
    static let digit = ScalarClass(48...57)
    static let word = ScalarClass(48...57, 65...90, 95...95, 97...122)
    static let space = ScalarClass(9...10, 12...13, 32...32)

    var negated: ScalarClass {
        var other = self
        other.isNegated.toggle()
        return other
    }

    /// `[:alpha:]` and its like, of ASCII.
    static func named(_ name: String) -> ScalarClass? {
        switch name {
        case "alnum": ScalarClass(48...57, 65...90, 97...122)
        case "alpha": ScalarClass(65...90, 97...122)
        case "ascii": ScalarClass(0...127)
        case "blank": ScalarClass(9...9, 32...32)
        case "cntrl": ScalarClass(0...31, 127...127)
        case "digit": digit
        case "graph": ScalarClass(33...126)
        case "lower": ScalarClass(97...122)
        case "print": ScalarClass(32...126)
        case "punct": ScalarClass(33...47, 58...64, 91...96, 123...126)
        case "space": ScalarClass(9...13, 32...32)
        case "upper": ScalarClass(65...90)
        case "word": word
        case "xdigit": ScalarClass(48...57, 65...70, 97...102)
        default: nil
        }
    }

    /// `\pL`, `\p{Lu}`: a general category or a group of them; nil for names of scripts.
    static func category(_ name: String) -> ScalarClass? {
        if name == "Any" { return all }
        let known = Unicode.GeneralCategory.letters.values.contains { $0 == name || String($0.prefix(1)) == name }
        return known ? ScalarClass(category: name) : nil
    }
}

extension Unicode.GeneralCategory {
    /// Two letters for each.
    fileprivate static let letters: [Unicode.GeneralCategory: String] = [
        .uppercaseLetter: "Lu", .lowercaseLetter: "Ll", .titlecaseLetter: "Lt", .modifierLetter: "Lm",
        .otherLetter: "Lo", .nonspacingMark: "Mn", .spacingMark: "Mc", .enclosingMark: "Me", .decimalNumber: "Nd",
        .letterNumber: "Nl", .otherNumber: "No", .connectorPunctuation: "Pc", .dashPunctuation: "Pd",
        .openPunctuation: "Ps", .closePunctuation: "Pe", .initialPunctuation: "Pi", .finalPunctuation: "Pf",
        .otherPunctuation: "Po", .mathSymbol: "Sm", .currencySymbol: "Sc", .modifierSymbol: "Sk",
        .otherSymbol: "So", .spaceSeparator: "Zs", .lineSeparator: "Zl", .paragraphSeparator: "Zp", .control: "Cc",
        .format: "Cf", .surrogate: "Cs", .privateUse: "Co", .unassigned: "Cn",
    ]
}
