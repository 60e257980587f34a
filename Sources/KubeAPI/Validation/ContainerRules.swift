internal import JSON

/// Containers of a pod, of one of its three lists.
struct ContainerRules {
    let pod: PodContext
    let list: String
    /// `hostPort`s taken by the list's containers so far.
    var hostPorts: Set<String> = []

    mutating func check(_ container: Place, _ report: inout Report) {
        report.requireName(container["name"], NameSyntax.label)
        let image = container["image"]
        if image.text.isEmpty {
            report.required(image)
        } else if !pod.isTemplate, image.text.first?.isWhitespace == true || image.text.last?.isWhitespace == true {
            report.invalid(image, "must not have leading or trailing whitespace")
        }
        ports(container["ports"], &report)
        for variable in container["env"].elements { EnvironmentRules.check(variable, &report) }
        EnvironmentRules.check(sources: container["envFrom"], &report)
        mounts(container, &report)
        devices(container, &report)
        ResourceRules.check(container["resources"], claims: pod.claims, &report)
        SecurityRules.check(container: container["securityContext"], isUserNamespaced: pod.isUserNamespaced, &report)
        if list == "ephemeralContainers" {
            ephemeral(container, &report)
        } else {
            ResizeRules.check(policies: container["resizePolicy"], neverRestarts: pod.neverRestarts, &report)
            probes(container, &report)
        }
    }

    private mutating func ports(_ ports: Place, _ report: inout Report) {
        var names: Set<String> = []
        // An init container runs alone: only its own ports are in its way.
        if list == "initContainers" { hostPorts = [] }
        for port in ports.elements {
            let name = port["name"]
            if !name.text.isEmpty {
                let problems = NameSyntax.portName(name.text)
                for problem in problems { report.invalid(name, problem) }
                if problems.isEmpty, !names.insert(name.text).inserted { report.duplicate(name) }
            }
            let (number, hostPort) = (port["containerPort"], port["hostPort"])
            if number.isEmpty { report.required(number) } else { report.port(number) }
            if !hostPort.isEmpty { report.port(hostPort) }
            if list == "containers", pod.usesHostNetwork, !hostPort.isEmpty, hostPort.int != number.int {
                report.invalid(hostPort, "must match `containerPort` when `hostNetwork` is true")
            }
            if port["protocol"].text.isEmpty { report.required(port["protocol"]) }
            if !port["hostIP"].text.isEmpty { report.address(port["hostIP"]) }
            let taken = "\(port["protocol"].text)/\(port["hostIP"].text)/\(hostPort.int ?? 0)"
            if !hostPort.isEmpty, !hostPorts.insert(taken).inserted { report.duplicate(hostPort, .string(taken)) }
        }
    }

    private func mounts(_ container: Place, _ report: inout Report) {
        let (mounts, devices) = (container["volumeMounts"], container["volumeDevices"].elements)
        var paths: Set<String> = []
        for mount in mounts.elements {
            let (name, path) = (mount["name"], mount["mountPath"])
            if name.text.isEmpty { report.required(name) }
            if !pod.volumes.contains(name.text) {
                report.add(.notFound(name.path.description, .string(name.text)))
            }
            report.requireText(path)
            if !paths.insert(path.text).inserted { report.invalid(path, "must be unique") }
            if devices.contains(where: { $0["name"].text == name.text }) {
                report.invalid(name, "must not already exist in volumeDevices")
            }
            if devices.contains(where: { $0["devicePath"].text == path.text }) {
                report.invalid(path, "must not already exist as a path in volumeDevices")
            }
            subPaths(mount, mounts, &report)
            propagation(mount, container, &report)
        }
    }

    /// Upstream says these of the list, not of the mount.
    private func subPaths(_ mount: Place, _ mounts: Place, _ report: inout Report) {
        let (path, expression) = (mount["subPath"], mount["subPathExpr"])
        if !path.text.isEmpty { report.descendingPath(Place(path.value, mounts.path.appending("subPath"))) }
        if expression.text.isEmpty { return }
        if !path.text.isEmpty {
            report.invalid(expression, "subPathExpr and subPath are mutually exclusive")
        }
        report.descendingPath(Place(expression.value, mounts.path.appending("subPathExpr")))
    }

