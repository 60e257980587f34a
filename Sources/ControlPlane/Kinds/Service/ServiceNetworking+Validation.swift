internal import JSON
internal import KubeAPI
internal import NetTypes

extension ServiceNetworking {
    /// What is wrong with the address fields by themselves: their forms, and whether they say the same.
    func addressFieldCauses() -> [FieldCause] {
        guard needsClusterIP else { return [] }
        var causes: [FieldCause] = []
        if clusterIP.isEmpty {
            if !clusterIPs.isEmpty {
                causes.append(
                    .invalid(
                        ServiceField.clusterIPs, .texts(clusterIPs), "must be empty when `clusterIP` is not specified"))
            }
        } else if clusterIPs.isEmpty {
            causes.append(.required(ServiceField.clusterIPs, ""))
        } else if clusterIPs[0] != clusterIP {
            causes.append(.invalid(ServiceField.clusterIPs, .texts(clusterIPs), "first value must match `clusterIP`"))
        }
        causes += familyCauses()
        if let policy, IPFamilyPolicy(rawValue: policy) == nil {
            causes.append(.notSupported(ServiceField.policy, .string(policy), IPFamilyPolicy.allCases.map(\.rawValue)))
        }
        let forms = addressFormCauses()
        causes += forms.causes
        // Broken addresses would make the messages about their families wrong.
        if forms.areBroken { return causes }
        if clusterIPs.count > 1, Set(clusterIPs.compactMap { IPAddress($0)?.family }).count != clusterIPs.count {
            causes.append(
                .invalid(
                    ServiceField.clusterIPs, .texts(clusterIPs), "may specify no more than one IP for each IP family"))
        }
        if !isHeadless && causes.isEmpty {
            for (index, text) in clusterIPs.enumerated() where index < families.count {
                guard IPAddress(text)?.family.apiName != families[index] else { continue }
                causes.append(
                    .invalid(
                        "\(ServiceField.clusterIPs)[\(index)]", .string(text),
                        "expected an \(families[index]) value as indicated by `ipFamilies[\(index)]`"))
            }
        }
        return causes
    }

    private func familyCauses() -> [FieldCause] {
        var causes: [FieldCause] = []
        var seen: Set<String> = []
        for (index, family) in families.enumerated() {
            let field = "\(ServiceField.families)[\(index)]"
            if IPFamily(apiName: family) == nil {
                causes.append(.notSupported(field, .string(family), IPFamily.allCases.map(\.apiName)))
            }
            if !seen.insert(family).inserted { causes.append(.duplicate(field, .string(family))) }
        }
        return causes
    }

    private func addressFormCauses() -> (causes: [FieldCause], areBroken: Bool) {
        var causes: [FieldCause] = []
        var areBroken = false
        for (index, text) in clusterIPs.enumerated() {
            if index == 0 && text == Self.none {
                guard clusterIPs.count > 1 else { continue }
                areBroken = true
                causes.append(
                    .invalid(ServiceField.clusterIPs, .texts(clusterIPs), "'None' must be the first and only value"))
            } else if IPAddress(text) == nil {
                areBroken = true
                causes.append(
                    .invalid(
                        "\(ServiceField.clusterIPs)[\(index)]", .string(text),
                        "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"))
            }
        }
        if clusterIPs.count > 2 {
            causes.append(.invalid(ServiceField.clusterIPs, .texts(clusterIPs), "may only hold up to 2 values"))
        }
        return (causes, areBroken)
    }

    /// What an update may not change: the primary address and family for good, the secondary ones only by adding them,
    /// or by giving them up with the policy SingleStack.
    func immutableAddressCauses(old: ServiceNetworking) -> [FieldCause] {
        guard needsClusterIP, old.needsClusterIP, !(isHeadless && old.isHeadless) else { return [] }
        let addresses = changes(
            ServiceField.clusterIPs, clusterIPs, old.clusterIPs, unset: "primary clusterIP can not be unset",
            release: "must be set to 'SingleStack' when releasing the secondary clusterIP")
        let families = changes(
            ServiceField.families, families, old.families, unset: "primary ipFamily can not be unset",
            release: "must be set to 'SingleStack' when releasing the secondary ipFamily")
        return addresses + families
    }

    private func changes(_ field: String, _ new: [String], _ old: [String], unset: String, release: String)
        -> [FieldCause]
    {
        var causes: [FieldCause] = []
        for (index, pair) in zip(new, old).enumerated() where pair.0 != pair.1 {
            // Of lists of different lengths only the first element is compared: the others are added or given up.
            if index > 0 && new.count != old.count { break }
            causes.append(.invalid("\(field)[\(index)]", .texts(new), "may not change once set"))
        }
        guard new.count < old.count else { return causes }
        if new.isEmpty { causes.append(.invalid("\(field)[0]", .texts(new), unset)) }
        if new.count == 1 && policy != IPFamilyPolicy.singleStack.rawValue {
            causes.append(.invalid(ServiceField.policy, policyValue, release))
        }
        return causes
    }
}
