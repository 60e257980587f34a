internal import CYAML
package import JSON

extension JSONValue {
    /// The value as a YAML document in block style, members in their order. Strings that would be read as something
    /// else are quoted, those of several lines are literal blocks; `YAMLDocument.parse` gives the same value back.
    package func yaml() -> String {
        var emitter = Emitter()
        return emitter.document(self)
    }
}

/// Owns a libyaml emitter and the bytes that it has written.
private struct Emitter: ~Copyable {
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output: UnsafeMutablePointer<[UInt8]>

    init() {
        emitter = .allocate(capacity: 1)
        output = .allocate(capacity: 1)
        output.initialize(to: [])
        // The only failure is a lack of memory, which ends a Swift program in any case.
        precondition(yaml_emitter_initialize(emitter) == 1, "no memory for a YAML emitter")
        yaml_emitter_set_output(
            emitter,
            { context, bytes, count in
                context?.assumingMemoryBound(to: [UInt8].self).pointee
                    .append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, output)
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, -1)
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
        output.deinitialize(count: 1)
        output.deallocate()
    }

    mutating func document(_ value: JSONValue) -> String {
        emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
        write(value)
        emit { yaml_document_end_event_initialize($0, 1) }
        emit { yaml_stream_end_event_initialize($0) }
        return String(decoding: output.pointee, as: UTF8.self)
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .null: scalar("null", YAML_PLAIN_SCALAR_STYLE)
        case .bool(let value): scalar(value ? "true" : "false", YAML_PLAIN_SCALAR_STYLE)
        case .number(let number): scalar(number.literal, YAML_PLAIN_SCALAR_STYLE)
        case .string(let text): string(text)
        case .array(let elements):
            let style = elements.isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
            emit { yaml_sequence_start_event_initialize($0, nil, nil, 1, style) }
            for element in elements { write(element) }
            emit { yaml_sequence_end_event_initialize($0) }
        case .object(let object):
            let style = object.isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
            emit { yaml_mapping_start_event_initialize($0, nil, nil, 1, style) }
            for member in object.members {
                string(member.key)
                write(member.value)
            }
            emit { yaml_mapping_end_event_initialize($0) }
        }
    }

    private mutating func string(_ text: String) {
        if text.utf8.contains(0x0A) {
            // libyaml's hints for blocks that begin with space or a break are not read back by every reader.
            let first = text.utf8.first
            let begins = first == 0x20 || first == 0x0A || first == 0x09
            scalar(text, begins ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_LITERAL_SCALAR_STYLE)
            return
        }
        if case .string = ResolvedScalar(plain: text), !isBase60(text) {
            scalar(text, YAML_PLAIN_SCALAR_STYLE)
        } else {
            scalar(text, YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        }
    }

    /// 1:30 is ninety to other readers of YAML 1.1.
    private func isBase60(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == 0x2B || first == 0x2D || (48...57).contains(first) else {
            return false
        }
        return text.utf8.contains(UInt8(ascii: ":"))
    }

    private mutating func scalar(_ text: String, _ style: yaml_scalar_style_t) {
        var text = text
        text.withUTF8 { bytes in
            // The event copies the text.
            bytes.withMemoryRebound(to: yaml_char_t.self) { bytes in
                var empty: yaml_char_t = 0
                withUnsafePointer(to: &empty) { empty in
                    emit {
                        yaml_scalar_event_initialize(
                            $0, nil, nil, bytes.baseAddress ?? empty, Int32(bytes.count), 1, 1, style)
                    }
                }
            }
        }
    }

    /// The emitter takes over the event. JSON's values make a valid order of events, and memory is never refused.
    private func emit(_ fill: (UnsafeMutablePointer<yaml_event_t>) -> Int32) {
        var event = yaml_event_t()
        guard fill(&event) == 1, yaml_emitter_emit(emitter, &event) == 1 else {
            preconditionFailure("libyaml refused an event of a JSON value")
        }
    }
}
