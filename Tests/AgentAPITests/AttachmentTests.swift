// Uploads and attachments over the door: shapes, limits, headers.

import Foundation
import HelpdeskDomain
import Hummingbird
import ReplicaCore
import Testing

@testable import AgentAPI

@Suite struct AttachmentTests {
  private let path = "/api/v2/uploads.json?filename=photo%20d%27%C3%A9t%C3%A9.png"

  private func upload(
    _ client: APIClient, _ bytes: [UInt8], path: String? = nil, type: String = "image/png",
    auth: String = "Bearer agent-token"
  ) async throws -> APIClient.Answer {
    try await client.send(
      .post, path ?? self.path, bytes: bytes, auth: auth, headers: [.contentType: type])
  }

  private func shown(
    _ state: AttachmentState, name: String = "pump.png", type: String = "image/png",
    size: UInt64 = 10, ticket: RowID = RowID(10_007)
  ) -> ShownAttachment {
    ShownAttachment(
      record: AttachmentRecord(
        id: RowID(90_007), comment: RowID(20_007), ticket: ticket, fileName: name,
        contentType: type, key: BlobKey(hash: .sha256([1]), size: size)),
      state: state, origin: "paris-1")
  }

  @Test func anUploadIsAnsweredWithItsTokenAndFile() async throws {
    let fixture = APIFixture()
    try await fixture.run { client in
      let answer = try await upload(client, [1, 2, 3], type: "Image/PNG; charset=x")
      #expect(answer.status == 201, "\(answer.text)")
      let body = try answer.object("upload")
      let token = try #require(body["token"] as? String)
      #expect(body["expires_at"] is String)
      let file = try #require(body["attachment"] as? [String: Any])
      #expect(file["file_name"] as? String == "photo d'été.png")
      #expect(file["content_type"] as? String == "image/png")
      #expect(file["size"] as? Int == 3)
      #expect(file["helio_state"] as? String == "here")
      #expect(file["deleted"] as? Bool == false)
      let more = try await upload(client, [4], path: path + "&token=\(token)")
      let both = try more.object("upload")["attachments"] as? [Any]
      #expect(both?.count == 2)
      let link = try #require(file["content_url"] as? String)
      let url = try #require(URL(string: link))
      let content = try await client.get(url.path + "?" + (url.query ?? ""))
      #expect(content.bytes == [1, 2, 3])
      #expect(try await client.send(.delete, "/api/v2/uploads/\(token).json").status == 204)
      #expect(try await client.send(.delete, "/api/v2/uploads/\(token).json").status == 404)
      #expect(try await upload(client, [4], path: path + "&token=gone").status == 404)
    }
  }

  @Test func aFileOfTheLimitIsTakenAndOneByteMoreIsNot() async throws {
    let fixture = APIFixture()
    try await fixture.run { client in
      let limit = Int(Limits.attachmentBytes)
      let right = try await upload(client, [UInt8](repeating: 1, count: limit))
      #expect(right.status == 201)
      let over = try await upload(client, [UInt8](repeating: 1, count: limit + 1))
      #expect(over.status == 413, "\(over.text)")
      #expect(over.text.contains("AttachmentTooLarge"))
      #expect(fixture.attachments.uploads.count == 1 && fixture.attachments.abandoned > 0)
      // The limit of all other bodies stays.
      let other = try await client.send(
        .post, "/api/v2/tickets", bytes: [UInt8](repeating: 32, count: (1 << 20) + 1))
      #expect(other.status == 413)
    }
  }

  @Test(arguments: [
    "", "?filename=", "?filename=%20", "?filename=a%0D%0Ab", "?filename=..",
    "?filename=\(String(repeating: "x", count: 256))",
  ])
  func aNameMustBeOne(query: String) async throws {
    try await APIFixture().run { client in
      let answer = try await upload(client, [1], path: "/api/v2/uploads" + query)
      #expect(answer.status == 400, "\(answer.text)")
    }
  }

  @Test func ofAPathOnlyTheNameIsKept() async throws {
    try await APIFixture().run { client in
      let answer = try await upload(
        client, [1], path: "/api/v2/uploads?filename=C:%5Ctemp%5C..%5Cpump.png")
      let file = try answer.object("upload")["attachment"] as? [String: Any]
      #expect(file?["file_name"] as? String == "pump.png")
    }
  }

  @Test func emptyFilesAndReadersAreRefused() async throws {
    let fixture = APIFixture()
    try await fixture.run { client in
      let empty = try await upload(client, [])
      #expect(empty.status == 422)
      let reader = try await upload(client, [1], auth: "Bearer viewer-token")
      #expect(reader.status == 403)
      fixture.attachments.refuseNextPiece(.refused(.storageFull))
      let full = try await upload(client, [1])
      #expect(full.status == 507)
      #expect(fixture.attachments.uploads.isEmpty && fixture.attachments.abandoned == 2)
    }
  }

