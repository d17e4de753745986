// Roster, coverage, duty, owners and boards for the API.

internal import AgentAPI
internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore
internal import ReplicaStore

internal import struct Foundation.Data
internal import class Foundation.JSONDecoder

extension NodeAdapter {
  func roster() async throws(DeskFailure) -> RosterReport? {
    let now = parts.clock.rosterNow
    return try await duty { duty in
      let publication = duty.book.inForce(at: now) ?? duty.book.publications.last
      return try publication.map {
        try Self.report($0, warnings: Self.warnings(duty, $0))
      }
    }
  }

  private static func report(
    _ publication: RosterPublication, warnings: [String]
  ) throws -> RosterReport {
    let content = publication.content
    return RosterReport(
      id: publication.id.rawValue, number: content.number,
      publishedAt: WireTime(publication.version.hlc.instant),
      effectiveAt: WireTime(content.effectiveAt), emergency: content.isEmergency,
      offices: content.rules.officeOrder.map(\.rawValue),
      groups: content.rules.groups.map(\.name), publication: try content.canonicalJSON(),
      warnings: warnings)
  }

  func publishRoster(
    _ upload: RosterUpload, as actor: Actor
  ) async throws(DeskFailure) -> RosterReport {
    let rules = try Self.rules(of: upload)
    let problems = rules.validate { SystemZones.offsets($0) != nil }
    guard problems.isEmpty else {
      throw .refused(
        .invalid(problems.map { FieldProblem("roster", .invalidValue, "roster: \($0)") }))
    }
    let now = parts.clock.rosterNow
    let number = try await duty { $0.book.greatestNumber } + 1
    let canonical: String
    do throws(RosterRefusal) {
      // The first roster of a cluster takes effect at once: there is none that it could disturb.
      let content = try RosterContent.compose(
        rules, number: number, now: now, isEmergency: upload.emergency || number == 1
      ) { SystemZones.offsets($0) }
      canonical = try content.canonicalJSON()
    } catch {
      throw .refused(.invalid([FieldProblem("roster", .invalidValue, "roster: \(error)")]))
    }
    do {
      let accepted = try await parts.door.submit(.publishRoster(canonical: canonical), as: actor)
      let id = accepted.created ?? .none
      return try await duty { duty in
        guard let publication = duty.book.publications.first(where: { $0.id == id }) else {
          throw DeskFailure.failed(
            OperationalError(
              code: "RosterLost", message: "The publication is not there after its commit.",
              hint: "Look at the node's log."))
        }
        return try Self.report(publication, warnings: Self.warnings(duty, publication))
      }
    } catch { throw DeskAdapter.failure(error) }
  }

  private static func rules(of upload: RosterUpload) throws(DeskFailure) -> RosterRules {
    do {
      switch upload.format {
      case .toml: return try TOMLText(upload.text).decode(RosterRules.self)
      case .json:
        return try JSONDecoder().decode(RosterRules.self, from: Data(upload.text.utf8))
      }
    } catch {
      throw .refused(
        .invalid([
          FieldProblem(
            "roster", .invalidValue,
            "roster: the file cannot be read: \(FileFault.words(error)); docs/OPERATING.md shows "
              + "one")
        ]))
    }
  }

  private static func warnings(
    _ duty: DutyReading, _ publication: RosterPublication
  ) -> [String] {
    let from = publication.content.effectiveAt
    let gaps: [String] = duty.book.allTables.compactMap { group, table in
      let coverage = Coverage(table, over: from..<(from + 7 * 86_400_000))
      guard coverage.unstaffedMinutes > 0 else { return nil }
      return "group \(group): \(coverage.unstaffedMinutes) minutes of the first week have nobody"
    }
    return absentOffices(duty, publication) + gaps
  }

  /// An office may join later; a code that is misspelt never does.
  private static func absentOffices(
    _ duty: DutyReading, _ publication: RosterPublication
  ) -> [String] {
    let offices = duty.facts.view.offices
    let known = offices.order.filter(offices.active.contains).map(\.rawValue)
      .joined(separator: ", ")
    let absent = publication.content.rules.officeOrder.filter { !offices.active.contains($0) }
    return absent.map {
      "the roster names '\($0)', which has no node; known offices are \(known)"
    }
  }

