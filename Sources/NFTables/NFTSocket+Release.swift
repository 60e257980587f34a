extension NFTSocket {
    /// The end of this socket does not wait for deletions that are under way (`DeferredRelease`). For programs that end
    /// at once.
    package mutating func releaseLater() { socket.releaseLater() }
}

extension Conntrack {
    /// As `NFTSocket.releaseLater`: the kernel does not tell the two apart.
    package mutating func releaseLater() { socket.releaseLater() }
}
