// Macros that come from another system, found again by the link that came with them.

internal import ReplicaCore

extension Decider {
  /// Makes the macro and its link in one delta, or brings the one that is here up to a newer state
  /// of the source. What was deleted here stays so.
  func importMacro(_ macro: MacroImport) throws(Refusal) -> Decision {
    try require(.admin)
    var checks = FieldChecks()
    checkPast(macro.updatedAt, "updated_at", &checks)
    try checks.finish()
    guard let id = linked(macro.origin, Desk.macro) else {
      var made = try change(MacroCommand.create(macro.draft))
      if let id = made.created, let link = link(macro.origin, to: RowRef(Desk.macro, id)) {
        made.changes.append(link)
      }
      return dated(made, macro.updatedAt)
    }
    let isDeleted = view.row(Desk.macro, id).value(MacroColumn.deleted).isTrue
    guard !isDeleted, isNotOlder(macro.updatedAt, than: RowRef(Desk.macro, id)) else {
      return decision([])
    }
    return dated(try change(MacroCommand.update(id, macro.draft)), macro.updatedAt)
  }

  /// The row of this entity that stands for one of another system.
  private func linked(_ origin: ImportOrigin, _ entity: EntityCode) -> RowID? {
    view.rows(of: Desk.importLink, ImportLinkColumn.origin, origin.value).lazy
      .map { view.row(Desk.importLink, $0) }
      .first { $0.value(ImportLinkColumn.entity) == .integer(Int64(entity.rawValue)) }?
      .value(ImportLinkColumn.row).integer.map { RowID($0) }
  }
}
