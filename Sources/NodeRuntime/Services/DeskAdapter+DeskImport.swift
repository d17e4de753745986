// Import of another desk: rows with foreign ids in, one delta per new or changed row out.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

extension DeskAdapter {
  func importDesk(
    _ batch: DeskBatch, as actor: Actor
  ) async throws(DeskFailure) -> ImportReport {
    var actor = actor
    actor.via = .imported
    guard actor.role.mayAdminister else {
      throw .refused(.forbidden(.role(actor.role, needs: "admin")))
    }
    if let office = batch.office, !offices().isKnown(office) {
      throw .refused(
        .invalid([
          FieldProblem(
            "office", .invalidValue,
            "office: there is no office '\(office)'; known are "
              + offices().order.map(\.rawValue).joined(separator: ", "))
        ]))
    }
    var run = DeskImport(
      desk: self, system: batch.system, office: batch.office ?? actor.office, actor: actor,
      now: clock.now)
    run.report.bad = batch.bad
    switch batch.content {
    case .organizations(let rows): try await run.take(rows)
    case .groups(let rows): try await run.take(rows)
    case .users(let rows): try await run.take(rows)
    case .memberships(let rows): try await run.take(rows)
    case .ticketFields(let rows): try await run.take(rows)
    case .tickets(let rows): try await run.take(rows)
    case .comments(let rows): try await run.take(rows)
    case .macros(let rows): try await run.take(rows)
    }
    return run.report
  }
}

/// One batch under way.
struct DeskImport {
  let desk: DeskAdapter
  let system: String
  let office: OfficeID
  let actor: Actor
  let now: Instant
  var report = ImportReport()

  /// A command with the line it came from. `isNew` where no row stood for it before.
  struct Step {
    var line: Int
    var isNew: Bool
    var command: DeskCommand
    /// A piece of the row of another step: it is not counted by itself.
    var isPart = false
    /// What to try where this is refused: its comments one by one, so that a bad one takes no other
    /// with it.
    var singly: [Step] = []
  }

  func origin(_ kind: String, _ id: Int64) -> ImportOrigin {
    ImportOrigin(system: system, kind: kind, id: id)
  }

  mutating func bad(_ line: Int, _ reason: String) {
    report.bad.append(.init(line: line, reason: reason))
  }

  mutating func warn(_ line: Int, _ reason: String) {
    report.warnings.append(.init(line: line, reason: reason))
  }

  /// Runs commands in order and counts what they did. Returns the rows that were made.
  @discardableResult
  mutating func run(
    _ steps: [Step], isSecond: Bool = false
  ) async throws(DeskFailure) -> [RowID?] {
    var made: [RowID?] = []
    var again: [Step] = []
    let results = await desk.submit(all: steps.map(\.command), as: actor)
    for (result, step) in zip(results, steps) {
      switch result {
      case .success(let receipt):
        made.append(receipt.created)
        if step.isPart {
          continue
        } else if !receipt.changed {
          report.unchanged += 1
        } else if step.isNew, receipt.created != nil {
          report.created += 1
        } else {
          report.updated += 1
        }
      case .failure(.refused(let refusal)):
        made.append(nil)
        // A node that cannot write is no fault of the row.
        switch refusal {
        case .readOnly, .storageFull, .clockUntrusted: throw .refused(refusal)
        case .notFound(kind: "ticket", id: _) where step.isPart:
          // Its ticket was refused, which is told of; it may still come with the second try.
          if !isSecond { again.append(step) }
        default:
          if step.singly.isEmpty { bad(step.line, Self.words(refusal)) }
          again += step.singly
        }
      case .failure(let failure): throw failure
      }
    }
    if !again.isEmpty { try await run(again, isSecond: true) }
    return made
  }

  static func words(_ refusal: Refusal) -> String {
    switch refusal {
    case .invalid(let problems): problems.map(\.message).joined(separator: "; ")
    case .notFound(let kind, let id): "there is no \(kind) \(id) here; import it first"
    case .overLimit(let limit, let value, let maximum):
      "\(limit) is \(value), the limit is \(maximum)"
    default: "\(refusal)"
    }
  }

  /// Rows of an entity by the foreign ids that they stand for.
  func rows(
    _ entity: EntityCode, _ column: UInt16, _ kind: String, _ ids: Set<Int64>
  ) async throws(DeskFailure) -> [Int64: RowID] {
    let names = ids.sorted().map { ($0, origin(kind, $0).text) }
    return try await desk.read { view in
      var found: [Int64: RowID] = [:]
      for (id, name) in names {
        found[id] = try view.rows(entity, column: column, equals: .text(name)).first?.0
      }
      return found
    }
  }

  /// Groups by the foreign ids that were linked to them.
  func linked(_ kind: String, _ ids: Set<Int64>) async throws(DeskFailure) -> [Int64: RowID] {
    let names = ids.sorted().map { ($0, origin(kind, $0).text) }
    return try await desk.read { view in
      var found: [Int64: RowID] = [:]
      for (id, name) in names {
        let links = try view.rows(
          Desk.importLink, column: ImportLinkColumn.origin, equals: .text(name))
        found[id] = links.first?.1.value(ImportLinkColumn.row).integer.map { RowID($0) }
      }
      return found
    }
  }
}
