internal import Linux

extension NFTSocket {
    /// Lets the kernel close the socket when this process has: closing waits for the end of every deletion that is under
    /// way (`DeferredRelease`). For programs that end at once; call it when all is committed.
    package func releaseLater() { DeferredRelease.arrange(socket.descriptor) }
}

extension Conntrack {
    /// As `NFTSocket.releaseLater`: the kernel does not tell the two apart.
    package func releaseLater() { DeferredRelease.arrange(socket.descriptor) }
}
