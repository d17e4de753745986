// What docs/API.md says is not here answers so, and is not taken for something else.

import Hummingbird
import Testing

@Suite struct AbsentPathTests {
  private static let nowhere: [(HTTPRequest.Method, String)] = [
    (.get, "tickets/10007/followers"), (.get, "tickets/10007/email_ccs"),
    (.put, "tickets/10007/mark_as_spam"), (.get, "tickets/10007/audits/count"),
    (.get, "tickets/10007/side_conversations"), (.post, "tickets/10007/satisfaction_rating"),
    (.put, "tickets/10007/comments/20007/redact"), (.delete, "deleted_tickets/10007"),
    (.get, "users/900007/related"), (.get, "users/900007/organizations"),
    (.get, "users/900007/tags"), (.put, "end_users/900007"), (.get, "deleted_users"),
    (.delete, "group_memberships/destroy_many"),
    (.put, "users/900007/group_memberships/1/make_default"), (.get, "organizations/1/tags"),
    (.get, "organizations/1/related"), (.get, "organizations/1/organization_memberships"),
    (.get, "views/1/export"), (.get, "views/definitions"), (.put, "views/update_many"),
    (.get, "macros/definitions"), (.get, "macros/new"), (.put, "macros/update_many"),
    (.get, "ticket_fields/show_many"), (.put, "ticket_fields/reorder"),
    (.get, "webhooks/30007/invocations"), (.get, "requests/search"), (.get, "autocomplete/tags"),
    (.post, "problems/autocomplete"), (.get, "incremental/tickets/sample"),
    (.get, "ticket_metrics/10007"), (.get, "activities"), (.get, "audit_logs"),
    (.get, "custom_roles"),
  ]

  @Test func pathsThatAreNotHereSaySo() async throws {
    try await APIFixture().run { api in
      for (method, path) in Self.nowhere {
        let body = method == .get || method == .delete ? "" : "{}"
        let answer = try await api.send(
          method, "/api/v2/\(path)", body, auth: "Bearer admin-token")
        #expect(
          answer.status == 404 && answer.text.contains("InvalidEndpoint"),
          "\(method) \(path): \(answer.status) \(answer.text)")
      }
      for path in ["users/900007/identities", "group_memberships/create_many"] {
        let answer = try await api.post("/api/v2/\(path)", "{}", auth: "Bearer admin-token")
        #expect(answer.status == 405, "\(path): \(answer.text)")
      }
      let anonymous = try await api.post(
        "/api/v2/requests", #"{"request":{"comment":{"body":"x"}}}"#, auth: nil)
      #expect(anonymous.status == 401)
    }
  }
}
