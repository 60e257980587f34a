internal import JSON

/// Writes the paths of resources: what kubectl looks up there are the kind of a path and which parameters it takes.
struct PathWriter {
    let dialect: OpenAPI.Dialect

    func write(_ resources: [ResourceType], to writer: inout DocumentWriter) {
        for resource in resources {
            let root = "/\(OpenAPI.path(of: resource.groupVersion))"
            let collection =
                resource.isNamespaced
                ? "\(root)/namespaces/{namespace}/\(resource.plural)" : "\(root)/\(resource.plural)"
            if resource.isNamespaced, resource.verbs.contains(.list) {
                writer.object("\(root)/\(resource.plural)") { path in
                    operation("get", "list", resource.gvk, resource, Self.listParameters, isList: true, &path)
                }
            }
            writer.object(collection) { path in
                if resource.verbs.contains(.list) {
                    operation("get", "list", resource.gvk, resource, Self.listParameters, isList: true, &path)
                }
                if resource.verbs.contains(.create) {
                    operation("post", "post", resource.gvk, resource, Self.writeParameters, &path)
                }
                if resource.verbs.contains(.deletecollection) {
                    operation("delete", "deletecollection", resource.gvk, resource, Self.listParameters, &path)
                }
                if resource.isNamespaced { parameters(["namespace"], &path) }
            }
            let names = resource.isNamespaced ? ["name", "namespace"] : ["name"]
            if !resource.verbs.isDisjoint(with: [.get, .update, .patch, .delete]) {
                writer.object("\(collection)/{name}") { path in
                    item(resource.verbs, resource.gvk, resource, &path)
                    parameters(names, &path)
                }
            }
            for subresource in resource.subresources {
                writer.object("\(collection)/{name}/\(subresource.name)") { path in
                    item(subresource.verbs, subresource.kind, resource, &path)
                    parameters(names, &path)
                }
            }
        }
    }

    private func item(_ verbs: Verbs, _ kind: GroupVersionKind, _ resource: ResourceType, _ path: inout DocumentWriter)
    {
        if verbs.contains(.get) { operation("get", "get", kind, resource, [], &path) }
        if verbs.contains(.create) { operation("post", "post", kind, resource, Self.writeParameters, &path) }
        if verbs.contains(.update) { operation("put", "put", kind, resource, Self.writeParameters, &path) }
        if verbs.contains(.patch) {
            operation("patch", "patch", kind, resource, Self.writeParameters + [("force", "boolean")], &path)
        }
        if verbs.contains(.delete) {
            let options = [("dryRun", "string"), ("gracePeriodSeconds", "integer"), ("propagationPolicy", "string")]
            operation("delete", "delete", kind, resource, options, &path)
        }
    }

    private static let writeParameters = [
        ("dryRun", "string"), ("fieldManager", "string"), ("fieldValidation", "string"), ("pretty", "string"),
    ]
    private static let listParameters = [
        ("allowWatchBookmarks", "boolean"), ("continue", "string"), ("fieldSelector", "string"),
        ("labelSelector", "string"), ("limit", "integer"), ("resourceVersion", "string"),
        ("resourceVersionMatch", "string"), ("sendInitialEvents", "boolean"), ("timeoutSeconds", "integer"),
        ("watch", "boolean"),
    ]

    private func parameters(_ names: [String], _ path: inout DocumentWriter) {
        let list = names.map { name -> JSONValue in
            dialect == .v3
                ? ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
                : ["name": .string(name), "in": "path", "required": true, "type": "string"]
        }
        path.member("parameters", .array(list))
    }

    private func operation(
        _ method: String, _ action: String, _ kind: GroupVersionKind, _ resource: ResourceType,
        _ parameters: [(name: String, type: String)], isList: Bool = false, _ path: inout DocumentWriter
    ) {
        let name = name(of: kind, resource, isList: isList)
        let reference: JSONValue = ["$ref": dialect.reference(name)]
        path.object(method) { operation in
            var list = parameters.map { parameter -> JSONValue in
                dialect == .v3
                    ? ["name": .string(parameter.name), "in": "query", "schema": ["type": .string(parameter.type)]]
                    : ["name": .string(parameter.name), "in": "query", "type": .string(parameter.type)]
            }
            let takesBody = method == "post" || method == "put" || method == "patch"
            let patch: JSONValue = ["$ref": dialect.reference(ScalarDefinitions.patch)]
            let body = method == "patch" ? patch : reference
            if takesBody, dialect == .v3 {
                operation.member("requestBody", ["content": ["*/*": ["schema": body]], "required": true])
            } else if takesBody {
                list.append(["name": "body", "in": "body", "required": true, "schema": body])
            }
            if !list.isEmpty { operation.member("parameters", .array(list)) }
            let answer: JSONValue =
                dialect == .v3
                ? ["description": "OK", "content": ["application/json": ["schema": reference]]]
                : ["description": "OK", "schema": reference]
            operation.member("responses", ["200": answer])
            operation.member("x-kubernetes-action", action)
            operation.member(
                "x-kubernetes-group-version-kind",
                ["group": .string(kind.group), "kind": .string(kind.kind), "version": .string(kind.version)])
        }
    }

    private func name(of kind: GroupVersionKind, _ resource: ResourceType, isList: Bool) -> String {
        if isList { return DefinitionWriter.name(ofList: resource) }
        if kind == resource.gvk { return DefinitionWriter.name(of: resource) }
        guard let schema = APICatalog.builtin.schema(of: kind) else {
            return "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
        }
        return "\(schema.package).\(schema.name)"
    }
}
