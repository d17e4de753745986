// People and organizations by the ids that other systems gave them, asked of a real node.

import Foundation
import HelpdeskDomain
import ReplicaCore
import Testing

@testable import NodeRuntime

@Suite(.serialized) struct ExternalIDTests {
  @Test func theyAreFoundAloneAndBesideOtherConditions() async throws {
    let cluster = try TestCluster()
    let running = try await cluster.found()
    let node = running.node
    #expect(try await node.listening())
    let client = try DeskClient(running)
    let lead = try await node.freshUser("lea", .lead)
    let auth = "Bearer " + (try await node.freshToken(lead).text)
    var people: [String: Int] = [:]
    for name in ["ada", "bob", "cleo"] {
      var edit = UserEdit()
      edit.externalID = .set("crm-\(name)")
      let draft = UserDraft(name: name, email: nil, role: .endUser, edit: edit)
      let made = try await node.submit(.createUser(draft), as: node.operatorActor).created
      people[name] = Int(try #require(made).rawValue)
    }
    var firm = OrganizationDraft(name: "Acme")
    firm.externalID = .set("crm-1")
    _ = try await node.submit(.createOrganization(firm), as: node.operatorActor)

    func found(_ path: String, _ key: String = "users") async throws -> [Int?] {
      let answer = try await client.ask("GET", "/api/v2/\(path)", auth: auth)
      #expect(answer.status == 200, "\(path): \(answer.text)")
      let rows = try answer.json()[key] as? [[String: Any]]
      return rows?.map { $0["id"] as? Int } ?? []
    }
    #expect(
      try await found("users/show_many?external_ids=crm-cleo,crm-ada,crm-x")
        == [people["cleo"], people["ada"]])
    #expect(try await found("users/search?external_id=crm-bob") == [people["bob"]])
    #expect(try await found("users/search?external_id=crm-bob&name=bo") == [people["bob"]])
    #expect(try await found("users/search?external_id=crm-bob&name=ada").isEmpty)
    #expect(try await found("users/search?external_id=crm-b").isEmpty)
    #expect(
      try await found("organizations/search?external_id=crm-1", "organizations").count == 1)
    #expect(
      try await found("organizations/search?external_id=crm-1&name=Other", "organizations").isEmpty)
    await client.close()
    await cluster.stopAll()
  }
}