  @Test func bytesAreServedSoThatNothingRuns() async throws {
    let fixture = APIFixture()
    let evil = "a\"; x=\"b\r\nSet-Cookie: c=d; é.svg"
    fixture.attachments.put(
      shown(.here, name: evil, type: "image/svg+xml"), Array("0123456789".utf8))
    try await fixture.run { client in
      let answer = try await client.get("/api/v2/attachments/90007/content?name=x.json")
      #expect(answer.status == 200 && answer.text == "0123456789")
      #expect(answer.header("content-type") == "application/octet-stream")
      #expect(answer.header("x-content-type-options") == "nosniff")
      let policy = try #require(answer.header("content-security-policy"))
      #expect(policy.hasPrefix("sandbox; default-src 'none'"))
      let disposition = try #require(answer.header("content-disposition"))
      #expect(disposition.hasPrefix("attachment; filename=\"a__ x__b__Set-Cookie_ c_d_ _.svg\"; "))
      #expect(
        disposition.hasSuffix(
          "filename*=UTF-8''a%22%3B%20x%3D%22b%0D%0ASet-Cookie%3A%20c%3Dd%3B%20%C3%A9.svg"))
      #expect(answer.header("set-cookie") == nil)
    }
  }

  @Test func aRangeIsServed() async throws {
    let fixture = APIFixture()
    fixture.attachments.put(shown(.here), Array("0123456789".utf8))
    try await fixture.run { client in
      func get(_ range: String) async throws -> APIClient.Answer {
        try await client.send(
          .get, "/api/v2/attachments/90007/content", headers: [.range: range])
      }
      let part = try await get("bytes=2-4")
      #expect(part.status == 206 && part.text == "234")
      #expect(part.header("content-range") == "bytes 2-4/10")
      #expect(try await get("bytes=7-").text == "789")
      #expect(try await get("bytes=-3").text == "789")
      #expect(try await get("bytes=8-99").text == "89")
      #expect(try await get("bytes=10-").status == 416)
      for odd in ["bytes=4-2", "bytes=1-2,4-5", "lines=1-2", "bytes=", "bytes=x-1"] {
        #expect(try await get(odd).status == 200, "\(odd)")
      }
    }
  }

  @Test func bytesThatAreNotHereAreTold() async throws {
    let fixture = APIFixture()
    try await fixture.run { client in
      for (state, name, wait) in [
        (AttachmentState.onTheWay(have: 4), "AttachmentOnTheWay", "5"),
        (.missing(have: 4), "AttachmentMissing", "60"),
      ] {
        fixture.attachments.put(shown(state), nil)
        let answer = try await client.get("/api/v2/attachments/90007/content")
        #expect(answer.status == 503 && answer.text.contains(name), "\(answer.text)")
        #expect(answer.text.contains("paris-1"))
        #expect(answer.header("retry-after") == wait)
        let row = try await client.get("/api/v2/attachments/90007.json").object("attachment")
        #expect(row["helio_state"] as? String == state.name)
        #expect(row["helio_bytes_here"] as? Int == 4, "what came is told, whoever is connected")
      }
      fixture.attachments.put(shown(.redacted), nil)
      #expect(try await client.get("/api/v2/attachments/90007/content").status == 404)
      let row = try await client.get("/api/v2/attachments/90007").object("attachment")
      #expect(row["file_name"] as? String == "redacted.txt" && row["size"] as? Int == 0)
      #expect(row["deleted"] as? Bool == true)
      #expect(try await client.get("/api/v2/attachments/1").status == 404)
    }
  }

  @Test func commentsAndAuditsShowTheirFiles() async throws {
    let fixture = APIFixture()
    try await fixture.run { client in
      let ticket = try await client.ticket()
      let comments = try await client.get("/api/v2/tickets/\(ticket)/comments").list("comments")
      let comment = try #require(comments.first?["id"] as? NSNumber).int64Value
      var file = shown(.here, ticket: RowID(ticket))
      file.record.comment = RowID(comment)
      fixture.attachments.put(file, [1])
      let again = try await client.get("/api/v2/tickets/\(ticket)/comments").list("comments")
      let files = try #require(again.first?["attachments"] as? [[String: Any]])
      #expect(files.map { ($0["id"] as? NSNumber)?.int64Value } == [90_007])
      let audits = try await client.get("/api/v2/tickets/\(ticket)/audits").list("audits")
      let events = try #require(audits.first?["events"] as? [[String: Any]])
      #expect((events.first?["attachments"] as? [Any])?.count == 1)
    }
  }

  @Test func uploadTokensReachTheDesk() async throws {
    try await APIFixture().run { client in
      let ticket = try await client.ticket()
      let answer = try await client.send(
        .put, "/api/v2/tickets/\(ticket)",
        #"{"ticket":{"comment":{"body":"See","uploads":["one","two"]}}}"#)
      #expect(answer.status == 200)
      guard case .updateTicket(_, let edit)? = await client.desk.commands.last else {
        Issue.record("no update came")
        return
      }
      #expect(edit.comment?.uploads == ["one", "two"])
      let bare = try await client.send(
        .put, "/api/v2/tickets/\(ticket)", #"{"ticket":{"comment":{"uploads":["one"]}}}"#)
      #expect(bare.status == 422)
    }
  }
}
