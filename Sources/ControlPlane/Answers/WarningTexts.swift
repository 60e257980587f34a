/// What of a request's warnings goes into the header, as upstream bounds it: a header that is too long would keep the
/// client from reading the answer.
enum WarningTexts {
    /// In characters.
    private static let all = 4096
    private static let each = 256

    /// All of them, if they fit; else the beginning of each, as many as fit.
    static func bounded(_ warnings: [String]) -> [String] {
        if warnings.reduce(0, { $0 + $1.count }) <= all { return warnings }
        var (left, texts) = (all, [String]())
        for warning in warnings {
            let text = String(warning.prefix(each))
            left -= text.count
            if left < 0 { break }
            texts.append(text)
        }
        return texts
    }
}
