/// A finite Double as Go's encoding/json writes it: the shortest digits that read back the same, plain from 1e-6 up to
/// 1e21, else with an exponent.
func goText(_ value: Double) -> String {
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let sign = value < 0 ? "-" : ""
    let (digits, exponent) = shortestDigits(value.magnitude)
    // The value is 0.digits × 10^exponent.
    if exponent - 1 < -6 || exponent - 1 >= 21 {
        let power = exponent - 1
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        return sign + digits.prefix(1) + fraction + (power < 0 ? "e-\(-power)" : "e+\(power)")
    }
    if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + digits }
    if digits.count <= exponent { return sign + digits + String(repeating: "0", count: exponent - digits.count) }
    return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
}

/// Swift's description has the same shortest digits in another layout: 1.5, 1e+21, 2.5e-07.
private func shortestDigits(_ value: Double) -> (digits: String, exponent: Int) {
    let text = value.description
    let parts = text.split(separator: "e", maxSplits: 1)
    let mantissa = (parts.first ?? "0").split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = mantissa.first ?? "0"
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    var digits = String(whole + fraction)
    while digits.hasPrefix("0"), digits.count > 1 {
        digits.removeFirst()
        exponent -= 1
    }
    while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
    return (digits, exponent)
}
