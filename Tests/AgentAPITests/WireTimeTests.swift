// Times are read as their writers meant them, or refused.

import AgentAPI
import ReplicaCore
import Testing

@Suite struct WireTimeTests {
  @Test(
    "31 February is no day, and 99 o'clock no time",
    arguments: [
      "2026-02-30", "2026-02-31T00:00:00Z", "2026-01-01T99:99:99Z", "2026-01-01T24:01:00Z",
      "2026-01-01T00:60:00Z", "2026-13-01",
    ])
  func aTimeThatDoesNotExistIsRefused(_ text: String) { #expect(WireTime.parse(text) == nil) }

  @Test func timesAsToolsWriteThemAreRead() {
    let noon = Instant(milliseconds: 1_789_732_800_000)
    for text in ["2026-09-18T12:00:00Z", "2026-09-18T14:00:00+02:00", "2026-09-18T12:00:00.000Z"] {
      #expect(WireTime.parse(text) == noon)
    }
    #expect(WireTime.parse("2026-09-18") == Instant(milliseconds: 1_789_689_600_000))
  }
}
