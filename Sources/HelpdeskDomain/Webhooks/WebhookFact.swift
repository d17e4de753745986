// What an event brought, by its kind, so that each is written the same way wherever it stands.

package import ReplicaCore

/// A fact of an event that receivers outside are told.
package enum WebhookFact: Hashable, Sendable {
  case nothing
  case id(RowID)
  case flag(Bool)
  case text(String)
  /// A status, a priority or a type: told in capitals, as receivers of these events know it.
  case word(String)
  case time(Instant)
  case texts([String])
  case facts([String: WebhookFact])
}

extension WebhookFact {
  /// How a register's value is told.
  package enum Kind: Hashable, Sendable {
    case id, flag, text, word, time

    /// Nothing where the register is empty, or holds what is of no such kind.
    package func fact(_ value: Value) -> WebhookFact {
      switch self {
      case .id: value.integer.flatMap { $0 == 0 ? nil : .id(RowID($0)) } ?? .nothing
      case .flag: value.integer.map { .flag($0 != 0) } ?? .nothing
      case .text: value.text.map { .text($0) } ?? .nothing
      case .word: value.text.flatMap { $0.isEmpty ? nil : .word($0) } ?? .nothing
      case .time: value.integer.map { .time(Instant(milliseconds: $0)) } ?? .nothing
      }
    }
  }
}

/// The one write of a register that a change replaced: what was there before.
package struct ReplacedWrite: Hashable, Sendable {
  package var row: RowRef
  package var column: UInt16
  /// The delta that it was part of.
  package var dot: Dot
  package var kind: WebhookFact.Kind

  /// What it wrote; nil where the delta is another, or its bytes are not here.
  package func fact(in delta: Delta) -> WebhookFact? {
    guard delta.header.dot == dot else { return nil }
    let change = delta.changes.first { $0.row == row && $0.writes(column) }
    return change?.written(column).map { kind.fact($0) }
  }
}