    private func propagation(_ mount: Place, _ container: Place, _ report: inout Report) {
        let propagation = mount["mountPropagation"]
        if propagation.text == "Bidirectional", !container["securityContext"]["privileged"].isTrue {
            report.forbidden(
                Place(nil, container["volumeMounts"].path.appending("mountPropagation")),
                "Bidirectional mount propagation is available only to privileged containers")
        }
        let recursive = mount["recursiveReadOnly"]
        guard ["Enabled", "IfPossible"].contains(recursive.text) else { return }
        if !mount["readOnly"].isTrue { report.forbidden(recursive, "may only be specified when readOnly is true") }
        if propagation.isThere, propagation.text != "None" {
            report.forbidden(recursive, "may only be specified when mountPropagation is None or not specified")
        }
    }

    private func devices(_ container: Place, _ report: inout Report) {
        let mounts = container["volumeMounts"].elements
        var (names, paths): (Set<String>, Set<String>) = ([], [])
        for device in container["volumeDevices"].elements {
            let (name, path) = (device["name"], device["devicePath"])
            if name.text.isEmpty { report.required(name) }
            if names.contains(name.text) { report.invalid(name, "must be unique") }
            if !pod.volumes.contains(name.text) {
                report.add(.notFound(name.path.description, .string(name.text)))
            } else if !pod.blockVolumes.contains(name.text) {
                report.invalid(
                    name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
            }
            report.requireText(path)
            if !paths.insert(path.text).inserted { report.invalid(path, "must be unique") }
            if path.text.split(separator: "/").contains("..") {
                report.invalid(path, "can not contain backsteps ('..')")
            }
            if mounts.contains(where: { $0["name"].text == name.text }) {
                report.invalid(name, "must not already exist in volumeMounts")
            }
            if mounts.contains(where: { $0["mountPath"].text == path.text }) {
                report.invalid(path, "must not already exist as a path in volumeMounts")
            }
            if !name.text.isEmpty { names.insert(name.text) }
        }
    }

    private func ephemeral(_ container: Place, _ report: inout Report) {
        let sentence = "cannot be set for an Ephemeral Container"
        for field in [
            "ports", "resources", "resizePolicy", "restartPolicy", "livenessProbe", "readinessProbe", "startupProbe",
            "lifecycle",
        ] where container[field].isThere && !container[field].isEmpty {
            report.forbidden(container[field], sentence)
        }
        for mount in container["volumeMounts"].elements {
            for field in ["subPath", "subPathExpr"] where !mount[field].text.isEmpty {
                report.forbidden(mount[field], sentence)
            }
        }
        let target = container["targetContainerName"]
        if !target.text.isEmpty, !pod.containers.contains(target.text) {
            report.add(.notFound(target.path.description, target.json))
        }
    }

    private func probes(_ container: Place, _ report: inout Report) {
        let isSidecar = container["restartPolicy"].text == "Always"
        if list == "initContainers", !isSidecar {
            for name in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
            where container[name].isThere {
                report.forbidden(container[name], "may not be set for init containers without restartPolicy=Always")
            }
            return
        }
        let rules = ProbeRules(gracePeriod: pod.gracePeriod)
        for name in ["postStart", "preStop"] where container["lifecycle"][name].isThere {
            rules.check(handler: container["lifecycle"][name], &report)
        }
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] where container[name].isThere {
            rules.check(container[name], isReadiness: name == "readinessProbe", &report)
        }
    }
}

/// What a pod's containers may refer to.
struct PodContext {
    var isTemplate: Bool
    var volumes: Set<String>
    /// Those that may be there as devices.
    var blockVolumes: Set<String>
    /// Names of its resource claims.
    var claims: Set<String>
    var containers: Set<String>
    var usesHostNetwork: Bool
    var isUserNamespaced: Bool
    var gracePeriod: Int?
    /// Whether its restart policy is Never.
    var neverRestarts: Bool
}
