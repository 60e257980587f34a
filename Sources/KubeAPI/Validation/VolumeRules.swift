internal import JSON

/// Volumes of a pod.
enum VolumeRules {
    /// Answers with the volumes' names, which mounts must be among.
    static func check(_ volumes: Place, _ report: inout Report) -> Set<String> {
        var names: Set<String> = []
        for volume in volumes.elements {
            let name = volume["name"]
            if name.text.isEmpty {
                report.required(name)
            } else {
                report.check(name, NameSyntax.label)
                if !names.insert(name.text).inserted { report.duplicate(name) }
            }
            let sources = (volume.value?.object?.keys ?? []).filter { $0 != "name" && $0 != UnknownFields.key }
            if sources.isEmpty { report.required(volume, "must specify a volume type") }
            for extra in sources.dropFirst() {
                report.forbidden(volume[extra], "may not specify more than 1 volume type")
            }
            if let source = sources.first { check(source, volume[source], &report) }
        }
        return names
    }

    /// What each type of source must say.
    private static let needed: [String: [String]] = [
        "awsElasticBlockStore": ["volumeID"], "azureDisk": ["diskName", "diskURI"],
        "azureFile": ["secretName", "shareName"], "cephfs": ["monitors"], "cinder": ["volumeID"], "csi": ["driver"],
        "flexVolume": ["driver"], "gcePersistentDisk": ["pdName"], "gitRepo": ["repository"],
        "glusterfs": ["endpoints", "path"], "hostPath": ["path"], "iscsi": ["targetPortal", "iqn"],
        "nfs": ["server", "path"], "persistentVolumeClaim": ["claimName"], "photonPersistentDisk": ["pdID"],
        "portworxVolume": ["volumeID"], "quobyte": ["registry", "volume"], "rbd": ["monitors", "image"],
        "scaleIO": ["gateway", "system"], "secret": ["secretName"], "vsphereVolume": ["volumePath"],
        "configMap": ["name"], "local": ["path"],
    ]

    static func check(_ type: String, _ source: Place, _ report: inout Report) {
        for field in needed[type] ?? [] where source[field].isEmpty { report.required(source[field]) }
        switch type {
        case "hostPath":
            if source["path"].text.split(separator: "/").contains("..") {
                report.invalid(source["path"], "must not contain '..'")
            }
        case "nfs":
            if !source["path"].text.isEmpty, !source["path"].text.hasPrefix("/") {
                report.invalid(source["path"], "must be an absolute path")
            }
        case "emptyDir": PodRules.checkAmount(source["sizeLimit"], &report)
        case "secret", "configMap", "downwardAPI": files(source, &report)
        case "projected": projected(source, &report)
        case "csi":
            if source["driver"].text.utf8.count > 63 { report.tooLong(source["driver"], 63) }
        default: break
        }
    }

    private static func files(_ source: Place, _ report: inout Report) {
        mode(source["defaultMode"], &report)
        for item in source["items"].elements {
            if item.value?.member("fieldRef") == nil, item.value?.member("resourceFieldRef") == nil {
                report.requireText(item["key"])
            }
            path(item["path"], &report)
            mode(item["mode"], &report)
        }
    }

    private static func path(_ path: Place, _ report: inout Report) {
        report.requireText(path)
        if path.text.hasPrefix("/") { report.invalid(path, "must be a relative path") }
        if path.text.split(separator: "/").contains("..") { report.invalid(path, "must not contain '..'") }
    }

    private static func mode(_ mode: Place, _ report: inout Report) {
        guard let bits = mode.int, !(0...0o777).contains(bits) else { return }
        report.invalid(mode, "must be a number between 0 and 0777 (octal), both inclusive")
    }

    private static func projected(_ source: Place, _ report: inout Report) {
        mode(source["defaultMode"], &report)
        for item in source["sources"].elements {
            let types = item.value?.object?.keys ?? []
            if types.isEmpty { report.required(item, "must specify at least one source") }
            for extra in types.dropFirst() {
                report.forbidden(item[extra], "may not specify more than 1 volume type per source")
            }
            guard let type = types.first else { continue }
            switch type {
            case "secret", "configMap":
                report.requireText(item[type]["name"])
                files(item[type], &report)
            case "downwardAPI": files(item[type], &report)
            case "serviceAccountToken":
                path(item[type]["path"], &report)
                if let seconds = item[type]["expirationSeconds"].int, seconds < 600 {
                    report.invalid(item[type]["expirationSeconds"], "may not specify a duration less than 10 minutes")
                }
            default: break
            }
        }
    }
}
