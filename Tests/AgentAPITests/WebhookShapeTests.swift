// Webhooks on the wire: the shape that clients know, a secret once, and admins alone.

import AgentAPI
import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@Suite struct WebhookShapeTests {
  private static let admin = "Bearer admin-token"
  private static let path = "/api/v2/webhooks"

  @Test func aSecretIsShownWhenItIsMadeAndNeverAgain() async throws {
    try await APIFixture().run { api in
      let one = try await api.get("\(Self.path)/30007", auth: Self.admin)
      #expect(!one.text.contains("do-not-show"))
      let webhook = try one.object("webhook")
      #expect(webhook["id"] as? String == "30007")
      #expect(webhook["status"] as? String == "active")
      let signing = try #require(webhook["signing_secret"] as? [String: Any])
      #expect(signing["secret"] is NSNull)
      #expect((signing["fingerprint"] as? String)?.count == 8)
      let list = try await api.get(Self.path, auth: Self.admin)
      #expect(try list.list("webhooks").count == 1)
      #expect(!list.text.contains("do-not-show"))
      let name = try #require(webhook["name"] as? String)
      for (filter, count) in [
        ("status]=active", 1), ("status]=inactive", 0), ("name_contains]=no-such", 0),
        ("name_contains]=\(name.prefix(3).uppercased())", 1),
      ] {
        let found = try await api.get("\(Self.path)?filter[\(filter)", auth: Self.admin)
        #expect(try found.list("webhooks").count == count, "\(filter)")
      }
      let renewed = try await api.post("\(Self.path)/30007/signing_secret", "", auth: Self.admin)
      #expect(renewed.status == 201)
      #expect(try renewed.object("signing_secret")["secret"] as? String == "fresh-secret")
      let again = try await api.get("\(Self.path)/30007/signing_secret", auth: Self.admin)
      #expect(try again.object("signing_secret")["secret"] is NSNull)
    }
  }

  @Test func adminsAloneSeeThem() async throws {
    try await APIFixture().run { api in
      for path in ["", "/30007", "/30007/signing_secret", "/30007/deliveries"] {
        let answer = try await api.get(Self.path + path)
        #expect(answer.status == 403, "\(path)")
      }
      let test = try await api.post("\(Self.path)/test?webhook_id=30007", "")
      #expect(test.status == 403)
    }
  }

  @Test func bodiesBecomeTheCommandsTheyMean() async throws {
    try await APIFixture().run { api in
      let made = try await api.post(
        Self.path,
        #"{"webhook":{"name":"Pager","endpoint":"https://pager.example/in","http_method":"POST","#
          + #""request_format":"json","subscriptions":["helio:alarm.*"]}}"#, auth: Self.admin)
      #expect(made.status == 404 || made.status == 201, "\(made.text)")
      let draft = WebhookDraft(
        name: "Pager", endpoint: "https://pager.example/in", subscriptions: ["helio:alarm.*"])
      #expect(
        await api.desk.commands.last == .createWebhook(draft, secret: "fresh-secret"))
      for body in [
        #"{"webhook":{"status":"off"}}"#, #"{"webhook":{"http_method":"GET"}}"#,
        #"{"webhook":{"endpoint":"https://127.0.0.1/"}}"#, #"{"webhook":{"subscriptions":5}}"#,
      ] {
        let answer = try await api.send(.put, "\(Self.path)/30007", body, auth: Self.admin)
        #expect(answer.status == 422, "\(body): \(answer.text)")
      }
    }
  }

  /// Whoever sends them counts on their being sent along.
  @Test(arguments: ["post", "put"]) func credentialsForTheReceiverAreRefused(
    _ method: String
  ) async throws {
    try await APIFixture().run { api in
      for (key, value) in [
        ("authentication", #"{"type":"bearer_token","data":{"token":"t"}}"#),
        ("custom_headers", #"{"X-Key":"k"}"#), ("authentication", #""basic""#),
      ] {
        let body =
          #"{"webhook":{"name":"Pager","endpoint":"https://pager.example/in","subscriptions":"#
          + #"["helio:alarm.*"],"\#(key)":\#(value)}}"#
        let answer =
          method == "post"
          ? try await api.post(Self.path, body, auth: Self.admin)
          : try await api.send(.put, "\(Self.path)/30007", body, auth: Self.admin)
        #expect(answer.status == 422)
        #expect(answer.text.contains(key) && answer.text.contains("Helio-Signature"))
      }
      let whole = #"{"webhook":{"name":"P","authentication":null,"custom_headers":{}}}"#
      let taken = try await api.send(.put, "\(Self.path)/30007", whole, auth: Self.admin)
      #expect(taken.status == 200, "\(taken.text)")
    }
  }

  @Test func deliveriesAndTestsSayWhatBecameOfThem() async throws {
    try await APIFixture().run { api in
      let list = try await api.get("\(Self.path)/30007/deliveries", auth: Self.admin)
      let first = try #require(try list.list("deliveries").first)
      #expect(first["state"] as? String == "delivered")
      #expect(first["node"] as? String == "paris-1")
      let test = try await api.post("\(Self.path)/test?webhook_id=30007", "", auth: Self.admin)
      #expect(try test.object("response")["status"] as? Int == 204)
      #expect(try await api.post("\(Self.path)/test", "", auth: Self.admin).status == 400)
      let missing = try await api.post("\(Self.path)/test?webhook_id=1", "", auth: Self.admin)
      #expect(missing.status == 404)
    }
  }

  @Test func aConflictShowsNoSecret() async throws {
    func write(_ slot: UInt32, _ value: String) -> Write {
      Write(
        Stamp(dot: Dot(Slot(slot), 4), hlc: HLC(milliseconds: 1_000), fence: 0, byOwner: false),
        .text(value))
    }
    let conflict = ConflictRecord(
      row: RowRef(Desk.webhook, RowID(30_007)), cell: CellKey(WebhookColumn.secret),
      column: "secret", shown: write(7, "do-not-show"), shownBy: RowID(1),
      others: [write(8, "nor-this")], othersBy: [RowID(2)])
    try await APIFixture().run { api in
      await api.desk.put(conflict)
      let text = try await api.get("/api/helio/v1/conflicts", auth: Self.admin).text
      #expect(text.contains(#""value":null"#))
      #expect(!text.contains("do-not-show") && !text.contains("nor-this"))
    }
  }
}
