internal import JSON

/// Volumes of a pod.
enum VolumeRules {
    /// Answers with the volumes' names, which mounts must be among.
    static func check(_ volumes: Place, isTemplate: Bool, _ report: inout Report) -> Set<String> {
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
            // A template may leave it to whoever makes the pod.
            if sources.first == "image", !isTemplate { report.requireText(volume["image"]["reference"]) }
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
        case "hostPath": report.noBacksteps(source["path"])
        case "nfs":
            let path = source["path"]
            if !path.text.hasPrefix("/") { report.invalid(path, .string(path.text), "must be an absolute path") }
        case "emptyDir":
            if let limit = Quantity(source["sizeLimit"].text), limit.nanos < 0 {
                report.forbidden(source["sizeLimit"], "SizeLimit field must be a valid resource quantity")
            }
        case "secret", "configMap":
            mode(source["defaultMode"], &report)
            for item in source["items"].elements { keyPath(item, &report) }
        case "downwardAPI":
            mode(source["defaultMode"], &report)
            downward(source, &report)
        case "projected": ProjectionRules.check(source, &report)
        case "csi":
            let driver = source["driver"]
            if driver.text.isEmpty { return }
            if driver.text.utf8.count > 63 { report.tooLong(driver, 63) }
            for problem in NameSyntax.subdomain(lowercasedASCII(driver.text)) { report.invalid(driver, problem) }
        default: break
        }
    }

    static func keyPath(_ item: Place, _ report: inout Report) {
        report.requireText(item["key"])
        path(item["path"], &report)
        mode(item["mode"], &report)
    }

    /// Upstream names the source here, not the item.
    static func downward(_ source: Place, _ report: inout Report) {
        for element in source["items"].elements {
            let item = Place(element.value, source.path)
            path(item["path"], &report)
            let (field, resource) = (item["fieldRef"], item["resourceFieldRef"])
            if field.isThere {
                EnvironmentRules.check(field: field, EnvironmentRules.volumeFields, &report)
                if resource.isThere {
                    report.invalid(
                        item, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
                }
            } else if resource.isThere {
                EnvironmentRules.check(resource: resource, isVolume: true, &report)
            } else {
                report.required(item, "one of fieldRef and resourceFieldRef is required")
            }
            mode(item["mode"], &report)
        }
    }

    /// A file's place in a volume.
    static func path(_ path: Place, _ report: inout Report) {
        report.requireText(path)
        report.descendingPath(path)
        // Names that begin so are the volume's own.
        if path.text.hasPrefix(".."), !path.text.hasPrefix("../") {
            report.invalid(path, "must not start with '..'")
        }
    }

    static func mode(_ mode: Place, _ report: inout Report) {
        guard let bits = mode.int, !(0...0o777).contains(bits) else { return }
        report.invalid(mode, "must be a number between 0 and 0777 (octal), both inclusive")
    }
}

/// Volumes that are put together from several sources.
enum ProjectionRules {
    static func check(_ volume: Place, _ report: inout Report) {
        VolumeRules.mode(volume["defaultMode"], &report)
        var paths: Set<String> = []
        for source in volume["sources"].elements {
            let types = (source.value?.object?.keys ?? []).filter { $0 != UnknownFields.key }
            for _ in types.dropFirst() {
                report.forbidden(source, "may not specify more than 1 volume type per source")
            }
            guard let type = types.first else { continue }
            check(source[type], type, volume, &report)
            let files = type == "serviceAccountToken" ? [source[type]] : source[type]["items"].elements
            for path in files.map({ $0["path"].text }) where !path.isEmpty && !paths.insert(path).inserted {
                let name = source[type]["name"].text
                report.invalid(volume, .string(name.isEmpty ? path : name), "conflicting duplicate paths")
            }
        }
    }

    private static func check(_ source: Place, _ type: String, _ volume: Place, _ report: inout Report) {
        switch type {
        case "secret", "configMap":
            report.requireText(source["name"])
            for item in source["items"].elements { VolumeRules.keyPath(item, &report) }
        case "downwardAPI": VolumeRules.downward(source, &report)
        case "serviceAccountToken":
            let (path, expiration) = (source["path"], source["expirationSeconds"])
            // Upstream names the volume here, not the source.
            let place = Place(path.value, volume.path.appending("path"))
            if path.text.isEmpty { report.required(place) } else { VolumeRules.path(place, &report) }
            if let seconds = expiration.int {
                if seconds < 600 {
                    report.invalid(expiration, "may not specify a duration less than 10 minutes")
                } else if seconds > 1 << 32 {
                    report.invalid(expiration, "may not specify a duration larger than 2^32 seconds")
                }
            }
        default: break
        }
    }
}
