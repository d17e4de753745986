// When, within the time that two offices share, ownership passes from one to the other.

/// The boundary between an outgoing and an incoming window; never past the outgoing end.
package enum Handover: Hashable, Sendable, CustomStringConvertible {
  /// When the incoming office begins.
  case start
  /// When the outgoing office ends.
  case end
  /// So many minutes after the incoming office began.
  case afterStart(minutes: Int)

  package static let usual = Handover.afterStart(minutes: 30)

  /// From `start`, `end` or `start+30`.
  package init?(_ text: String) {
    switch text {
    case "start": self = .start
    case "end": self = .end
    default:
      guard text.hasPrefix("start+"),
        let minutes = decimal(ArraySlice(Array(text.utf8.dropFirst(6))))
      else { return nil }
      self = .afterStart(minutes: minutes)
    }
  }

  package var description: String {
    switch self {
    case .start: "start"
    case .end: "end"
    case .afterStart(let minutes): "start+\(minutes)"
    }
  }
}

extension Handover: Codable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let handover = Handover(text) else {
      throw malformed(
        decoder, "\"\(text)\" is no handover; write \"start\", \"end\" or \"start+30\"")
    }
    self = handover
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
