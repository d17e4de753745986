// Checkers that cannot fail prove nothing: each is shown what it must find.

import HelpdeskDomain
import ReplicaCore
import Testing

@testable import Simulator

@Suite struct CheckerTests {
  let dump: ReplicaDump

  init() throws {
    let office = OfficeID("paris")
    let setting = ReplicaSetting(
      offices: OfficeFacts(order: [office], slots: [Slot(1): office]), seed: 3)
    let replica = MemoryReplica(slot: Slot(1), setting: setting)
    let console = Actor(user: .none, role: .admin, office: office, authority: nil, via: .cli)
    for name in ["Pumps", "Valves"] {
      _ = try replica.commit(
        [SimCommand(command: .createGroup(GroupDraft(name: name)), actor: console)],
        at: Moment(now: Instant(seconds: 1_780_000_000), drift: nil))
    }
    dump = replica.dump()
  }

  private func invariant(_ body: () throws -> Void) -> Int? {
    do {
      try body()
      return nil
    } catch let violation as Violation {
      return violation.invariant
    } catch {
      return -1
    }
  }

  private func log(_ change: (inout ReplicaDump) -> Void) -> Int? {
    var changed = dump
    change(&changed)
    return invariant { try LogCheck(name: "test", dump: changed).run() }
  }

  private func merge(_ change: (inout ReplicaDump) -> Void) -> Int? {
    var changed = dump
    change(&changed)
    return invariant { _ = try MergeCheck(dump: changed).run() }
  }

  @Test func anHonestDumpPasses() {
    #expect(log { _ in } == nil)
    #expect(merge { _ in } == nil)
  }

  @Test func aGapIsFound() { #expect(log { $0.log.removeFirst() } == 7) }

  @Test func anAlteredBodyIsFound() {
    #expect(log { $0.log[1].body[$0.log[1].body.count - 1] ^= 1 } == 9)
  }

  @Test func aForgedHeadIsFound() {
    #expect(log { $0.heads[Slot(1)]?.signature[0] ^= 1 } == 9)
    #expect(log { $0.heads[Slot(1)] = nil } == 9)
  }

  @Test func aLostWriteIsFound() {
    #expect(merge { $0.rows = [:] } == 15)
    // A void delta whose write is shown all the same.
    #expect(merge { $0.voids[Dot(Slot(1), 1)] = "role" } == 15)
    #expect(merge { $0.log.removeAll() } == 15)
  }

  private func order(_ change: (inout ReplicaDump) -> Void) -> Int? {
    var changed = dump
    change(&changed)
    return invariant {
      var check = OrderCheck(dump: changed, rows: 8, random: SeededRandom(1))
      _ = try check.run()
    }
  }

  @Test func aStateThatNoOrderGivesIsFound() {
    #expect(order { _ in } == nil)
    #expect(order { $0.rows = [:] } == 5)
  }

  @Test func aPartOfADeltaIsFound() throws {
    let first = try DeltaCodec.decode(dump.log[0])
    let delta = Delta(first.header, first.changes + (try DeltaCodec.decode(dump.log[1])).changes)
    var whole: [RowRef: RowState] = [:]
    for change in delta.changes {
      whole[change.row, default: RowState()].apply(change, header: delta.header)
    }
    let check = WholeCheck(name: "test", deltas: [delta])
    #expect(invariant { try check.run { _ in whole } } == nil)
    #expect(invariant { try check.run { _ in [:] } } == nil)
    let row = try #require(delta.changes.last?.row)
    whole[row] = nil
    #expect(invariant { try check.run { _ in whole } } == 2)
  }

  @Test func twoTellersOfOneAlarmAreFound() {
    let view = TellingView(rosters: [RowID(10_001)], membership: .sha256([1]))
    let other = TellingView(rosters: [RowID(10_001)], membership: .sha256([2]))
    func told(_ second: Slot, _ under: TellingView, _ cause: String = "board-0-5") -> Int? {
      var book = NoticeBook()
      return invariant {
        _ = try book.tell("board-0-5", by: Slot(1), under: view)
        _ = try book.tell(cause, by: second, under: under)
      }
    }
    #expect(told(Slot(2), view) == 17)
    #expect(told(Slot(1), view) == nil, "who looks again tells nobody")
    #expect(told(Slot(2), other) == nil, "who knows of other members may tell")
    #expect(told(Slot(2), view, "board-0-6") == nil)
  }

  @Test func anAlarmThatNobodyOrEverybodyTellsIsFound() {
    let (paris, tokyo) = (OfficeID("paris"), OfficeID("tokyo"))
    let active = [Slot(1): paris, Slot(2): tokyo, Slot(3): tokyo]
    func check(_ nodes: [UInt32], _ alarm: AlarmTeller) -> Int? {
      invariant {
        _ = try TellerCheck(nodes: nodes.map { Slot($0) }, active: active).run([alarm])
      }
    }
    for alarm in [AlarmTeller.office(tokyo), .others(than: Slot(1)), .others(than: nil)] {
      #expect(check([1, 2, 3], alarm) == nil)
      #expect(check([3], alarm) == nil, "the others may be there and tell")
    }
    // Each would tell of itself.
    #expect(check([1, 2], .itself) == 17)
    let nobody = invariant {
      _ = try TellerCheck(nodes: [Slot(1)], active: [Slot(1): paris]).run([.others(than: Slot(1))])
    }
    #expect(nobody == 17)
  }
}
