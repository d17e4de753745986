// Import of an incident log: rows of whole incidents in, one delta per changed snapshot out.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  /// Rows of one incident must come together in one batch; the order of batches is free.
  func importIncidents(
    _ batch: IncidentBatch, as actor: Actor
  ) async throws(DeskFailure) -> ImportReport {
    var actor = actor
    actor.via = .imported
    guard actor.role.mayAdminister else {
      throw .refused(.forbidden(.role(actor.role, needs: "admin")))
    }
    var report = ImportReport()
    let histories = histories(of: batch, &report)
    guard !histories.isEmpty else { return report }
    let catalog = try await catalog(for: histories, actor)
    let map = batch.officeMap.mapValues { OfficeID($0) }
    guard let rule = ImportOfficeRule(offices: offices().order, explicit: map) else {
      throw .failed(
        OperationalError(
          code: "NoOffice", message: "There is no office to import into.",
          hint: "Found a cluster first: helio init."))
    }
    let applied = try await appliedSnapshots(histories.map(\.snapshots[0].number), catalog)
    var commands: [DeskCommand] = []
    var lines: [(line: Int, opens: Bool)] = []
    for history in histories {
      let done = applied[history.snapshots[0].number] ?? 0
      let steps = history.steps(after: done, catalog: catalog, offices: rule)
      report.unchanged += max(0, history.snapshots.count - steps.count)
      for step in steps {
        commands.append(.importTicket(step))
        lines.append((history.snapshots[step.to - 1].line, step.opening != nil))
      }
    }
    for (result, place) in zip(await door.submit(all: commands, as: actor), lines) {
      switch result {
      case .success(let accepted):
        if accepted.delta == nil {
          report.unchanged += 1
        } else if place.opens {
          report.created += 1
        } else {
          report.updated += 1
        }
      case .failure(let refusal as Refusal):
        report.bad.append(.init(line: place.line, reason: "\(refusal)"))
      case .failure(let error): throw Self.failure(error)
      }
    }
    return report
  }

  private func histories(
    of batch: IncidentBatch, _ report: inout ImportReport
  ) -> [IncidentHistory] {
    var order: [String] = []
    var snapshots: [String: [IncidentSnapshot]] = [:]
    for row in batch.rows {
      do throws(ImportProblem) {
        let header = row.values.keys.sorted()
        let layout = try IncidentLayout(header: header)
        let snapshot = try layout.snapshot(header.map { row.values[$0] ?? "" }, line: row.line)
        if snapshots[snapshot.number] == nil { order.append(snapshot.number) }
        snapshots[snapshot.number, default: []].append(snapshot)
      } catch {
        report.bad.append(.init(line: row.line, reason: "\(error)"))
      }
    }
    return order.map { IncidentHistory(snapshots[$0] ?? []) }
  }

  /// Groups and ticket fields that the log names, made where they are missing.
  private func catalog(
    for histories: [IncidentHistory], _ actor: Actor
  ) async throws(DeskFailure) -> ImportCatalog {
    let known = try await read { try $0.groups(.offset(page: 1, size: 10_000)).rows }
    var groups = Dictionary(known.map { ($0.name, $0.id) }, uniquingKeysWith: min)
    let named = histories.reduce(into: Set<String>()) { $0.formUnion($1.groupNames) }
    for name in named.sorted() where groups[name] == nil {
      let receipt = try await submit(.createGroup(GroupDraft(name: name)), as: actor)
      groups[name] = receipt.created
    }
    var fields = Dictionary(
      try await ticketFields().compactMap { field in field.key.map { ($0, field.id) } },
      uniquingKeysWith: min)
    for draft in ImportCatalog.fieldDrafts {
      guard let key = draft.key, fields[key] == nil else { continue }
      fields[key] = try await submit(.createTicketField(draft), as: actor).created
    }
    var columns: [IncidentColumn: RowID] = [:]
    for column in IncidentColumn.allCases { columns[column] = fields[column.rawValue] }
    return ImportCatalog(
      groups: groups, fields: columns, snapshotField: fields[IncidentColumn.snapshotKey] ?? .none)
  }

  /// How many snapshots of each incident were taken in already.
  private func appliedSnapshots(
    _ numbers: [String], _ catalog: ImportCatalog
  ) async throws(DeskFailure) -> [String: Int] {
    try await read { view in
      var applied: [String: Int] = [:]
      for number in numbers {
        let rows = try view.rows(
          Desk.ticket, column: TicketColumn.externalID, equals: .text(number))
        guard let state = rows.first?.1 else { continue }
        let cell = CellKey(TicketColumn.fields, key: catalog.snapshotField.rawValue)
        applied[number] = Int(state.value(cell).integer ?? 0)
      }
      return applied
    }
  }
}
