// Which methods a path has: what `Allow` names, and what docs/openapi.yaml must describe.

internal import Hummingbird

/// The registered routes.
package struct RouteTable: Sendable {
  /// Path as registered, such as `/api/v2/tickets/{id}` → its methods.
  private var methods: [String: Set<String>] = [:]

  /// Every route as `METHOD /path`, in order; the HEAD that goes with each GET is left out.
  package var lines: [String] {
    methods.flatMap { path, methods in methods.map { "\($0) \(path)" } }.sorted()
  }

  mutating func add(_ method: HTTPRequest.Method, _ path: String) {
    methods[path, default: []].insert(method.rawValue)
  }

  mutating func add(_ other: RouteTable) {
    methods.merge(other.methods) { $0.union($1) }
  }

  /// What the path of a request takes, in order; empty where there is no such path.
  func methods(at path: String) -> [String] {
    let wanted = Self.segments(path)
    // As in the router, a plain segment goes before one that is filled in.
    let best = methods.keys.map { (path: $0, segments: Self.segments($0)) }
      .filter { Self.matches($0.segments, wanted) }
      .min { left, right in
        left.segments.map(Self.isFilledIn).lexicographicallyPrecedes(
          right.segments.map(Self.isFilledIn)
        ) { !$0 && $1 }
      }
    guard let best, let found = methods[best.path] else { return [] }
    return (found.contains("GET") ? found.union(["HEAD"]) : found).sorted()
  }

  private static func segments(_ path: String) -> [Substring] { path.split(separator: "/") }

  private static func isFilledIn(_ segment: Substring) -> Bool { segment.hasPrefix("{") }

  private static func matches(_ template: [Substring], _ path: [Substring]) -> Bool {
    template.count == path.count
      && zip(template, path).allSatisfy { isFilledIn($0) || $0 == $1 }
  }
}
