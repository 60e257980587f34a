import Linux
import TestSupport
import Testing

@Suite(
    "The Python client",
    .enabled("needs Debian's python3-kubernetes: scripts/setup installs it") { pythonClientIsThere })
struct PythonClientTests {
    @Test("lists and watches, and sees each change once and in order")
    func watch() throws {
        let server = try LiveServer()
        let script = """
            import threading
            from kubernetes import client, config, watch
            config.load_kube_config()
            api = client.CoreV1Api()
            start = api.list_namespaced_config_map("default").metadata.resource_version
            def make():
                for i in range(50):
                    api.create_namespaced_config_map("default", {"metadata": {"name": f"m{i}"}, "data": {"i": str(i)}})
                    api.patch_namespaced_config_map(f"m{i}", "default", {"data": {"i": "x"}})
                    api.delete_namespaced_config_map(f"m{i}", "default")
            thread = threading.Thread(target=make)
            thread.start()
            seen, revisions = [], []
            watcher = watch.Watch()
            for event in watcher.stream(api.list_namespaced_config_map, "default", resource_version=start, timeout_seconds=60):
                seen.append((event["type"], event["object"].metadata.name))
                revisions.append(int(event["object"].metadata.resource_version))
                if len(seen) == 150:
                    watcher.stop()
            thread.join()
            expected = [(t, f"m{i}") for i in range(50) for t in ("ADDED", "MODIFIED", "DELETED")]
            assert seen == expected, seen[:10]
            assert revisions == sorted(set(revisions)), revisions
            print("in order")
            """
        let output = try server.run("/usr/bin/python3", ["-c", script])
        #expect(output.out == "in order\n", "\(output.err)")
    }
}

private var pythonClientIsThere: Bool { Files.exists("/usr/lib/python3/dist-packages/kubernetes/__init__.py") }
