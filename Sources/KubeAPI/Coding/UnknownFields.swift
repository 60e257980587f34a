/// Protobuf fields that the schema does not know, as a newer client sends them, are kept under this member of the object
/// they belong to (base64 of their bytes), so that writing the object again does not lose them.
enum UnknownFields {
    static let key = "__unknownProtobufFields"
}
