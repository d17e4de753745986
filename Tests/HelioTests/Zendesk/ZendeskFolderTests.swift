// What is cut out of the files of an export, and how a run over them goes on.

internal import Foundation
internal import Testing

@testable internal import helio

@Suite struct ZendeskFolderTests {
  /// The rows of a stream that comes in pieces of so many bytes.
  func rows(_ text: String, pieces: Int = 7) throws -> [String] {
    let bytes = Array(text.utf8)
    let source = MemorySource(
      stride(from: 0, to: bytes.count, by: pieces).map {
        Array(bytes[$0..<min($0 + pieces, bytes.count)])
      })
    var reader = JSONRows(source)
    var found: [String] = []
    while let row = try reader.next() {
      switch row {
      case .object(let bytes): found.append(String(decoding: bytes, as: UTF8.self))
      case .bad(let reason): found.append("bad: \(reason)")
      }
    }
    return found
  }

  @Test(arguments: [1, 2, 7, 1_000])
  func linesAndArraysGiveTheSameRows(pieces: Int) throws {
    let objects = [#"{"id":1,"a":"} \" {"}"#, #"{"id":2,"b":{"c":[{}]}}"#]
    #expect(try rows(objects.joined(separator: "\n"), pieces: pieces) == objects)
    #expect(try rows("[" + objects.joined(separator: ", ") + "]\n", pieces: pieces) == objects)
  }

  @Test func whatIsNoObjectIsNamedAndTheRestGoesOn() throws {
    #expect(
      try rows("nonsense {\n{\"id\":1}\n{\"id\":") == [
        "bad: is no JSON object", #"{"id":1}"#, "bad: breaks off at the end of the file",
      ])
  }

  @Test func pagesAreCutByTheirKeys() {
    let page = Array(
      #"{"count":2,"tickets":[{"id":1,"tags":["x"],"via":{"source":{}}},{"id":2}],"users":[]}"#.utf8
    )
    let lists = JSONPage.lists(in: page).mapValues {
      $0.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(
      lists == [
        "tickets": [#"{"id":1,"tags":["x"],"via":{"source":{}}}"#, #"{"id":2}"#], "users": [],
      ])
    #expect(!JSONPage.has("id", in: page))
    #expect(JSONPage.has("id", in: Array(#"{"x":"id","id" : 4}"#.utf8)))
    #expect(!JSONPage.has("id", in: Array(#"{"x":"id","y":{"id":4}}"#.utf8)))
  }

  /// A folder with these files, given to the body.
  func folder(_ files: [String: String], _ body: (ZendeskFolder) async throws -> Void) async throws
  {
    let root = NSTemporaryDirectory() + "helio-zendesk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (name, text) in files {
      try Data(text.utf8).write(to: URL(fileURLWithPath: root).appendingPathComponent(name))
    }
    try await body(ZendeskFolder(root))
  }

  @Test func filesAreKnownByTheirKeysOrNames() async throws {
    try await folder([
      "a.json": #"{"users":[{"id":1}],"organizations":[]}"#,
      "tickets-01.jsonl": "broken\n{\"id\":1}",
      "ticket_fields.json": #"[{"id":1}]"#, "other.json": #"{"x":1}"#, "notes.txt": "x",
      "ticket_comments_2.ndjson": #"{"id":1}"#,
    ]) { folder in
      let kinds = Dictionary(
        uniqueKeysWithValues: folder.files.map { ($0.name, $0.kinds.map(\.rawValue)) })
      #expect(
        kinds == [
          "a.json": ["organizations", "users"], "tickets-01.jsonl": ["tickets"],
          "ticket_fields.json": ["ticket_fields"],
          "ticket_comments_2.ndjson": ["ticket_comments"],
        ])
      #expect(folder.unknown.map(\.name) == ["other.json"])
    }
  }

  actor Bodies {
    private(set) var all: [JSON] = []
    func add(_ body: [UInt8]) { all.append(JSON.parse(body) ?? .null) }
  }

  @Test func aRunGoesOnAfterWhatWasAcknowledged() async throws {
    let users = (1...1_200).map { #"{"id":\#($0)}"# }.joined(separator: "\n")
    try await folder(["users.jsonl": users, "tickets.jsonl": #"{"id":7}"#]) { folder in
      let bodies = Bodies()
      var kept: [Int] = []
      var run = ZendeskRun(
        folder: folder, office: "paris",
        send: { body throws(Failure) in
          await bodies.add(body)
          if await bodies.all.count == 3 { throw Failure(.failed, "cut") }
          return ["import": ["created": 500]]
        }, keep: { kept.append($0) })
      await #expect(throws: Failure.self) { try await run.run() }
      #expect(run.summary.stopped == "cut")
      let done = try #require(kept.last)
      #expect(done == 1_000, "no row that was not sent counts as acknowledged")
      let rest = Bodies()
      var again = ZendeskRun(
        folder: folder, after: 1_000,
        send: { body throws(Failure) in
          await rest.add(body)
          return ["import": ["created": 1]]
        })
      try await again.run()
      #expect(again.summary.skipped == 1_000)
      let kinds = await rest.all.map { ($0["kind"].text ?? "", $0["rows"].items.count) }
      #expect(kinds.map(\.0) == ["users", "tickets"])
      #expect(kinds.map(\.1) == [200, 1])
      #expect(await bodies.all.first?["office"].text == "paris")
    }
  }

  @Test func rowsThatDoNotGetToTheNodeAreCountedToo() async throws {
    let users = [#"{"id":1}"#, "no JSON", #"{"id":2}"#, #"{"id":3}"#].joined(separator: "\n")
    try await folder(["users.jsonl": users]) { folder in
      var run = ZendeskRun(
        folder: folder,
        send: { _ throws(Failure) in
          ["import": ["created": 2, "bad": [["line": 2, "reason": "email: wrong"]]]]
        })
      try await run.run()
      let count = try #require(run.summary.kinds["users"])
      #expect(count.rows == 4)
      #expect(count.created == 2)
      #expect(count.bad == 2)
      #expect(run.summary.bad.map(\.row) == [2, 4])
    }
  }

  @Test func eventsAndLongTicketsGiveComments() throws {
    let event = #"""
      {"id":1,"ticket_id":5,"created_at":"2024-01-01T00:00:00Z","child_events":[
      {"id":2,"event_type":"Comment","body":"a"},{"id":3,"event_type":"Comment"},
      {"id":4,"event_type":"Change"}]}
      """#
    let file = ZendeskFile(
      name: "ticket_events.jsonl", path: "", size: 0, kinds: [.comments], isPaged: false)
    let rows = ZendeskRows.of(.comments, in: Array(event.utf8), of: file)
    let comment = try #require(rows.first.flatMap { JSON.parse($0.bytes) })
    #expect(rows.count == 1)
    #expect(comment["ticket_id"] == 5)
    #expect(comment["created_at"].text == "2024-01-01T00:00:00Z")
    let split = try #require(
      ZendeskRows.split(
        ZendeskRow(bytes: Array(#"{"id":5,"comments":[{"id":1,"body":"a"}]}"#.utf8))))
    #expect(JSON.parse(split.ticket.bytes)?["comments"].isNull == true)
    #expect(JSON.parse(split.comments[0].bytes)?["ticket_id"] == 5)
  }
}
