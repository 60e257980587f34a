/// Bytes to send. An array is shared by all who hold it and never copied as long as nobody changes it, so one encoded
/// event can wait in the queues of thousands of watchers.
package typealias SharedBytes = [UInt8]
