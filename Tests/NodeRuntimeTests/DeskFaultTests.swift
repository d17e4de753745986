// What a real node says of input that it refuses: the field as the client wrote it, and the rule.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct DeskFaultTests {
  @Test func aFaultNamesItsFieldAndItsRule() async throws {
    try await DeskBench.run { bench in
      let ticket = try await bench.ticket()
      let customer = try await bench.running.node.freshUser("ines", .endUser).rawValue
      let field = try await bench.made(
        "/api/v2/ticket_fields",
        #"""
        {"ticket_field":{"title":"Model","type":"tagger","custom_field_options":[
        {"name":"A","value":"model_a"},{"name":"B","value":"model_b"}]}}
        """#, "ticket_field")
      let one = "/api/v2/tickets/\(ticket)"
      let faults: [(method: String, path: String, body: String, name: String, words: String)] = [
        (
          "POST", "/api/v2/tickets", #"{"ticket":{"comment":{"body":"x","author_id":990001}}}"#,
          "comment.author_id", "990001"
        ),
        ("POST", "/api/v2/tickets", #"{"ticket":{"comment":{"body":" "}}}"#, "comment", "blank"),
        (
          "POST", "/api/helio/v1/handoffs/note", #"{"ticket_id":\#(ticket),"text":" "}"#, "text",
          "text: cannot be blank"
        ),
        (
          "PUT", one, #"{"ticket":{"custom_fields":[{"id":\#(field),"value":"c"}]}}"#,
          "custom_fields", "one of its options: model_a, model_b"
        ),
        (
          "PUT", one, #"{"ticket":{"assignee_id":\#(customer)}}"#, "assignee_id",
          "has the role end-user"
        ),
      ]
      for (method, path, body, name, words) in faults {
        let answer = try await bench.ask(method, path, body)
        #expect(answer.status == 422, "\(body): \(answer.text)")
        #expect(answer.text.contains("\"\(name)\""), "\(answer.text)")
        #expect(answer.text.contains(words), "\(answer.text)")
      }
      let office = try await bench.ask("GET", "/api/helio/v1/handoffs?office=mars")
      #expect(office.status == 404)
      #expect(office.text.contains("mars"), "\(office.text)")
    }
  }
}
