// Settles an entry of the conflict inbox: a write that names all siblings, shown or hidden.

internal import ReplicaCore

extension Decider {
  func resolveConflict(
    _ ref: RowRef, _ cell: CellKey, _ choice: ConflictChoice
  ) throws(Refusal) -> Decision {
    let state = view.row(ref)
    let shelf = Shelf(ref.entity)
    if ref.entity == Desk.ticket || ref.entity == Desk.organization {
      try requireUser(.edit)
    } else if let shelf {
      try mayChange(shelf, ref.id, state)
    } else {
      try require(.admin)
    }
    guard let register = state.cells[cell]?.register, let shown = register.winner,
      !register.conflicts.isEmpty
    else { throw .notFound(kind: "conflict", id: "\(ref)/\(cell)") }
    let value = try chosen(choice, register, shown, of: ref.entity, cell)
    if let shelf, cell == CellKey(shelf.restriction) { try mayKeep(Restriction(value)) }
    let standing = ref.entity == Desk.ticket ? standing(of: ref.id, state) : .outsider
    var row = RowEditor(ref, state: state, standing: standing, context: context)
    let siblings = Set((register.live + register.hidden).map(\.stamp.dot))
    row.write(cell, naming: siblings) { register, replaces in
      guard ref.entity == Desk.ticket, cell == CellKey(TicketColumn.placement),
        var placement = Placement(value)
      else { return value }
      placement.weight = Placement.weight(replacing: replaces, in: register)
      return placement.value
    }
    return decision([row.change()])
  }

  private func chosen(
    _ choice: ConflictChoice, _ register: RegisterState, _ shown: Write,
    of entity: EntityCode, _ cell: CellKey
  ) throws(Refusal) -> Value {
    switch choice {
    case .keep:
      return shown.value ?? .null
    case .other(let dot):
      guard let other = register.conflicts.first(where: { $0.stamp.dot == dot }) else {
        throw .invalid([
          FieldProblem(
            "choice", .recordNotFound,
            "choice: no write \(dot) is in this conflict; name one of those listed")
        ])
      }
      return other.value ?? .null
    case .both:
      let texts = ([shown] + register.conflicts).compactMap { $0.value?.text }
      guard isFreeText(entity, cell), texts.count > 1 else {
        throw .invalid([
          FieldProblem(
            "choice", .invalidValue,
            "choice: both can be kept of free texts only; choose keep or other")
        ])
      }
      return .text(texts.joined(separator: " / "))
    }
  }

  /// Whether the texts of a cell may stand one after the other.
  private func isFreeText(_ entity: EntityCode, _ cell: CellKey) -> Bool {
    let column = cell.column
    return switch entity {
    case Desk.ticket where column == TicketColumn.fields:
      // Two options of a list, or two dates, are neither.
      TicketFieldType(
        rawValue: view.row(Desk.ticketField, RowID(cell.key)).value(TicketFieldColumn.type).text
          ?? "")?.isFreeText ?? false
    case Desk.ticket: column == TicketColumn.subject
    case Desk.organization:
      column == OrganizationColumn.details || column == OrganizationColumn.notes
    case Desk.user: column == UserColumn.notes
    case Desk.group: column == GroupColumn.description
    default: false
    }
  }
}
