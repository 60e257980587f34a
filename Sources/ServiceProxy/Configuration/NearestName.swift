/// The name that was probably meant: the one that the fewest changes of a letter make of it, if they are few.
func nearestName(to name: String, in names: some Sequence<String>) -> String? {
    var nearest: (name: String, distance: Int)?
    for candidate in names {
        let bound = min(2 + candidate.utf8.count / 6, (nearest?.distance ?? .max) - 1)
        // What is long comes from outside, and the comparison is quadratic.
        guard abs(candidate.utf8.count - name.utf8.count) <= bound else { continue }
        let distance = editDistance(name, candidate)
        if distance <= bound { nearest = (candidate, distance) }
    }
    return nearest?.name
}

/// Levenshtein's, without regard to case: `BindAddress` is as near to `bindAddress` as can be.
private func editDistance(_ first: String, _ second: String) -> Int {
    let (first, second) = (first.lowercased().utf8, Array(second.lowercased().utf8))
    var row = Array(0...second.count)
    for (index, byte) in first.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in second.indices {
            let changed = diagonal + (second[column] == byte ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
        }
    }
    return row[second.count]
}
