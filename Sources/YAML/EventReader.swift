internal import CYAML

/// What libyaml's parser says, one at a time, copied into Swift values.
enum Event {
    case streamEnd, documentStart, documentEnd
    case alias(String, line: Int)
    case scalar(Scalar, anchor: String?)
    case sequenceStart(anchor: String?, line: Int)
    case sequenceEnd
    case mappingStart(anchor: String?, line: Int)
    case mappingEnd
}

struct Scalar {
    var text: String
    /// The tag in full, `tag:yaml.org,2002:int`; nil when the text gives none.
    var tag: String?
    /// Written without quotes and without a tag: its text says what it is.
    var isPlain: Bool
    /// Counted from 1.
    var line: Int
}

/// Owns a libyaml parser over bytes (at least one) that outlive it. The parser refers to itself, so it lives on the heap.
struct EventReader: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError("no memory for a parser")
        }
        // Go reads UTF-16 with a byte order mark as well; the default does that.
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(YAMLError) -> Event {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
            defer { yaml_event_delete(&event) }
            let line = event.start_mark.line + 1
            switch event.type {
            case YAML_STREAM_START_EVENT: continue
            case YAML_NO_EVENT, YAML_STREAM_END_EVENT: return .streamEnd
            case YAML_DOCUMENT_START_EVENT: return .documentStart
            case YAML_DOCUMENT_END_EVENT: return .documentEnd
            case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "", line: line)
            case YAML_SCALAR_EVENT:
                let data = event.data.scalar
                let value = UnsafeBufferPointer(start: data.value, count: data.length)
                let tag = text(data.tag)
                let scalar = Scalar(
                    text: String(decoding: value, as: UTF8.self), tag: tag,
                    isPlain: tag == nil && data.plain_implicit != 0, line: line)
                return .scalar(scalar, anchor: text(data.anchor))
            case YAML_SEQUENCE_START_EVENT:
                return .sequenceStart(anchor: text(event.data.sequence_start.anchor), line: line)
            case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
            case YAML_MAPPING_START_EVENT:
                return .mappingStart(anchor: text(event.data.mapping_start.anchor), line: line)
            case YAML_MAPPING_END_EVENT: return .mappingEnd
            default: throw YAMLError(line: line, "unknown event \(event.type.rawValue)")
            }
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { pointer.map { String(cString: $0) } }

    /// Go gives the line of the problem, else of its context; libyaml counts lines from 0, and Go adds one only for
    /// what its scanner finds.
    private func failure() -> YAMLError {
        let state = parser.pointee
        let reason = state.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML content"
        let (problem, context) = (state.problem_mark.line, state.context_mark.line)
        if problem != 0 { return YAMLError(line: state.error == YAML_SCANNER_ERROR ? problem + 1 : problem, reason) }
        return YAMLError(line: context != 0 ? context : nil, reason)
    }
}
