// Who belongs to an organization: counts and pages of a real node.

import Foundation
import Testing

@testable import NodeRuntime

@Suite(.serialized)
struct OrganizationMembershipTests {
  @Test func membershipsOfOrganizationsAreCountedAsTheyAreShown() async throws {
    try await DeskBench.run { bench in
      let organization = try await bench.made(
        "/api/v2/organizations", #"{"organization":{"name":"Sunrise"}}"#, "organization")
      var members: [Int64] = []
      var others: [Int64] = []
      for number in 0..<10 {
        let belongs = number % 4 == 3
        let more = belongs ? #","organization_id":\#(organization)"# : ""
        let id = try await bench.made(
          "/api/v2/users",
          #"{"user":{"name":"u\#(number)","email":"u\#(number)@sunrise.example"\#(more)}}"#, "user")
        if belongs { members.append(id) } else { others.append(id) }
      }
      let path = "/api/v2/organization_memberships"
      let page = try await bench.get("\(path)?per_page=1")
      #expect(page["count"] as? Int == members.count)
      #expect(DeskBench.ids(page, "organization_memberships") == [members[0]])
      #expect(page["next_page"] is String)
      let pages = try await bench.walked("\(path)?page[size]=1", "organization_memberships")
      #expect(pages.filter { !$0.isEmpty } == members.map { [$0] })
      #expect(pages.count == members.count)
      for (user, count) in [(members[0], 1), (others[0], 0)] {
        let own = try await bench.get("/api/v2/users/\(user)/organization_memberships")
        #expect(own["count"] as? Int == count)
        #expect(DeskBench.ids(own, "organization_memberships").count == count)
      }
    }
  }
}
