// Ways in which clients name a status and people to copy: none is dropped without a word.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct TicketPeopleTests {
  private func edit(_ api: APIClient, _ members: String) async throws -> TicketEdit {
    let id = try await api.ticket()
    let answer = try await api.send(.put, "/api/v2/tickets/\(id)", #"{"ticket":{\#(members)}}"#)
    #expect(answer.status == 200, "\(answer.text)")
    guard case .updateTicket(_, let edit) = await api.desk.commands.last else {
      Issue.record("no update was submitted")
      return TicketEdit()
    }
    return edit
  }

  @Test func aCustomStatusIsItsCategory() async throws {
    try await APIFixture().run { api in
      #expect(try await edit(api, #""custom_status_id":104"#).status == "hold")
      #expect(try await edit(api, #""custom_status_id":104,"status":"solved""#).status == "solved")
      // A ticket that comes from elsewhere has the ids of there.
      #expect(try await edit(api, #""custom_status_id":4711,"status":"open""#).status == "open")
      let id = try await api.ticket()
      let wrong = try await api.send(
        .put, "/api/v2/tickets/\(id)", #"{"ticket":{"custom_status_id":4711}}"#)
      #expect(wrong.status == 422)
      #expect(try wrong.object("details").keys.sorted() == ["custom_status_id"])
      let many = try await api.send(
        .put, "/api/v2/tickets/update_many?ids=\(id)", #"{"ticket":{"custom_status_id":103}}"#)
      #expect(many.status == 200)
      let shown = try await api.get("/api/v2/tickets/\(id)").object("ticket")
      #expect(shown["status"] as? String == "pending")
    }
  }

  @Test func peopleAreFoundByIdAndByAddressOrMade() async throws {
    try await APIFixture().run { api in
      await api.desk.put(
        {
          var user = UserRecord(
            id: RowID(77), name: "Ann", role: .agent, roleDot: .init(.init(7), 1), active: true)
          user.email = "ann@x.example"
          return user
        }())
      let all = try await edit(
        api, #""collaborators":[5,"ann@x.example",{"name":"New","email":"new@x.example"}]"#)
      let made = try await api.get("/api/v2/users/search?query=email:new@x.example").list("users")
      #expect(made.first?["name"] as? String == "New")
      let id = try #require(made.first?["id"] as? NSNumber)
      #expect(all.collaborators == [RowID(5), RowID(77), RowID(id.int64Value)])
      let some = try await edit(
        api,
        #""additional_collaborators":[6],"followers":[{"user_email":"ann@x.example"},"#
          + #"{"user_id":8,"action":"delete"}],"email_ccs":[{"user_id":"9","action":"put"}]"#)
      #expect(some.collaborators == nil)
      #expect(some.addCollaborators == [RowID(6), RowID(77), RowID(9)])
      #expect(some.removeCollaborators == [RowID(8)])
    }
  }

  @Test(arguments: [
    (#""collaborators":["x"]"#, "collaborators"), (#""collaborators":{}"#, "collaborators"),
    (#""email_ccs":[{"action":"put"}]"#, "email_ccs[0].user_id"),
    (#""followers":[{"user_id":5,"action":"move"}]"#, "followers[0].action"),
    (#""followers":[{"user_email":"nobody@x.example"}]"#, "followers"),
    (#""via_followup_source_id":5"#, "via_followup_source_id"),
  ])
  func whatCannotBeTakenIsRefusedByName(_ members: String, _ field: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/v2/tickets", #"{"ticket":{"comment":{"body":"b"},\#(members)}}"#)
      #expect(answer.status == 422, "\(answer.text)")
      #expect(try answer.object("details").keys.sorted() == [field])
    }
  }
}
