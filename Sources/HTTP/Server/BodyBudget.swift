/// The bytes of request bodies that all connections of a server hold together.
final class BodyBudget {
    private let limit: Int
    private(set) var used = 0

    init(limit: Int) { self.limit = limit }

    /// Replaces what one request has been charged so far; false when it does not fit, then the charge is as it was.
    func charge(_ charged: inout Int, to amount: Int) -> Bool {
        let change = amount - charged
        if change > 0 && used + change > limit { return false }
        used += change
        charged = amount
        return true
    }
}
