internal import JSON

/// Containers of a pod, of one of its three lists.
struct ContainerRules {
    var volumes: Set<String>
    var usesHostNetwork: Bool
    var list: String

    func check(_ container: Place, _ report: inout Report) {
        report.requireName(container["name"], NameSyntax.label)
        let image = container["image"]
        if image.text.isEmpty {
            report.required(image)
        } else if image.text.first?.isWhitespace == true || image.text.last?.isWhitespace == true {
            report.invalid(image, "must not have leading or trailing whitespace")
        }
        ports(container["ports"], &report)
        for variable in container["env"].elements { environment(variable, &report) }
        for source in container["envFrom"].elements { environmentSource(source, &report) }
        mounts(container["volumeMounts"], &report)
        resources(container["resources"], &report)
        probes(container, &report)
        PodRules.security(container["securityContext"], &report)
        let context = container["securityContext"]
        if context["allowPrivilegeEscalation"].value == false, context["privileged"].isTrue {
            report.invalid(
                context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        }
    }

    private func ports(_ ports: Place, _ report: inout Report) {
        var names: Set<String> = []
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
            if usesHostNetwork, !hostPort.isEmpty, hostPort.int != number.int {
                report.invalid(number, "must match `hostPort` when `hostNetwork` is true")
            }
            if port["protocol"].text.isEmpty { report.required(port["protocol"]) }
            if !port["hostIP"].text.isEmpty { report.address(port["hostIP"]) }
        }
    }

    private func environment(_ variable: Place, _ report: inout Report) {
        report.requireName(variable["name"], NameSyntax.environmentVariable)
        let source = variable["valueFrom"]
        guard source.isThere else { return }
        let names = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let there = names.filter { source[$0].isThere }
        if there.isEmpty {
            report.invalid(
                source, "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
            )
        } else if !variable["value"].text.isEmpty {
            report.invalid(source, "", "may not be specified when `value` is not empty")
        } else if there.count > 1 {
            report.invalid(source, "", "may not have more than one field specified at a time")
        }
        if source["fieldRef"].isThere { report.requireText(source["fieldRef"]["fieldPath"]) }
        if source["resourceFieldRef"].isThere { report.requireText(source["resourceFieldRef"]["resource"]) }
        for name in ["configMapKeyRef", "secretKeyRef"] where source[name].isThere {
            report.requireText(source[name]["name"])
            report.requireName(source[name]["key"], NameSyntax.configKey)
        }
    }

    private func environmentSource(_ source: Place, _ report: inout Report) {
        let there = ["configMapRef", "secretRef"].filter { source[$0].isThere }
        if there.isEmpty {
            report.invalid(source, "", "must specify one of: `configMapRef` or `secretRef`")
        } else if there.count > 1 {
            report.invalid(source, "", "may not have more than one field specified at a time")
        }
        for name in there { report.requireText(source[name]["name"]) }
        if !source["prefix"].text.isEmpty { report.check(source["prefix"], NameSyntax.environmentVariable) }
    }

    private func mounts(_ mounts: Place, _ report: inout Report) {
        var paths: Set<String> = []
        for mount in mounts.elements {
            let (name, path) = (mount["name"], mount["mountPath"])
            if name.text.isEmpty {
                report.required(name)
            } else if !volumes.contains(name.text) {
                report.add(.notFound(name.path.description, name.json))
            }
            report.requireText(path)
            if !paths.insert(path.text).inserted { report.invalid(path, "must be unique") }
            for field in ["subPath", "subPathExpr"] where !mount[field].text.isEmpty {
                if mount[field].text.hasPrefix("/") { report.invalid(mount[field], "must be a relative path") }
                if mount[field].text.split(separator: "/").contains("..") {
                    report.invalid(mount[field], "must not contain '..'")
                }
            }
            if !mount["subPath"].text.isEmpty, !mount["subPathExpr"].text.isEmpty {
                report.invalid(mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
            }
        }
    }

    private func resources(_ resources: Place, _ report: inout Report) {
        let limits = resources["limits"]
        for (_, amount) in limits.entries { PodRules.checkAmount(amount, &report) }
        for (name, amount) in resources["requests"].entries {
            PodRules.checkAmount(amount, &report)
            guard let request = Quantity(amount.text), let text = limits.value?.member(name)?.string,
                let limit = Quantity(text), request > limit
            else { continue }
            // Upstream names the list here, not the entry.
            report.invalid(
                resources["requests"], amount.json, "must be less than or equal to \(name) limit of \(limit)")
        }
    }

    private func probes(_ container: Place, _ report: inout Report) {
        let isSidecar = container["restartPolicy"].text == "Always"
        for name in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] where container[name].isThere {
            if list == "ephemeralContainers" {
                report.forbidden(container[name], "cannot be set for an Ephemeral Container")
            } else if list == "initContainers", !isSidecar {
                report.forbidden(container[name], "may not be set for init containers without restartPolicy=Always")
            }
        }
        for name in ["livenessProbe", "readinessProbe", "startupProbe"] where container[name].isThere {
            let probe = container[name]
            handler(probe, &report)
            for field in [
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
            ] {
                report.nonnegative(probe[field])
            }
            if name != "readinessProbe", let value = probe["successThreshold"].int, value != 1 {
                report.invalid(probe["successThreshold"], "must be 1")
            }
        }
        for name in ["postStart", "preStop"] where container["lifecycle"][name].isThere {
            handler(container["lifecycle"][name], &report)
        }
    }

    private func handler(_ place: Place, _ report: inout Report) {
        let there = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"].filter { place[$0].isThere }
        for name in there.dropFirst() {
            report.forbidden(place[name], "may not specify more than 1 handler type")
        }
        if there.isEmpty { report.required(place, "must specify a handler type") }
        if place["exec"].isThere, place["exec"]["command"].count == 0 { report.required(place["exec"]["command"]) }
        if place["httpGet"].isThere {
            report.requireText(place["httpGet"]["path"])
            report.portOrName(place["httpGet"]["port"])
            for header in place["httpGet"]["httpHeaders"].elements where header["name"].text.isEmpty {
                report.required(header["name"])
            }
        }
        if place["tcpSocket"].isThere { report.portOrName(place["tcpSocket"]["port"]) }
        if place["grpc"].isThere { report.port(place["grpc"]["port"]) }
    }
}
