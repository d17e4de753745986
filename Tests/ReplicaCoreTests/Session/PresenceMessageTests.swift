// PRESENCE goes to peers that know it; an older one would close the link over it.

import ReplicaCore
import Testing

@Suite struct PresenceMessageTests {
  private let marks = [
    PresenceMark(user: RowID(10_001), ticket: RowID(20_001), isEditing: true, age: 5)
  ]
  private let local = LocalState(
    headed: HeadedVector(vector: VersionVector(), hashes: [:]), fingerprint: 0)
  private let now = Instant(milliseconds: 1_800_000_000_000)

  private func hello(_ slot: UInt32, version: UInt32) -> Hello {
    Hello(
      cluster: "c", slot: Slot(slot), protocolVersion: version, schemaLevel: 1, clock: now,
      drillOffset: 0, membership: .zero)
  }

  @Test(arguments: [1, 2, 3] as [UInt32])
  func itIsSentWhereBothSpeakVersionTwo(_ theirs: UInt32) {
    var session = SyncSession(own: Slot(1), expected: Slot(2)) { [self] _ in
      hello(1, version: Hello.currentVersion)
    }
    _ = session.handle(.opened, local: local, now: now)
    #expect(session.handle(.presence(marks), local: local, now: now).isEmpty)
    _ = session.handle(.received(.hello(hello(2, version: theirs))), local: local, now: now)
    #expect(session.phase == .live)
    let effects = session.handle(.presence(marks), local: local, now: now)
    #expect(effects == (theirs >= 2 ? [.send(.presence(marks))] : []))
    #expect(
      session.handle(.received(.presence(marks)), local: local, now: now)
        == [.presenceReceived(marks)])
  }
}
