// One-field updates of random tickets: the change that a desk makes most.

internal import HelpdeskDomain
internal import ReplicaCore

/// An endless row of updates, each of which changes one field to another value.
struct Updates: Sendable {
  private let tickets: [RowID]
  private var random: SeededRandom
  private var made = 0

  init(of tickets: [RowID], seed: UInt64) {
    self.tickets = tickets
    random = SeededRandom(seed: seed)
  }

  /// The next one. It writes an indexed column; the value is new every time, so that no update
  /// turns out to change nothing.
  mutating func next() -> DeskCommand {
    made += 1
    var edit = TicketEdit()
    edit.externalID = .set("ref-\(made)-\(random.next() % 1_000_000)")
    return .updateTicket(tickets[Int.random(in: 0..<tickets.count, using: &random)], edit)
  }

  mutating func take(_ count: Int) -> [DeskCommand] { (0..<count).map { _ in next() } }
}
