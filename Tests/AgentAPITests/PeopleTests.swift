// Users, groups, memberships, organizations, fields and search.

import AgentAPI
import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct PeopleTests {
  @Test func usersAreMadeFoundAndChanged() async throws {
    try await APIFixture().run { api in
      let made = try await api.post(
        "/api/v2/users.json",
        #"{"user":{"name":"Ann","email":"ann@x.example","role":"agent","office":"paris"}}"#,
        auth: "Bearer admin-token")
      #expect(made.status == 201)
      let user = try made.object("user")
      #expect(made.header("Location") == user["url"] as? String)
      #expect(user["role"] as? String == "agent")
      #expect(user["phone"] is NSNull)
      let id = try #require(user["id"] as? NSNumber)
      let again = try await api.post(
        "/api/v2/users/create_or_update.json",
        #"{"user":{"name":"Anna","email":"ann@x.example","role":"lead"}}"#,
        auth: "Bearer admin-token")
      #expect(again.status == 200)
      #expect(try again.object("user")["id"] as? NSNumber == id)
      #expect(try again.object("user")["name"] as? String == "Anna")
      #expect(try again.object("user")["helio_role"] as? String == "lead")
      for query in ["query=Anna", "query=email:ann@x.example", "query=%22Anna%22"] {
        let found = try await api.get("/api/v2/users/search.json?\(query)")
        #expect(try found.list("users").count == 1, "\(query)")
      }
      let many = try await api.get("/api/v2/users/show_many.json?ids=\(id),42")
      #expect(try many.list("users").count == 1)
      let agents = try await api.get("/api/v2/users?role[]=agent")
      #expect(try agents.list("users").count == 1)
      let bad = try await api.post("/api/v2/users", #"{"user":{"name":" ","role":"king"}}"#)
      #expect(bad.status == 422)
    }
  }

  @Test(arguments: [
    (#""time_zone":"Asia/Tokyo""#, "Asia/Tokyo"), (#""time_zone":"London""#, "Europe/London"),
    (#""time_zone":"Hong Kong""#, "Asia/Hong_Kong"),
    (#""time_zone":"Eastern Time (US & Canada)""#, "America/New_York"),
    (#""time_zone":"Osaka","iana_time_zone":"Europe/Paris""#, "Asia/Tokyo"),
    (#""time_zone":"Nope","iana_time_zone":"Europe/Paris""#, "Europe/Paris"),
    (#""time_zone":"Berlin","iana_time_zone":null"#, "Europe/Berlin"),
    (#""iana_time_zone":"Europe/Paris""#, "Europe/Paris"), (#""time_zone":"Nope""#, "Nope"),
  ])
  func aZoneIsNamedInManyWays(_ members: String, _ zone: String) async throws {
    try await APIFixture().run { api in
      _ = try await api.post("/api/v2/users", #"{"user":{"name":"Ann",\#(members)}}"#)
      guard case .createUser(let draft) = await api.desk.commands.last else {
        Issue.record("no user was submitted")
        return
      }
      #expect(draft.edit.timeZone == .set(zone))
    }
  }

  /// Clients send an empty one for each row that has none; they must not all become one row.
  @Test func anEmptyExternalIDNamesNobody() async throws {
    try await APIFixture().run { api in
      var ids: Set<NSNumber> = []
      for name in ["ann", "ben"] {
        let user = try await api.post(
          "/api/v2/users/create_or_update",
          #"{"user":{"name":"\#(name)","email":"\#(name)@x.example","external_id":""}}"#)
        #expect(user.status == 201)
        ids.insert(try #require(try user.object("user")["id"] as? NSNumber))
      }
      #expect(ids.count == 2)
      _ = try await api.post(
        "/api/v2/users/create_or_update_many",
        #"{"users":[{"name":"Cy","email":"cy@x.example","external_id":""}]}"#)
      guard case .createUser(let draft) = await api.desk.commands.last else {
        Issue.record("no user was made")
        return
      }
      #expect(draft.name == "Cy" && draft.edit.externalID == .clear)
    }
  }

  @Test func meIsWhoeverCalls() async throws {
    try await APIFixture().run { api in
      await api.desk.put(
        UserRecord(
          id: MemoryAuthenticator.agent, name: "Ann", role: .agent, roleDot: .init(.init(7), 1),
          active: true))
      let me = try await api.get("/api/v2/users/me.json").object("user")
      #expect(me["id"] as? Int64 == MemoryAuthenticator.agent.rawValue)
    }
  }

  @Test func groupsAndTheirMembers() async throws {
    try await APIFixture().run { api in
      let group = try await api.post(
        "/api/v2/groups.json", #"{"group":{"name":"Remplacements"}}"#
      ).object("group")
      let id = try #require(group["id"] as? NSNumber)
      let listed = try await api.get("/api/v2/groups.json?page[size]=100")
      #expect(try listed.list("groups").first?["name"] as? String == "Remplacements")
      let membership = try await api.post(
        "/api/v2/group_memberships.json",
        #"{"group_membership":{"user_id":900007,"group_id":\#(id)}}"#
      ).object("group_membership")
      #expect(membership["group_id"] as? NSNumber == id)
      let members = try await api.get("/api/v2/groups/\(id)/memberships.json")
      #expect(try members.list("group_memberships").count == 1)
      let wrong = try await api.post("/api/v2/group_memberships", #"{"group_membership":{}}"#)
      #expect(wrong.status == 422)
      #expect(try wrong.object("details").keys.sorted() == ["group_id", "user_id"])
      #expect(try await api.post("/api/v2/groups", #"{"group":{"name":""}}"#).status == 422)
    }
  }

  @Test func belowWhatIsNotThereNothingIsFound() async throws {
    try await APIFixture().run { api in
      for path in [
        "users/1/groups", "users/1/group_memberships", "users/1/organization_memberships",
        "users/1/requests", "users/1/tickets/requested", "users/1/tickets/assigned",
        "users/1/tickets/ccd", "organizations/1/users", "organizations/1/tickets",
        "organizations/1/requests", "groups/1/users", "groups/1/memberships",
        "tickets/1/incidents",
      ] {
        let answer = try await api.get("/api/v2/\(path)")
        #expect(answer.status == 404 && answer.text.contains("RecordNotFound"), "\(path)")
        // Who may not read the desk does not learn what is there.
        let customer = try await api.get("/api/v2/\(path)", auth: "Bearer customer-token")
        #expect(customer.status == 403, "\(path)")
      }
      let user = try await api.post("/api/v2/users", #"{"user":{"name":"Ada"}}"#).object("user")
      let id = try #require(user["id"] as? NSNumber)
      for path in ["groups", "group_memberships", "tickets/requested", "requests"] {
        let answer = try await api.get("/api/v2/users/\(id)/\(path)")
        #expect(answer.status == 200, "\(path): \(answer.text)")
      }
    }
  }

  @Test func organizationsAndFields() async throws {
    try await APIFixture().run { api in
      let made = try await api.post(
        "/api/v2/organizations.json",
        #"{"organization":{"name":"ACME","domain_names":["acme.example"]}}"#)
      #expect(made.status == 201)
      #expect(try made.object("organization")["domain_names"] as? [String] == ["acme.example"])
      let grouped = try await api.post(
        "/api/v2/organizations", #"{"organization":{"name":"G","group_id":999}}"#)
      #expect(grouped.status == 422)
      #expect(try grouped.object("details").keys.sorted() == ["group_id"])
      let field = try await api.post(
        "/api/v2/ticket_fields.json",
        #"{"ticket_field":{"title":"Colour","type":"tagger","custom_field_options":[{"name":"Red","value":"red"}]}}"#
      )
      #expect(field.status == 201)
      let options = try #require(
        try field.object("ticket_field")["custom_field_options"] as? [[String: Any]])
      #expect(options.first?["value"] as? String == "red")
      let listed = try await api.get("/api/v2/ticket_fields.json").list("ticket_fields")
      #expect(listed.count { $0["removable"] as? Bool == true } == 1)
    }
  }

  @Test(arguments: [
    (#""required":true"#, "required"), (#""regexp_for_validation":"[""#, "regexp_for_validation"),
    (#""tag":"vip""#, "tag"), (#""type":"regexp""#, "type"), (#""type":"Regexp""#, "type"),
    (#""type":"multiselect""#, "type"), (#""type":"lookup""#, "type"),
  ])
  func aFieldRuleThatNothingHoldsIsRefused(_ member: String, _ field: String) async throws {
    try await APIFixture().run { api in
      let answer = try await api.post(
        "/api/v2/ticket_fields", #"{"ticket_field":{"title":"T",\#(member)}}"#)
      #expect(answer.status == 422, "\(answer.text)")
      #expect(try answer.object("details").keys.sorted() == [field])
      // No type is offered that is then refused.
      #expect(!answer.text.contains("tagger, regexp"))
      // What a client reads it may send back.
      let harmless = try await api.post(
        "/api/v2/ticket_fields",
        #"{"ticket_field":{"title":"T","required":false,"tag":null,"active":false,"position":7}}"#)
      #expect(harmless.status == 201)
      guard case .createTicketField(let draft) = await api.desk.commands.last else {
        Issue.record("no field was submitted")
        return
      }
      #expect(!draft.active)
      #expect(draft.position == 7)
    }
  }

  @Test func searchFindsTicketsAndUsersWithTheirKind() async throws {
    try await APIFixture().run { api in
      _ = try await api.ticket("电话 is hot")
      _ = try await api.ticket("cold")
      let query = "type:ticket 电话".addingPercentEncoding(withAllowedCharacters: .alphanumerics)
      let answer = try await api.get("/api/v2/search.json?query=\(query ?? "")")
      let results = try answer.list("results")
      #expect(results.count == 1)
      #expect(results.first?["result_type"] as? String == "ticket")
      let json = try answer.json()
      #expect(json["facets"] is NSNull)
      #expect(json["count"] as? Int == 1)
      let count = try await api.get("/api/v2/search/count.json?query=\(query ?? "")")
      #expect(count.text == #"{"count":1}"#)
      let plus = try await api.get("/api/v2/search?query=type:ticket+is+hot&include=tickets(users)")
      #expect(try plus.list("results").count == 1)
      #expect(try plus.list("users").isEmpty)
      #expect(try await api.get("/api/v2/search").status == 400)
    }
  }
}
