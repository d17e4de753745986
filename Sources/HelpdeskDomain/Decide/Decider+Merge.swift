// Merging tickets: the sources are closed, the target goes on.
//
// All of it is one delta, so that no node ever shows half of it. Two offices that merge one ticket
// into two others while they are cut off both close it; the register `merged_into` then has two
// siblings and is a conflict for a person to settle. Both targets keep their comments.

internal import ReplicaCore

extension Decider {
  func mergeTickets(_ merge: TicketMerge) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try liveTicket(merge.target)
    var checks = FieldChecks()
    let sources = sources(of: merge, &checks)
    if state.isClosed {
      checks.add(
        "id", .invalidValue, "id: ticket \(merge.target) is closed; merge into an open one")
    }
    let told = sources.map { "#\($0.id)" }.joined(separator: ", ")
    let target = CommentDraft(
      body: merge.targetComment
        ?? "Request\(sources.count == 1 ? "" : "s") \(told) \(sources.count == 1 ? "was" : "were")"
        + " closed and merged into this request.",
      isPublic: merge.targetIsPublic)
    let source = CommentDraft(
      body: merge.sourceComment
        ?? "This request was closed and merged into request #\(merge.target).",
      isPublic: merge.sourceIsPublic)
    check(target, "target_comment", &checks)
    check(source, "source_comment", &checks)
    try checks.finish()
    var changes: [RowChange?] = []
    for each in sources { changes += close(each.id, each.state, into: merge.target, source) }
    changes += goOn(merge.target, state, with: sources.map(\.state), target)
    return decision(changes)
  }

  private func sources(
    of merge: TicketMerge, _ checks: inout FieldChecks
  ) -> [(id: RowID, state: RowState)] {
    var found: [(id: RowID, state: RowState)] = []
    let ids = Set(merge.sources).sorted()
    if ids.isEmpty {
      checks.add("ids", .blankValue, "ids: names no ticket; give those that are to be closed")
    }
    if ids.count > DeskLimits.mergedTickets {
      checks.add(
        "ids", .tooLong,
        "ids: names \(ids.count) tickets, at most \(DeskLimits.mergedTickets) are merged at once")
      return []
    }
    for id in ids {
      let state = view.row(Desk.ticket, id)
      if id == merge.target {
        checks.add("ids", .invalidValue, "ids: ticket \(id) cannot be merged into itself")
      } else if !state.exists || state.value(TicketColumn.deleted).isTrue {
        checks.missing("ids", "ticket", id)
      } else if state.isClosed {
        checks.add(
          "ids", .invalidValue, "ids: ticket \(id) is closed; closed tickets are not merged")
      } else {
        found.append((id, state))
      }
    }
    return found
  }

  private func close(
    _ id: RowID, _ state: RowState, into target: RowID, _ comment: CommentDraft
  ) -> [RowChange?] {
    let duty = self.duty(of: id, state)
    var ticket = TicketEditor(id, state, standing: duty.standing, context: context)
    ticket.row.set(TicketColumn.status, TicketStatus.closed.rawValue)
    ticket.row.add(TicketColumn.tags, [.text(TicketMerge.tag)])
    ticket.row.set(TicketColumn.mergedInto, target)
    return [
      ticket.row.change(touching: true), newComment(comment, on: id, author: actor.user),
      acceptance(byActingOn: duty.ticket, placement: duty.ticket.placement),
    ]
  }

  /// Who asked in a source hears of it in the target, where its comment is public.
  private func goOn(
    _ id: RowID, _ state: RowState, with sources: [RowState], _ comment: CommentDraft
  ) -> [RowChange?] {
    let duty = self.duty(of: id, state)
    var ticket = TicketEditor(id, state, standing: duty.standing, context: context)
    if comment.isPublic {
      let own = state.value(TicketColumn.requester)
      let present = state.elements(TicketColumn.collaborators)
      let asking = sources.flatMap { source in
        [source.value(TicketColumn.requester)] + source.elements(TicketColumn.collaborators)
      }
      let added = Set(asking).subtracting(present).subtracting([own, .null]).sorted()
      let room = max(0, DeskLimits.collaborators - present.count)
      ticket.row.add(TicketColumn.collaborators, Array(added.prefix(room)))
    }
    return [
      ticket.row.change(touching: true), newComment(comment, on: id, author: actor.user),
      acceptance(byActingOn: duty.ticket, placement: duty.ticket.placement),
    ]
  }

  /// Undoes a deletion.
  func restoreTicket(_ id: RowID) throws(Refusal) -> Decision {
    try requireUser(.edit)
    let state = try live(Desk.ticket, id, deleted: nil)
    guard state.value(TicketColumn.deleted).isTrue else {
      throw .notFound(kind: "deleted ticket", id: id.description)
    }
    var row = RowEditor(
      RowRef(Desk.ticket, id), state: state, standing: standing(of: id, state), context: context)
    row.set(TicketColumn.deleted, false)
    return decision([row.change()])
  }
}

extension RowState {
  /// Of a ticket.
  var isClosed: Bool { value(TicketColumn.status) == .text(TicketStatus.closed.rawValue) }
}
