internal import Crypto

enum Secrets {
    /// In a time that does not tell where they differ.
    static func areEqual(_ a: String?, _ b: String) -> Bool {
        guard let a else { return false }
        return RandomBytes.areEqual(Array(a.utf8), Array(b.utf8))
    }
}