  func coverage(week: String?) async throws(DeskFailure) -> CoverageReport {
    let now = parts.clock.rosterNow
    let current = ISOWeek(CivilDate(utc: now))
    guard let week = week.map({ ISOWeek($0) }) ?? current else {
      throw .refused(
        .invalid([
          FieldProblem(
            "week", .invalidValue, "week: write an ISO week such as 2026-W12, not '\(week ?? "")'")
        ]))
    }
    return try await duty { duty in
      CoverageReport(
        week: week.description,
        groups: duty.book.allTables.map { group, table in
          Self.group(group, Coverage(table, week: week))
        })
    }
  }

  private static func group(_ name: String, _ coverage: Coverage) -> CoverageReport.Group {
    CoverageReport.Group(
      group: name,
      days: coverage.days.map {
        .init(date: $0.date.description, coveredMinutes: Int($0.covered / 60_000))
      },
      coveredMinutes: Int(coverage.coveredTotal / 60_000),
      gaps: coverage.gaps.map {
        .init(from: WireTime($0.lowerBound), to: WireTime($0.upperBound), offices: [])
      },
      overlaps: coverage.overlaps.map {
        .init(
          from: WireTime($0.range.lowerBound), to: WireTime($0.range.upperBound),
          offices: $0.offices.map(\.rawValue))
      })
  }

  func duty(at time: Instant?) async throws(DeskFailure) -> [DutyReport] {
    let at = time ?? parts.clock.rosterNow
    return try await duty { duty in
      try duty.groups().map { group in
        let view = duty.ownership(group.id, at: at)
        let slot = view.slot
        let resting = duty.facts.presentOffices.founding
        return DutyReport(
          groupID: group.id == .none ? nil : group.id.rawValue, group: group.name,
          office: (slot.office ?? resting).rawValue, since: WireTime(slot.start),
          until: WireTime(planned: slot.end), staffedFrom: WireTime(slot.staffedStart),
          accepted: view.board.acceptance != nil,
          next: duty.facts.nextOffice(after: slot, group: group.id)?.rawValue)
      }
    }
  }

  func owners(
    of tickets: [RowID], at time: Instant?
  ) async throws(DeskFailure) -> [OwnershipReport] {
    let at = time ?? parts.clock.rosterNow
    return try await duty { duty in
      var views: [RowID: OwnershipView] = [:]
      return try tickets.compactMap { id in
        guard let facts = duty.ticket(id) else { return nil }
        let group = facts.placement.group
        let view = views[group] ?? duty.ownership(group, at: at)
        views[group] = view
        return try Self.report(facts, view, duty, at)
      }
    }
  }

  private static func report(
    _ facts: TicketFacts, _ view: OwnershipView, _ duty: DutyReading, _ at: Instant
  ) throws -> OwnershipReport {
    let owner = view.owner(of: facts)
    let assignee = duty.assignee(of: facts.id)
    let inTransit =
      switch view.transit(of: facts).status {
      case .waiting, .running, .overdue: true
      case .notAsked, .accepted, .covered: false
      }
    return OwnershipReport(
      ticketID: facts.id.rawValue, at: WireTime(at), office: owner.office.rawValue,
      reason: word(owner.reason), movesOn: facts.placement.mode == .movesOn,
      home: facts.placement.home.rawValue, wakeAt: facts.placement.wake.map { WireTime($0) },
      assigneeID: assignee?.rawValue,
      assigneeOffShift: try duty.isOffShift(assignee, at: at),
      inTransit: inTransit, until: WireTime(planned: owner.until), token: owner.token.description)
  }

  private static func word(_ reason: Ownership.Reason) -> String {
    switch reason {
    case .grant: "grant"
    case .stays, .noRoster, .removed: "home"
    case .accepted: "accepted"
    case .covered: "covered"
    case .onDuty: "duty"
    }
  }
}
