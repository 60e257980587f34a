// swift-tools-version: 6.2
import PackageDescription

// One target a layer; an arrow may only point down (docs/architecture.md has the picture).
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// Set by scripts/build, which has looked for them.
let hasArchives = Context.environment["POPLIN_ARCHIVES"] == "all"

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func executable(_ name: String, path: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: settings)
}

let package = Package(
    name: "poplin",
    products: [
        .executable(name: "poplin", targets: ["poplin"]),
        .executable(name: "poplin-cni", targets: ["poplin-cni"]),
        .executable(name: "poplin-bench", targets: ["poplin-bench"]),
        .executable(name: "poplin-lab", targets: ["poplin-lab"]),
    ],
    targets: [
        // C libraries: a module map, and, for Linux, calls that Swift cannot make. Each is imported by one Swift target.
        .target(name: "CLinux"),
        .target(name: "CMnl"),
        .systemLibrary(
            name: "CNetlink", pkgConfig: "libnl-3.0", providers: [.apt(["libnl-3-dev"])]),
        .systemLibrary(name: "CNftables", pkgConfig: "libnftnl", providers: [.apt(["libnftnl-dev", "libmnl-dev"])]),
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        // Base: values and system calls.
        library("NetTypes", []),
        library("JSON", []),
        library("YAML", ["CYAML", "JSON"]),
        library("Linux", ["CLinux"]),
        // The only importer of COpenSSL: keys, certificates, signatures; TLS sessions too.
        library("Crypto", ["COpenSSL", "NetTypes"]),

        // The kernel's and the network's edges.
        library("Netlink", ["CNetlink", "Linux", "NetTypes"]),
        library("NFTables", ["CMnl", "CNftables", "Linux", "NetTypes"]),
        library("Daemon", ["Linux", "JSON"]),
        library("HTTP", ["CCurl", "CNghttp2", "Crypto", "Daemon", "Linux", "NetTypes"]),
        library("Store", ["CSQLite", "HTTP", "JSON", "Linux"]),

        // Kubernetes: what its objects are, and who may do what with them.
        library("KubeAPI", ["JSON", "NetTypes"]),
        library("Identity", ["Crypto", "JSON", "KubeAPI", "Linux", "NetTypes"]),

        // Clients of the Kubernetes API: what a cluster is reached by, and copies of it that follow.
        library("KubeClient", ["Daemon", "HTTP", "JSON", "KubeAPI", "Linux", "YAML"]),

        // What Poplin is for.
        library("CNI", ["JSON", "Linux", "NFTables", "NetTypes", "Netlink"]),
        library(
            "Overlay",
            [
                "Daemon", "HTTP", "JSON", "KubeAPI", "KubeClient", "Linux", "NFTables", "NetTypes", "Netlink", "Store",
            ]),

        library(
            "ServiceProxy",
            [
                "Crypto", "Daemon", "HTTP", "JSON", "KubeAPI", "KubeClient", "Linux", "NFTables", "NetTypes", "Netlink",
                "YAML",
            ]),

        library(
            "ControlPlane",
            [
                "Crypto", "Daemon", "HTTP", "Identity", "JSON", "KubeAPI", "Linux", "NetTypes", "Store", "YAML",
            ]),

        // Executables: arguments and wiring, nothing else.
        .executableTarget(
            name: "poplin", dependencies: ["ControlPlane", "Linux", "Overlay", "ServiceProxy"], path: "Sources/poplin",
            swiftSettings: settings,
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-Xlinker", "--gc-sections", "-Xlinker", "-s", "-Xlinker",
                        "--export-dynamic-symbol=_gnutls_global_init_skip", "-Xlinker", "-u", "-Xlinker",
                        "_gnutls_global_init_skip",
                    ], .when(configuration: .release))
            ]),
        .executableTarget(
            name: "poplin-cni", dependencies: ["CNI"], path: "Sources/poplin-cni", swiftSettings: settings,
            // It starts once for every pod and lives for milliseconds, on hosts of any distribution: no symbols, no
            // relocation, and, where there are archives of all libraries, none shared (docs/performance.md).
            linkerSettings: [
                .unsafeFlags(
                    ["-Xlinker", "--gc-sections", "-Xlinker", "-s", "-use-ld=lld"]
                        + (hasArchives ? ["-static-executable"] : ["-Xclang-linker", "-no-pie"]),
                    .when(configuration: .release))
            ]),

        // The laboratory: nodes as network namespaces, for people and for tests alike.
        library("Lab", ["HTTP", "JSON", "KubeAPI", "KubeClient", "Linux", "NetTypes", "Netlink"]),
        executable("poplin-lab", path: "Sources/poplin-lab", ["Daemon", "JSON", "Lab", "Linux", "NetTypes"]),
        executable(
            "poplin-bench", path: "Sources/poplin-bench",
            [
                "Crypto", "Daemon", "HTTP", "JSON", "KubeClient", "Lab", "Linux", "NFTables", "NetTypes", "Netlink",
                "Overlay", "ServiceProxy", "Store",
            ]),

        // Requirements, temporary directories and waiting, for all tests; namespaces are in Lab.
        .target(
            name: "TestSupport", dependencies: ["Linux"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("NetTypesTests", ["NetTypes"]),
        tests("JSONTests", ["JSON"]),
        tests("YAMLTests", ["JSON", "YAML"]),
        tests("KubeAPITests", ["JSON", "KubeAPI", "NetTypes", "YAML"]),
        tests("LinuxTests", ["Linux"]),
        tests("CryptoTests", ["Crypto", "JSON", "Linux", "NetTypes"]),
        tests("IdentityTests", ["Crypto", "Identity", "JSON", "KubeAPI", "Linux", "NetTypes"]),
        tests("NetlinkTests", ["Lab", "Linux", "NetTypes", "Netlink"]),
        tests("NFTablesTests", ["CMnl", "Lab", "Linux", "NFTables", "NetTypes"]),
        tests("DaemonTests", ["Daemon", "JSON", "Linux"]),
        tests("HTTPTests", ["Crypto", "Daemon", "HTTP", "Linux", "NetTypes"]),
        // What the crash tests of the store start and kill.
        executable("store-writer", path: "Tests/StoreWriter", ["Linux", "Store"]),
        tests("StoreTests", ["HTTP", "JSON", "Linux", "Store", "store-writer"]),
        tests("KubeClientTests", ["Daemon", "HTTP", "JSON", "KubeAPI", "KubeClient", "Linux"]),
        tests("CNITests", ["CNI", "JSON", "Lab", "Linux", "NFTables", "NetTypes", "Netlink"]),
        tests(
            "ServiceProxyTests",
            [
                "Daemon", "HTTP", "JSON", "KubeAPI", "KubeClient", "Lab", "Linux", "NFTables", "NetTypes", "Netlink",
                "ServiceProxy",
            ]),
        tests(
            "OverlayTests",
            [
                "Daemon", "HTTP", "JSON", "KubeAPI", "Lab", "Linux", "NFTables", "NetTypes", "Netlink", "Overlay",
                "Store",
            ]),
        tests(
            "ControlPlaneTests",
            [
                "ControlPlane", "Crypto", "Daemon", "HTTP", "Identity", "JSON", "KubeAPI", "KubeClient", "Linux",
                "NetTypes", "Store", "poplin",
            ]),
        tests("LabTests", ["JSON", "Lab", "Linux", "NetTypes"]),
    ],
    swiftLanguageModes: [.v6]
)
