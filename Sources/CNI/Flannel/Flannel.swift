internal import JSON
internal import Linux
internal import NetTypes

/// The `flannel` plugin: makes the configuration of another plugin, `bridge` unless told otherwise, from the overlay's
/// subnet.env, and delegates to it.
package struct Flannel: Plugin {
    package let name = "flannel"

    package init() {}

    package func add(_ call: Invocation) throws -> CNIResult {
        let options = try Options(call)
        let config = try FlannelDelegation.config(call.config, try options.environment())
        let (records, attachment) = (options.records, call.attachment)
        let former = try records.load(attachment)
        try records.save(config, for: attachment)
        try call.rollback.did("record the delegate of \(attachment)") {
            // An ADD that was refused because it was the second leaves the first its record.
            if let former { try records.save(former, for: attachment) } else { try records.remove(attachment) }
        }
        return try call.delegateAdd(FlannelDelegation.type(call.config), config: config)
    }

    package func del(_ call: Invocation) throws {
        let options = try Options(call)
        if let config = try options.records.load(call.attachment), config.isNetworkConfig {
            try call.delegateDel(config["type"]?.string ?? "bridge", config: call.withPreviousResult(config))
            return try options.records.remove(call.attachment)
        }
        // No record: either nothing was made, which a DEL must bear, or the record was lost. A plugin of ours finds
        // what there may be from the attachment alone; of other plugins flannel asks nothing here.
        let type = FlannelDelegation.type(call.config)
        guard call.registry[type] != nil else { return }
        let config = try FlannelDelegation.config(call.config, try? options.environment())
        try call.delegateDel(type, config: call.withPreviousResult(config))
    }

    package func check(_ call: Invocation) throws {
        let options = try Options(call)
        guard let config = try options.records.load(call.attachment) else {
            throw CNIError(
                .internalFailure, "there is no record of the attachment \(call.attachment)",
                details: "expected in \(options.records.directory)")
        }
        try call.delegateCheck(config["type"]?.string ?? "bridge", config: call.withPreviousResult(config))
    }

    package func gc(_ call: Invocation, valid: Set<Attachment>) throws {
        let options = try Options(call)
        let config = try FlannelDelegation.config(call.config, try? options.environment())
        try call.delegateGC(
            FlannelDelegation.type(call.config), config: call.withValidAttachments(config), valid: valid)
        try options.records.removeAll(of: call.config.name, except: valid)
    }

    package func status(_ call: Invocation) throws {
        let config = try FlannelDelegation.config(call.config, try Options(call).environment())
        try call.delegateStatus(FlannelDelegation.type(call.config), config: config)
    }
}

extension Flannel {
    fileprivate struct Options {
        var subnetFile: String
        var records: FlannelRecords

        init(_ call: Invocation) throws(CNIError) {
            let reader = call.config.reader
            subnetFile = reader.string("subnetFile") ?? ""
            if subnetFile.isEmpty { subnetFile = SubnetEnv.defaultPath }
            var directory = reader.string("dataDir") ?? ""
            if directory.isEmpty { directory = call.machine.flannelDirectory }
            records = FlannelRecords(directory: directory)
            try reader.finish()
        }

        func environment() throws(CNIError) -> SubnetEnv { try SubnetEnv.read(subnetFile) }
    }
}

extension SubnetEnv {
    /// Reads the file that the overlay writes. While it is absent the answer is "try again later".
    static func read(_ path: String) throws(CNIError) -> SubnetEnv {
        do {
            return try SubnetEnv(text: try Files.readText(path, limit: 1 << 20))
        } catch let error as SystemError where error.isNotFound {
            throw CNIError(
                .tryAgainLater, "loadFlannelSubnetEnv failed: open \(path): no such file or directory",
                details: "the overlay daemon of this node has not written it yet: is it running?")
        } catch {
            throw CNIError(.invalidConfig, "loadFlannelSubnetEnv failed: \(path): \(error)")
        }
    }
}
