// The measures of imported tickets, from a real node.

import Foundation
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct ImportedMetricsTests {
  static let times =
    #""created_at":"2020-01-01T00:00:00Z","updated_at":"2020-01-05T00:00:00Z","#
    + #""solved_at":"2020-01-02T00:00:00Z""#

  /// The measures of a ticket that was imported with the status.
  private func measures(_ status: String, _ bench: DeskBench) async throws -> [String: Any] {
    let id = try await bench.made(
      "/api/v2/imports/tickets",
      #"""
      {"ticket":{"subject":"old","status":"\#(status)",\#(Self.times),
      "comments":[{"body":"It leaks"}]}}
      """#, "ticket")
    let answer = try await bench.get("/api/v2/tickets/\(id)/metrics")
    return try #require(answer["ticket_metric"] as? [String: Any])
  }

  private func minutes(_ measures: [String: Any], _ name: String) -> Int? {
    (measures["\(name)_time_in_minutes"] as? [String: Any])?["calendar"] as? Int
  }

  @Test func anImportIsMeasuredByTheDatesOfItsSource() async throws {
    try await DeskBench.run { bench in
      for status in ["solved", "closed"] {
        let found = try await measures(status, bench)
        #expect(found["solved_at"] as? String == "2020-01-02T00:00:00Z", "\(status)")
        #expect(found["status_updated_at"] as? String == "2020-01-02T00:00:00Z")
        #expect(minutes(found, "full_resolution") == 1_440, "\(status)")
        #expect(minutes(found, "first_resolution") == 1_440, "\(status)")
        #expect(minutes(found, "requester_wait") == 1_440, "\(status)")
      }
      let open = try await measures("open", bench)
      #expect(open["solved_at"] is NSNull)
      #expect(minutes(open, "full_resolution") == nil)
    }
  }

  @Test func whatIsReopenedAndSolvedHereCountsFromHere() async throws {
    try await DeskBench.run { bench in
      let found = try await measures("solved", bench)
      let id = try #require(found["ticket_id"] as? NSNumber).int64Value
      for status in ["open", "solved"] {
        _ = try await bench.ask(
          "PUT", "/api/v2/tickets/\(id)", #"{"ticket":{"status":"\#(status)"}}"#)
        let answer = try await bench.get("/api/v2/tickets/\(id)/metrics")
        let metric = try #require(answer["ticket_metric"] as? [String: Any])
        #expect(minutes(metric, "first_resolution") == 1_440)
        #expect((metric["solved_at"] is NSNull) == (status == "open"))
        #expect(metric["solved_at"] as? String != "2020-01-02T00:00:00Z")
      }
    }
  }
}
