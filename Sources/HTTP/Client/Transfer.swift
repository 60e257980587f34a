internal import CCurl

/// What curl has received and nobody has taken yet. Curl's callback only collects; callers' code runs outside of it.
final class Transfer {
    let limit: Int
    private(set) var received: [UInt8] = []
    private(set) var isOverLimit = false

    init(limit: Int) { self.limit = limit }

    func take() -> [UInt8] {
        let taken = received
        received = []
        return taken
    }

    /// False ends the transfer.
    fileprivate func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if bytes.count > limit - received.count {
            isOverLimit = true
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }
}

/// CURLOPT_WRITEFUNCTION: anything but the given length is an error to curl.
func receive(_ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let data, let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.append(UnsafeRawBufferPointer(start: data, count: size * count)) ? size * count : 0
}

/// Owns a curl_slist.
final class HeaderList {
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String]) {
        for line in lines { list = curl_slist_append(list, line) ?? list }
    }

    deinit { curl_slist_free_all(list) }
}

/// Where curl writes a sentence about what failed.
final class ErrorMessage {
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init() { buffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE)) }

    deinit { buffer.deallocate() }

    var text: String? {
        let text = String(cString: buffer)
        return text.isEmpty ? nil : text
    }
}
