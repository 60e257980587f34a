/// In which slot of its map an endpoint is.
package enum SlotOrder {
    /// The wanted destinations in an order that changes as few slots as can be: who stays keeps his place, who is new
    /// takes that of one who goes or comes last, and the last ones fill the holes.
    package static func arrange(_ wanted: [Destination], after previous: [Destination]) -> [Destination] {
        if previous.isEmpty || wanted == previous { return wanted }
        // Each has one slot, even if it had several.
        var staying = Set(wanted)
        let known = Set(previous)
        var new = wanted.filter { !known.contains($0) }[...]
        var order = previous
        var slot = 0
        while slot < order.count {
            if staying.remove(order[slot]) != nil {
                slot += 1
            } else if let next = new.popFirst() {
                order[slot] = next
                slot += 1
            } else {
                // The last one may be about to go as well: the slot is looked at again.
                let last = order.removeLast()
                if slot < order.count { order[slot] = last }
            }
        }
        return order + new
    }
}
