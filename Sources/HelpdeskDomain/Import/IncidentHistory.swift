// Turns the snapshots of one incident into the steps that replay it.

internal import ReplicaCore

/// All snapshots of one incident in their order.
package struct IncidentHistory: Hashable, Sendable {
  package let snapshots: [IncidentSnapshot]

  /// Orders the snapshots of one number: `sys_mod_count`, then line.
  package init(_ snapshots: [IncidentSnapshot]) {
    self.snapshots = snapshots.sorted {
      $0.modCount == $1.modCount ? $0.line < $1.line : $0.modCount < $1.modCount
    }
  }

  /// The group names that the catalog must know.
  package var groupNames: Set<String> { Set(snapshots.compactMap { $0[.assignmentGroup] }) }

  /// The steps from snapshot `applied` (0: nothing yet) to the last one.
  ///
  /// One step for every snapshot that changes more than bookkeeping, which brings the
  /// bookkeeping since the step before along; and a closing step where bookkeeping is left over,
  /// so that afterwards every column equals the last snapshot.
  package func steps(
    after applied: Int, catalog: ImportCatalog, offices: ImportOfficeRule
  ) -> [ImportStep] {
    guard applied < snapshots.count, let first = snapshots.first else { return [] }
    var steps: [ImportStep] = []
    var from = applied
    for ordinal in applied + 1...snapshots.count {
      let before = from == 0 ? nil : snapshots[from - 1]
      let snapshot = snapshots[ordinal - 1]
      let changed = IncidentColumn.allCases.filter { before?[$0] != snapshot[$0] }
      let isLast = ordinal == snapshots.count
      guard
        before == nil || !IncidentColumn.bookkeeping.isSuperset(of: changed)
          || (isLast && !changed.isEmpty)
      else { continue }
      steps.append(
        step(
          from: from, to: ordinal, changed, snapshot, catalog,
          home: before == nil ? offices.office(of: first) : nil))
      from = ordinal
    }
    return steps
  }

  private func step(
    from: Int, to: Int, _ changed: [IncidentColumn], _ snapshot: IncidentSnapshot,
    _ catalog: ImportCatalog, home: OfficeID?
  ) -> ImportStep {
    var step = ImportStep(
      externalID: snapshot.number, from: from, to: to,
      occurredAt: Self.date(of: snapshot, isFirst: home != nil),
      snapshotField: catalog.snapshotField)
    if let home { step.opening = IncidentMapping.opening(of: snapshot, home: home) }
    for column in changed {
      if let field = catalog.fields[column] {
        step.fields[field] = snapshot[column].map { .text($0) } ?? .null
      }
      switch column {
      case .incidentState: step.status = IncidentMapping.status(snapshot[column])
      case .priority:
        step.priority = IncidentMapping.priority(snapshot[column]).map { .set($0) } ?? .clear
      case .assignmentGroup:
        let group = snapshot[column].flatMap { catalog.groups[$0] }
        step.group = group.map { .set($0) } ?? .clear
      default: break
      }
    }
    return step
  }

  /// When it happened: a ticket's birth is its opening, a change its update.
  private static func date(of snapshot: IncidentSnapshot, isFirst: Bool) -> Instant {
    let opened = snapshot.time(.openedAt) ?? snapshot.time(.sysCreatedAt)
    let updated = snapshot.time(.sysUpdatedAt)
    return (isFirst ? opened ?? updated : updated ?? opened) ?? .zero
  }
}

/// The log's words in the desk's words (docs/IMPORT.md has the table).
package enum IncidentMapping {
  /// An unknown or unlisted state counts as open; the word itself is kept in its field.
  package static func status(_ state: String?) -> String {
    let status: TicketStatus =
      switch state {
      case "New": .new
      case "Awaiting User Info": .pending
      case "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence": .hold
      case "Resolved": .solved
      case "Closed": .closed
      default: .open
      }
    return status.rawValue
  }

  package static func priority(_ text: String?) -> String? {
    let priority: TicketPriority? =
      switch text?.first {
      case "1": .urgent
      case "2": .high
      case "3": .normal
      case "4", "5": .low
      default: nil
      }
    return priority?.rawValue
  }

  static func opening(of snapshot: IncidentSnapshot, home: OfficeID) -> ImportStep.Opening {
    let topic = [IncidentColumn.category, .subcategory, .symptom].compactMap { snapshot[$0] }
    let subject = ([snapshot.number] + topic).joined(separator: " · ")
    var lines = ["Incident \(snapshot.number), imported from an incident log."]
    for column in [
      IncidentColumn.callerID, .location, .contactType, .category, .subcategory, .symptom,
      .configurationItem, .impact, .urgency,
    ] {
      if let text = snapshot[column] { lines.append("\(column.rawValue): \(text)") }
    }
    return ImportStep.Opening(
      subject: subject, description: lines.joined(separator: "\n"),
      type: TicketType.incident.rawValue, home: home)
  }
}
