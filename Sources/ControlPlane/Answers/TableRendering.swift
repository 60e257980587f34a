internal import JSON
internal import KubeAPI

/// Objects as a table, which is what `kubectl get` prints.
enum TableRendering {
    static func table(
        _ objects: [JSONValue], type: ResourceType, version: String, metadata: JSONValue, includeObject: String,
        now: Double, withColumns: Bool
    ) -> JSONValue {
        let rows: [JSONValue] = objects.map { object in
            [
                "cells": [object.at("metadata", "name") ?? "", object.at("metadata", "creationTimestamp") ?? ""],
                "object": Renderer.partial(object, version: version),
            ]
        }
        let columns: [JSONValue] = [
            ["name": "Name", "type": "string", "format": "name", "description": "", "priority": 0],
            ["name": "Created At", "type": "date", "format": "", "description": "", "priority": 0],
        ]
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "columnDefinitions": withColumns ? .array(columns) : nil, "rows": .array(rows),
        ]
    }
}
