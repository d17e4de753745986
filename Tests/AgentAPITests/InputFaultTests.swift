// What is wrong with a value is said so that a person can mend it: against which limit, in what place.

import Foundation
import Testing

@Suite struct InputFaultTests {
  private func faults(_ ticket: String) async throws -> String {
    let found = Box()
    try await APIFixture().run { api in
      let answer = try await api.post("/api/v2/tickets", #"{"ticket":\#(ticket)}"#)
      #expect(answer.status == 422)
      await found.set(answer.text)
    }
    return await found.text
  }

  private actor Box {
    private(set) var text = ""
    func set(_ text: String) { self.text = text }
  }

  @Test(arguments: ["-1", "1.5", "1152921504606846976", "0"])
  func aWrongIDIsShownBesideTheLimits(id: String) async throws {
    let text = try await faults(#"{"comment":{"body":"x"},"requester_id":\#(id)}"#)
    #expect(text.contains("a whole number from 1 to 9007199254740991"), "\(text)")
    #expect(id.contains(".") || text.contains("not \(id)"), "\(text)")
  }

  @Test(arguments: ["assignee_id", "group_id"])
  func whereNullClearsItIsSaid(_ key: String) async throws {
    let text = try await faults(#"{"comment":{"body":"x"},"\#(key)":""}"#)
    #expect(text.contains("or null"), "\(text)")
  }

  @Test func anElementOfAListIsShown() async throws {
    let text = try await faults(
      #"{"comment":{"body":"x"},"tags":["a",5],"collaborator_ids":[1,"x"]}"#)
    #expect(text.contains("tags must be a list of texts, and [1] of it is 5"), "\(text)")
    #expect(
      text.contains(#"collaborator_ids must be a list of ids, and [1] of it is \"x\""#), "\(text)")
  }

  @Test func aTimeBeyondTheYearsNamesThem() async throws {
    let text = try await faults(#"{"comment":{"body":"x"},"due_at":"1500-01-01"}"#)
    #expect(text.contains("from 1600 to 9999"), "\(text)")
    #expect(text.contains("1500-01-01"), "\(text)")
  }

  @Test func whatAQueryStringCannotBeIsNamedBesideWhatItCan() async throws {
    try await APIFixture().run { api in
      let slot = try await api.get("/api/helio/v1/handoffs/report?slot=foo")
      #expect(slot.status == 400)
      #expect(slot.text.contains("current, previous or a time"), "\(slot.text)")
      let role = try await api.get("/api/v2/users?role=foo")
      #expect(role.text.contains("end-user, viewer"), "\(role.text)")
      let file = try await api.post("/api/v2/uploads?filename=.", "x")
      #expect(file.status == 400)
      #expect(file.text.contains(#"\".\""#), "\(file.text)")
    }
  }
}
