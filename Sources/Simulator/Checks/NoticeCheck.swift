// Who told receivers outside of which alarm: where roster and membership views agree, one node.

internal import ClusterTrust
internal import HelpdeskDomain
internal import ReplicaCore

/// What a node knows of roster and membership: the rule who tells is a function of this alone.
struct TellingView: Hashable {
  /// The publications that are here.
  var rosters: [RowID]
  /// Of the membership log.
  var membership: Digest
}

/// An alarm of a hand-over as one node derives it.
struct HandoverAlarm {
  var cause: String
  var teller: AlarmTeller
  var onDuty: OfficeID
  var rosters: [RowID]
}

/// The notices of a run, whatever became of their senders since. A node tells of a cause once: its
/// queue holds each under an id, on its disk.
struct NoticeBook {
  private struct Telling: Hashable {
    var cause: String
    var view: TellingView
  }

  private var tellers: [Telling: Slot] = [:]

  /// Enters that the node with this slot tells of a cause; throws where another did that had the
  /// same view. True where it is the first.
  mutating func tell(_ cause: String, by slot: Slot, under view: TellingView) throws -> Bool {
    let telling = Telling(cause: cause, view: view)
    guard let first = tellers[telling] else {
      tellers[telling] = slot
      return true
    }
    guard first == slot else {
      throw Violation(
        17,
        "slots \(first) and \(slot), of one view of roster and membership, both tell of \(cause)")
    }
    return false
  }
}

/// The rule for every alarm that there could be, among nodes with one view of the membership.
struct TellerCheck {
  /// Slots of the nodes that are up and have this view.
  var nodes: [Slot]
  /// What the view says: the slots that are not removed, with their offices.
  var active: [Slot: OfficeID]

  /// At most one node tells; exactly one where all active nodes are here. Returns how many alarms
  /// were looked at.
  func run(_ alarms: [AlarmTeller]) throws -> Int {
    let isWhole = Set(nodes) == Set(active.keys)
    for alarm in alarms {
      let tellers = Set(nodes).filter { alarm.tells($0, active: active) }.sorted()
      guard tellers.count <= 1 else {
        throw Violation(17, "slots \(tellers), of one view of the membership, all tell of \(alarm)")
      }
      guard !isWhole || tellers.count == 1 else {
        throw Violation(17, "no node tells of \(alarm), and all of \(active.keys.sorted()) are up")
      }
    }
    return alarms.count
  }
}

extension World {
  /// Invariant 17: a node that tells of an alarm does so alone.
  func tell(_ alarm: HandoverAlarm, _ node: SimNode) throws {
    // A node that knows of its own removal tells of nothing.
    guard node.admits(node.slot) else { return }
    checks.hit(17)
    guard alarm.teller.tells(node.slot, active: node.activeSlots) else { return }
    let view = TellingView(rosters: alarm.rosters, membership: node.members.digest)
    let isFirst = try notices.tell(alarm.cause, by: node.slot, under: view)
    if isFirst, node.office != alarm.onDuty { sometimes.hit(.noticeByAnother) }
  }

  /// Invariant 17 for alarms of every office and about every node, whether there are any or not.
  func checkTellers() throws {
    var seen: Set<Digest> = []
    let up = nodes.filter { $0.isReadable && $0.admits($0.slot) }
    for node in up where seen.insert(node.members.digest).inserted {
      let slots = up.filter { $0.members.digest == node.members.digest }.map(\.slot)
      let about = nodes.map(\.slot).map { AlarmTeller.others(than: $0) } + [.others(than: nil)]
      let check = TellerCheck(nodes: slots, active: node.activeSlots)
      checks.hit(17, try check.run(plan.offices.map { .office($0.code) } + about))
    }
  }
}

extension SimNode {
  /// What the node's own copy of the membership log says.
  fileprivate var activeSlots: [Slot: OfficeID] {
    Dictionary(members.membership.active.map { ($0.slot, $0.office) }, uniquingKeysWith: { $1 })
  }
}
