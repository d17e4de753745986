// Times come in as RFC 3339 and dates, and go out so that everybody can read them back.

import AgentAPI
import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct WireTimeTests {
  @Test(arguments: [
    ("2026-09-18T23:25:58Z", 1_789_773_958), ("2026-09-18T23:25:58.400Z", 1_789_773_958),
    ("2026-09-19T01:25:58+02:00", 1_789_773_958), ("2024-02-29", 1_709_164_800),
    ("2026-09-19T01:25:58+0200", 1_789_773_958), ("2026-09-18T16:25:58-07", 1_789_773_958),
    ("2026-12-01T10:00Z", 1_796_119_200), ("2026-12-01T10:00+02:00", 1_796_112_000),
    ("2026-12-01T10:00-0730", 1_796_146_200), ("2026-12-01T10:00+02", 1_796_112_000),
    ("9999-12-31T23:59:59Z", 253_402_300_799), ("1600-01-01T00:00:00Z", -11_676_096_000),
  ])
  func isRead(text: String, seconds: Int64) {
    #expect(WireTime.parse(text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "noon", "2026", "2026-02-30", "2026-02-30T10:00:00Z", "2025-02-29", "2026-13-01",
    "99999-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00",
    "2026-01-01T99:99:99Z", "2026-01-01T24:01:00Z", "2026-01-01T00:60:00Z",
    "1600-01-01T00:00:00+01:00", "0001-01-01", "2026-09-18T23:25:58", "2026-09-18 23:25:58Z",
    "2026-09-18T23:25:509-18T23:25:58Z", "2026-09-18T23:25:58Z ", "2026-09-18T23:25:58.Z",
    "2026-09-18T23:25", "2026-09-18T23Z", "2026-09-18T23:25.5Z", "2026-09-18T23:60Z",
    "2026-09-18T24:25Z", "2026-09-18T23:25ZZ", "2026-09-18T23:25 Z", "2026-09-18T2:25Z",
    "2026-09-18T23:25+2", "1599-12-31T23:59Z", "2026-02-30T10:00Z", "2026-09-18t23:25Z",
    "2026-09-18T23:25:58Z2026-09-18T23:25:58Z", "2026-09-18T23:25:58+02:00:00", "٢٠٢٦-09-18",
  ])
  func whatIsNoTimeIsRefused(text: String) {
    #expect(WireTime.parse(text) == nil)
  }

  /// A delta may hold any number; a list with it is shown all the same.
  @Test func whatNobodyCanWriteIsShownAsTheEnd() {
    #expect(WireTime(Instant(milliseconds: .max)).description == "9999-12-31T23:59:59Z")
    #expect(WireTime(Instant(milliseconds: .min)).description == "1600-01-01T00:00:00Z")
  }

  @Test func theEndOfTimeIsNoPlan() {
    #expect(WireTime(planned: RosterLimits.latest) == nil)
    #expect(WireTime(planned: MemoryDesk.now) == WireTime(MemoryDesk.now))
  }

  /// tap-zendesk asks so while it discovers what there is.
  @Test(arguments: [
    "0", "0.0", "1970-01-01T00:00:00Z", "1970-01-01", "1970-01-01T02:00:00%2B02:00",
  ])
  func anExportBeginsAtASecondOrAtATime(start: String) async throws {
    try await APIFixture().run { api in
      for path in ["tickets", "tickets/cursor", "users", "organizations", "ticket_events"] {
        let answer = try await api.get("/api/v2/incremental/\(path)?start_time=\(start)")
        #expect(answer.status == 200, "\(path): \(answer.text)")
      }
      let asked = await api.desk.exportsAsked
      #expect(asked == Array(repeating: .time(Instant(seconds: 0)), count: 5))
    }
  }

  @Test(arguments: [
    "-1", "9223372036854775807", "253402300800", "-9223372036854775808", "1969-12-31T23:59:59Z",
    "2026-02-30", "yesterday", "",
  ])
  func anExportBeginsWithinTime(start: String) async throws {
    try await APIFixture().run { api in
      for path in ["tickets", "tickets/cursor"] {
        let answer = try await api.get("/api/v2/incremental/\(path)?start_time=\(start)")
        #expect(answer.status == 400, "\(path)")
      }
    }
  }
}
