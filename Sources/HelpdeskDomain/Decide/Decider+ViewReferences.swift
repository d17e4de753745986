// What the conditions of a view name must be there, or the view would be empty without a word.

internal import ReplicaCore

extension Decider {
  /// Adds a problem for each row, field and office of the conditions that this node does not know.
  /// What the view has asked for before stays: clients send all conditions back, and a group may be
  /// gone since.
  func checkReferences(
    _ conditions: ViewConditions, before: ViewConditions?, _ checks: inout FieldChecks
  ) {
    let old = (before?.all ?? []) + (before?.any ?? [])
    let known = Set(old.map { Asked(field: $0.field, texts: $0.value.texts) })
    for (list, name) in [(conditions.all, "all"), (conditions.any, "any")] {
      for (index, condition) in list.enumerated()
      where !known.contains(Asked(field: condition.field, texts: condition.value.texts)) {
        checkReferences(condition, "\(name)[\(index)]", &checks)
      }
    }
  }

  private func checkReferences(
    _ condition: ViewCondition, _ place: String, _ checks: inout FieldChecks
  ) {
    if let field = ConditionReader.customField(condition.field), !isField(field) {
      checks.missing("\(place).field", "ticket field", field)
    }
    for text in condition.value.texts {
      switch condition.field {
      case "helio_owner", "helio_home":
        let office = OfficeID(text)
        if text != "current_office", office.isValid {
          _ = isKnown(office, "\(place).value", &checks)
        }
      case "group_id":
        check(text, "group", Desk.group, GroupColumn.deleted, place, &checks)
      case "organization_id":
        check(
          text, "organization", Desk.organization, OrganizationColumn.deleted, place, &checks)
      case "assignee_id", "requester_id", "submitter_id":
        check(text, "user", Desk.user, UserColumn.deleted, place, &checks)
      default: return
      }
    }
  }

  private func check(
    _ text: String, _ kind: String, _ entity: EntityCode, _ deleted: UInt16, _ place: String,
    _ checks: inout FieldChecks
  ) {
    guard let id = TicketSearch.id(text), !isLive(entity, id, deleted: deleted) else { return }
    checks.missing("\(place).value", kind, id)
  }
}

/// What a condition names, whatever the comparison.
private struct Asked: Hashable {
  var field: String
  var texts: [String]
}
