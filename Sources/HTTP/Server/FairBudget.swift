/// Something of which all clients of a server hold a part: bytes, or requests.
///
/// A client may hold as much as is left for the others: one alone gets half, ten that want more than there is get an
/// eleventh each, and there is always room for one more. Who is a client is the owner's to say: a user, or an address.
package struct FairBudget {
    /// What one holder of a part holds, and for whom.
    package struct Charge: Hashable, Sendable {
        package fileprivate(set) var client: String
        package fileprivate(set) var amount = 0

        package init(client: String) { self.client = client }
    }

    package let limit: Int
    package private(set) var used = 0
    private var shares: [String: Int] = [:]

    package init(limit: Int) { self.limit = limit }

    /// Changes what is held; false when that would be too much, then all is as it was. To hold less is always possible.
    package mutating func charge(_ charge: inout Charge, to amount: Int) -> Bool {
        let change = amount - charge.amount
        if change == 0 { return true }
        let share = shares[charge.client, default: 0]
        if change > 0, used + change > limit || share + change > limit - used { return false }
        used += change
        shares[charge.client] = share + change == 0 ? nil : share + change
        charge.amount = amount
        return true
    }

    /// Counts what is held in any case.
    package mutating func add(_ charge: inout Charge, _ amount: Int) {
        if amount == 0 { return }
        used += amount
        shares[charge.client, default: 0] += amount
        charge.amount += amount
    }

    package mutating func release(_ charge: inout Charge) { _ = self.charge(&charge, to: 0) }

    /// Whether the client could hold one more. Who holds nothing can, whatever others have made of the limit (`add`).
    package func hasRoom(for client: String) -> Bool {
        guard let share = shares[client] else { return true }
        return used < limit && share < limit - used
    }
}
