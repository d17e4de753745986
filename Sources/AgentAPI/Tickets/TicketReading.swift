// Reading tickets for an answer, with what stands beside them.

internal import HelpdeskDomain
internal import ReplicaCore

extension Call {
  /// Call this before the tickets are read, so that their version never claims more than they
  /// show.
  func presenter(_ desk: any DeskService) async throws -> TicketPresenter {
    let version = TicketVersion(vector: try await desk.version()).wire
    return TicketPresenter(base: base, version: version, checkboxes: [], reader: actor)
  }
}

extension TicketPresenter {
  /// Learns which fields are checkboxes, where a ticket holds a number that could be one.
  mutating func prepare(for tickets: [TicketRecord], _ desk: any DeskService) async throws {
    let mayHold = tickets.contains {
      $0.fields.values.contains { $0 == .integer(0) || $0 == .integer(1) }
    }
    guard mayHold else { return }
    checkboxes = Set(try await desk.ticketFields().filter { $0.type == "checkbox" }.map(\.id))
  }
}
