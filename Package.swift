// swift-tools-version: 6.2
// Heliotrope: eight libraries, three executables. Imports go strictly down (docs/ARCHITECTURE.md).
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Set by Tests/fuzz/run: our targets are instrumented for libFuzzer, and its program is made.
let isFuzzing = Context.environment["HELIO_FUZZING"] != nil
let instrumented =
  isFuzzing ? strict + [.unsafeFlags(["-sanitize=fuzzer"])] : strict

func product(_ name: String, _ package: String) -> Target.Dependency {
  .product(name: name, package: package)
}

let crypto = product("Crypto", "swift-crypto")
let cryptoExtras = product("CryptoExtras", "swift-crypto")
let x509 = product("X509", "swift-certificates")
let asn1 = product("SwiftASN1", "swift-asn1")
let grdb = product("GRDB", "GRDB.swift")
let sqlite = product("GRDBSQLite", "GRDB.swift")
let nioCore = product("NIOCore", "swift-nio")
let nioPosix = product("NIOPosix", "swift-nio")
let nioHTTP1 = product("NIOHTTP1", "swift-nio")
let nioTLS = product("NIOTLS", "swift-nio")
let nioSSL = product("NIOSSL", "swift-nio-ssl")
let protobuf = product("SwiftProtobuf", "swift-protobuf")
let hummingbird = product("Hummingbird", "hummingbird")
let hummingbirdCore = product("HummingbirdCore", "hummingbird")
let hummingbirdTLS = product("HummingbirdTLS", "hummingbird")
let hummingbirdTesting = product("HummingbirdTesting", "hummingbird")
let collections = product("OrderedCollections", "swift-collections")
let deque = product("DequeModule", "swift-collections")
let logging = product("Logging", "swift-log")
let lifecycle = product("ServiceLifecycle", "swift-service-lifecycle")
let unixSignals = product("UnixSignals", "swift-service-lifecycle")
let arguments = product("ArgumentParser", "swift-argument-parser")
let httpClient = product("AsyncHTTPClient", "async-http-client")
let toml = product("TOMLKit", "TOMLKit")

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: instrumented)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "heliotrope",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "helio", targets: ["helio"]),
    .executable(name: "helio-sim", targets: ["helio-sim"]),
    .executable(name: "helio-bench", targets: ["helio-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    library("ReplicaCore", [collections, deque, crypto]),
    library("HelpdeskDomain", ["ReplicaCore"]),
    library("ClusterTrust", ["ReplicaCore", x509, asn1, crypto, cryptoExtras]),
    library("ReplicaStore", ["ReplicaCore", "HelpdeskDomain", grdb, crypto]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "SyncTransport",
      dependencies: [
        "ReplicaCore", "ClusterTrust", "CZlib", nioCore, nioPosix, nioTLS, nioSSL, protobuf,
        logging,
      ],
      exclude: ["Proto"], swiftSettings: instrumented),
    library(
      "AgentAPI",
      [
        "ReplicaCore", "HelpdeskDomain", hummingbird, hummingbirdCore, hummingbirdTLS, nioCore,
        nioSSL, lifecycle, logging,
      ]),
    library(
      "NodeRuntime",
      [
        "ReplicaCore", "HelpdeskDomain", "ClusterTrust", "ReplicaStore", "SyncTransport",
        "AgentAPI",
        hummingbird, hummingbirdTLS, httpClient, nioCore, nioPosix, nioHTTP1, nioSSL, x509, crypto,
        cryptoExtras, lifecycle, unixSignals, logging, toml,
      ]),
    library("Simulator", ["ReplicaCore", "HelpdeskDomain", "ClusterTrust", "ReplicaStore"]),
    executable(
      "helio",
      [
        "NodeRuntime", "ReplicaCore", "HelpdeskDomain", "CZlib", arguments, httpClient, nioCore,
        nioPosix, nioHTTP1, nioSSL, logging,
      ]),
    executable("helio-sim", ["Simulator", arguments]),
    executable(
      "helio-bench",
      [
        "NodeRuntime", "ReplicaCore", "HelpdeskDomain", "ClusterTrust", "SyncTransport", sqlite,
        arguments, httpClient, nioCore, nioPosix, nioHTTP1, nioSSL, logging,
      ]),
    tests("ReplicaCoreTests", ["ReplicaCore"]),
    tests("HelpdeskDomainTests", ["HelpdeskDomain", "ReplicaCore"]),
    tests("ReplicaStoreTests", ["ReplicaStore", "HelpdeskDomain", "ReplicaCore", grdb]),
    tests("ClusterTrustTests", ["ClusterTrust", "ReplicaCore", x509, crypto]),
    tests(
      "SyncTransportTests",
      [
        "SyncTransport", "ClusterTrust", "ReplicaCore", nioCore, nioPosix, nioSSL, protobuf,
        logging,
      ]),
    tests(
      "AgentAPITests",
      [
        "AgentAPI", "HelpdeskDomain", "ReplicaCore", hummingbird, hummingbirdTesting, nioCore,
        nioPosix, logging,
      ]),
    tests(
      "NodeRuntimeTests",
      [
        "NodeRuntime", "AgentAPI", "SyncTransport", "ReplicaStore", "ClusterTrust",
        "HelpdeskDomain", "ReplicaCore", httpClient, nioCore, nioHTTP1, nioSSL, logging,
      ]),
    .testTarget(
      name: "SimulatorTests",
      dependencies: ["Simulator", "ReplicaStore", "HelpdeskDomain", "ReplicaCore"],
      exclude: ["seeds.txt"], swiftSettings: strict),
    tests("HelioTests", ["helio", "CZlib", arguments, hummingbird, nioCore, logging]),
    tests("HelioBenchTests", ["helio-bench", "HelpdeskDomain", "ReplicaCore", arguments]),
    tests("HouseTests", []),
  ]
)

// The readers of foreign input under their laws: an ordinary test replays the corpus, and
// libFuzzer extends it. The fuzzing program takes of `helio` only what reads incident logs.
let fuzzed: [Target.Dependency] = [
  "ReplicaCore", "HelpdeskDomain", "ClusterTrust", "ReplicaStore", "SyncTransport", "AgentAPI",
  "NodeRuntime", "helio",
]
if isFuzzing {
  package.products = []
  package.targets.removeAll { $0.isTest || $0.type == .executable }
  package.targets += [
    .target(
      name: "helio", dependencies: ["CZlib"],
      sources: [
        "Failure.swift", "Incidents/ByteSource.swift", "Incidents/CSVReader.swift",
        "Incidents/GzipSource.swift", "Incidents/IncidentFile.swift", "Terminal/Printable.swift",
        "Terminal/Style.swift",
      ], swiftSettings: instrumented),
    .executableTarget(
      name: "helio-fuzz", dependencies: fuzzed, path: "Tests/fuzz",
      exclude: ["CorpusTests.swift", "FuzzSeeds.swift", "FuzzSeeds+Text.swift", "corpus", "run"],
      swiftSettings: instrumented),
  ]
} else {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: "Tests/fuzz",
      exclude: ["FuzzMain.swift", "corpus", "run"], swiftSettings: strict))
}
