internal import Linux
internal import Synchronization

/// Hands values from any thread to the handler of an `EventLoop`, which makes it (`EventLoop.mailbox`).
package final class Mailbox<Message: Sendable>: Sendable {
    private let event: EventDescriptor
    private let messages = Mutex<[Message]>([])

    init() throws(SystemError) { event = try EventDescriptor() }

    var fd: CInt { event.descriptor.rawValue }

    /// Never blocks. What is posted after the loop has ended is dropped with the mailbox.
    package func post(_ message: Message) {
        let wasEmpty = messages.withLock { queue in
            queue.append(message)
            return queue.count == 1
        }
        if wasEmpty { event.signal() }
    }

    /// Drains before taking: a message posted in between signals again, and none is forgotten.
    func take() -> [Message] {
        event.drain()
        return messages.withLock { queue in
            let taken = queue
            queue = []
            return taken
        }
    }
}
