// All publications a node knows, and from them the duty of every group.

package import ReplicaCore
internal import Synchronization

/// The rosters of a cluster as known here. A value: with a new publication, make a new book.
package final class DutyBook: Sendable {
  /// By version.
  package let publications: [RosterPublication]
  private let named: Set<String>
  private let officeHours: [DutyPlan]
  private let tables = Mutex<[String: DutyTable]>([:])

  package init(_ publications: [RosterPublication]) {
    let publications = publications.sorted { $0.version < $1.version }
    self.publications = publications
    named = Set(publications.flatMap { $0.content.rules.groups.map(\.name) })
    officeHours = publications.map { publication in
      let content = publication.content
      return DutyPlan(
        content, planners: content.rules.groups.map { WavePlanner(content, $0) }, handover: nil)
    }
  }

  /// The duty of a group by name; groups that no publication lists share the default group's.
  package func table(forGroup name: String) -> DutyTable {
    let name = named.contains(name) ? name : GroupRules.defaultName
    return tables.withLock { tables in
      if let table = tables[name] { return table }
      let table = makeTable(name)
      tables[name] = table
      return table
    }
  }

  /// The greatest publication that has taken effect.
  package func inForce(at instant: Instant) -> RosterPublication? {
    publications.last { $0.content.effectiveAt <= instant }
  }

  /// The version of a publication by its row; nil where it is not known here.
  package func version(ofRoster roster: RowID) -> RosterVersion? {
    roster == .none ? RosterVersion.none : publications.first { $0.id == roster }?.version
  }

  /// Publications that never take effect because a greater one does so no later; for show.
  package var superseded: [RosterPublication] {
    publications.enumerated().filter { index, publication in
      publications[(index + 1)...].contains {
        $0.content.effectiveAt <= publication.content.effectiveAt
      }
    }.map(\.element)
  }

  /// The greatest number used; the next publication takes one more.
  package var greatestNumber: Int64 { publications.last?.version.number ?? 0 }

  /// The distinct tables: one for each group that a publication lists, and the default group's.
  package var allTables: [(group: String, table: DutyTable)] {
    named.union([GroupRules.defaultName]).sorted().map { ($0, table(forGroup: $0)) }
  }

  /// The slots, over all groups, in which an office is on duty at an instant, one for each start:
  /// what its lead accepts in one act.
  package func duties(of office: OfficeID, at instant: Instant) -> [DutySlot] {
    var starts: Set<Instant> = []
    return allTables.map { $0.table.slot(at: instant) }
      .filter { $0.office == office && starts.insert($0.start).inserted }
      .sorted { $0.start < $1.start }
  }

  /// The end of a grant that a publication allows an office at an instant: that of its window in
  /// the group, else over all groups. Nil where the office is not open, or the roster not known.
  package func grantEnd(
    office: OfficeID, group: String, at instant: Instant, under version: RosterVersion
  ) -> Instant? {
    if version == .none { return RosterLimits.latest }
    let table = table(forGroup: group)
    if let segment = table.segment(of: version) {
      return DutyTable.window(of: office, at: instant, in: segment)?.end
    }
    return nil
  }

  private func makeTable(_ name: String) -> DutyTable {
    var segments: [DutyTable.Segment] = []
    // In the order in which they take effect; a lower version never comes after a higher one.
    let order = publications.indices.sorted {
      (publications[$0].content.effectiveAt, publications[$0].version)
        < (publications[$1].content.effectiveAt, publications[$1].version)
    }
    segments.append(
      DutyTable.Segment(
        start: .zero, end: RosterLimits.latest, version: .none, roster: .none, policy: .none,
        effectiveAt: .zero))
    let all = order.map { segment($0, name) }
    for segment in all where segment.version > segments.last?.version ?? .none {
      segments[segments.count - 1].end = segment.start
      if segments.last?.start == segment.start { segments.removeLast() }
      segments.append(segment)
    }
    return DutyTable(segments: segments, all: all)
  }

  private func segment(_ index: Int, _ name: String) -> DutyTable.Segment {
    let publication = publications[index]
    let start = min(max(.zero, publication.content.effectiveAt), RosterLimits.latest)
    let content = publication.content
    let rules = content.rules.rules(forGroup: name)
    let policy = rules.map { DutyPolicy(content.rules, $0) } ?? .none
    let plan = rules.map {
      DutyPlan(content, planners: [WavePlanner(content, $0)], handover: policy.handover)
    }
    return DutyTable.Segment(
      start: start, end: RosterLimits.latest, version: publication.version,
      roster: publication.id, policy: policy, effectiveAt: start,
      plan: plan?.hasShifts == true ? plan : nil, officeHours: officeHours[index])
  }
}
