// The node's entry about where it can be reached.

internal import ReplicaCore

extension Decider {
  /// Writes only what changed; one row for each node, under its own slot.
  func announceSite(peer: String, api: String) throws(Refusal) -> Decision {
    guard actor.user == .none else {
      throw .forbidden(.role(actor.role, needs: "the node itself"))
    }
    let slot = Int64(context.dot.slot.rawValue)
    let known = view.rows(of: Desk.site, SiteColumn.slot, .integer(slot))
      .filter { $0.slot == context.dot.slot }.min()
    let id = known ?? context.newID()
    var row = editor(Desk.site, id, known.map { view.row(Desk.site, $0) } ?? RowState())
    row.set(SiteColumn.slot, .integer(slot))
    row.set(SiteColumn.peerAddress, peer)
    row.set(SiteColumn.apiURL, api)
    return decision([row.change()])
  }
}
