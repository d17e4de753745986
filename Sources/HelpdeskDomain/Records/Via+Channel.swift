// The words for how something came in, shown as `via.channel` and searched by.

package import ReplicaCore

extension Via {
  /// The name of the channel, as clients of the API know it.
  package var channel: String {
    switch self {
    case .api: "api"
    case .console: "web"
    case .cli: "cli"
    case .imported: "import"
    case .mail: "email"
    case .rule: "rule"
    case .system: "system"
    }
  }

  /// What came by mail is searched for by either word.
  static func found(as word: String) -> Via? {
    all.first { $0.channel == (word == "mail" ? Via.mail.channel : word) }
  }

  static let all: [Via] = [.api, .console, .cli, .imported, .mail, .rule, .system]
}
