// The built program, as scripts meet it: exit codes, what goes to which stream, what is asked.

internal import Foundation
internal import Testing

@testable internal import helio

@Suite struct ProgramTests {
  private func on(
    _ node: ScriptedNode, _ arguments: [String], environment: [String: String] = [:],
    input: String = "", files: [String: [UInt8]] = [:]
  ) async throws -> Run {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let environment = environment.merging(["HELIO_DATA": directory.path]) { $1 }
    for (name, bytes) in files { _ = try directory.write(name, bytes) }
    let arguments = arguments.map { files[$0] == nil ? $0 : directory.path + "/" + $0 }
    return try await node.serve(directory) {
      try await Program.run(arguments, environment, input: input)
    }
  }

  @Test func wrongCommandLinesEndWith64() async throws {
    for line in [
      ["nope"], ["ticket", "show"], ["invite", "--office", "Paris"], ["link", "pause"],
    ] {
      let run = try await Program.run(line)
      #expect(run.status == 64, "\(line)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains("Usage:"))
    }
    let init12 = try await Program.run(
      ["init", "--cluster", "a", "--office", "paris", "--zone", "Europe/Paris"],
      ["HELIO_ROOT_PASSPHRASE": "short"])
    #expect(init12.status == 64)
    #expect(init12.errors.contains("12"))
  }

  @Test func helpAndVersionEndWith0() async throws {
    #expect(try await Program.run(["--version"]).output == Helio.version + "\n")
    let help = try await Program.run(["help", "ticket", "take"])
    #expect(help.status == 0)
    #expect(help.output.contains("--even-if-foreign"))
  }

  @Test func withoutANodeTheErrorNamesTheCommandThatStartsOne() async throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let run = try await Program.run(["status", "--data", directory.path])
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("No node is running on \(directory.path)"))
    #expect(run.errors.contains("helio serve --data \(directory.path)"))

    // A socket that a killed node left behind.
    let left = ScriptedNode([:])
    try await left.serve(directory) {}
    let dead = try await Program.run(["alarms", "--data", directory.path])
    #expect(dead.status == 2)
    #expect(dead.errors.contains("helio serve"))

    let nowhere = try await Program.run(["members"], ["HELIO_DATA": directory.path + "/none"])
    #expect(nowhere.status == 2)
    #expect(nowhere.errors.contains("helio init"))

    let remote = try await Program.run(
      ["status"], ["HELIO_URL": "http://127.0.0.1:1", "HELIO_TOKEN": "t"])
    #expect(remote.status == 2)
    #expect(remote.errors.contains("http://127.0.0.1:1"))
    let secure = try await Program.run(
      ["status"], ["HELIO_URL": "https://127.0.0.1:1", "HELIO_TOKEN": "t"])
    for run in [remote, secure] {
      #expect(run.errors.contains(":1: Connection refused\n"), "\(run.errors)")
    }
  }

  @Test func tokensStandAloneOnStandardOutput() async throws {
    let node = ScriptedNode([
      "POST /api/helio/v1/invites": (
        201,
        #"{"invite":{"token":"helio1.abc","office":"tokyo","expires_at":"2026-01-01T00:00:00Z"}}"#
      ),
      "GET /api/v2/users/search": (
        200, #"{"users":[{"id":120001,"email":"Mei@example.com"}],"count":1}"#
      ),
      "POST /api/helio/v1/tokens": (
        201,
        #"{"token":{"id":340001,"user_id":120001,"token":"SECRET","label":"x","expires_at":null}}"#
      ),
    ])
    let invite = try await on(
      node, ["invite", "--office", "tokyo", "--zone", "Asia/Tokyo", "--ttl", "45m"])
    #expect(invite.status == 0)
    #expect(invite.output == "helio1.abc\n")
    #expect(
      node.requests.first?.json
        == [
          "invite": ["office": "tokyo", "zone": "Asia/Tokyo", "languages": [], "ttl_seconds": 2700]
        ])
    let token = try await on(node, ["token", "create", "--user", "mei@example.com"])
    #expect(token.output == "SECRET\n")
    #expect(node.requests.last?.json["token"]["user_id"] == 120_001)
  }

  @Test func ticketCommandsActAsTheUserWhoIsNamed() async throws {
    let node = ScriptedNode([
      "PUT /api/v2/tickets/120001": (200, #"{"ticket":{"id":120001}}"#),
      "POST /api/helio/v1/tickets/120001/take": (
        200, #"{"changed":true,"ownership":{"office":"tokyo","reason":"grant","moves_on":true}}"#
      ),
    ])
    let reply = try await on(
      node, ["ticket", "reply", "120001", "--status", "pending"],
      environment: ["HELIO_AS": "kenji@example.com"], input: "電話の件\n")
    #expect(reply.status == 0, "\(reply.errors)")
    let asked = try #require(node.requests.first)
    #expect(asked.actAs == "kenji@example.com")
    #expect(asked.json["ticket"]["comment"] == ["body": "電話の件\n", "public": true])
    #expect(asked.json["ticket"]["status"] == "pending")
    let take = try await on(node, ["ticket", "take", "120001", "--as", "mei@example.com"])
    #expect(take.output.contains("owner: tokyo (grant), moves on"))
    #expect(node.requests.last?.actAs == "mei@example.com")
  }

  @Test func aForeignTicketIsNotTakenWithoutAYes() async throws {
    let node = ScriptedNode([
      "POST /api/helio/v1/tickets/1/take": (
        409, #"{"error":"ForeignTicket","description":"paris owns this ticket."}"#
      )
    ])
    let run = try await on(node, ["ticket", "take", "1"])
    #expect(run.status == 1)
    #expect(run.errors.contains("--even-if-foreign"))
    #expect(node.requests.count == 1)
  }

  @Test func statusShowsSitesAndIsLoudAboutADrill() async throws {
    let node = ScriptedNode([
      "GET /api/helio/v1/node": (
        200,
        """
        {"node":{"node":"paris-1","office":"paris","cluster":"acme","slot":1,"state":"serving",
         "clock":{"now":"2026-01-01T00:00:00Z","trusted":true,"drift_milliseconds":null,
         "drill_offset_seconds":-7200},"tickets":3,"conflicts":0,"deltas":9,"search_lag":0,
         "fingerprint":"ab","roster_number":null,"software":"0.1.0",
         "started_at":"2026-01-01T00:00:00Z"}}
        """
      ),
      "GET /api/helio/v1/sites": (
        200,
        """
        {"sites":[{"node":"tokyo-1","office":"tokyo","slot":2,"state":"unreachable","address":"t:1",
         "last_heard_at":null,"lag":4,"data_age_seconds":125,"unsent":7,
         "round_trip_milliseconds":null}]}
        """
      ),
    ])
    let run = try await on(node, ["status"])
    #expect(run.status == 0)
    #expect(run.output.contains("DRILL"))
    #expect(run.output.contains("-2 h (-7200 s)"))
    #expect(run.output.contains("tokyo-1  tokyo   unreachable    4  2 min 5 s       7"))
    #expect(!run.output.contains("\u{1B}"))
    let json = try await on(node, ["status", "--json"])
    let answer = try #require(JSON.parse([UInt8](json.output.utf8)))
    #expect(answer["sites"].items.first?["unsent"] == 7)
    #expect(answer["node"]["clock"]["drill_offset_seconds"] == -7_200)
  }

  @Test func verifyEndsWith3WhereReplicasDiffer() async throws {
    let report = { (equal: Bool) in
      """
      {"verify":{"equal":\(equal),"fingerprint":"ab","version":{"1":2},"self_consistent":true,
       "peers":[{"node":"tokyo-1","state":"\(equal ? "equal" : "different")","since":null,
       "differing_buckets":[\(equal ? "" : "17")]}]}}
      """
    }
    let good = try await on(
      ScriptedNode(["POST /api/helio/v1/verify": (200, report(true))]), ["verify"])
    #expect(good.status == 0)
    let bad = try await on(
      ScriptedNode(["POST /api/helio/v1/verify": (200, report(false))]), ["verify"])
    #expect(bad.status == 3)
    #expect(bad.errors.contains("tokyo-1"))
    #expect(bad.output.contains("17"))
  }

  @Test func aRosterGoesAsItIsAndItsProblemsAreShown() async throws {
    let node = ScriptedNode([
      "PUT /api/helio/v1/roster": (
        422,
        """
        {"error":"RecordInvalid","description":"Record validation errors","details":{"base":[
         {"description":"Group Support: no office is staffed on Sundays","error":"InvalidValue"}]}}
        """
      )
    ])
    let text = "[group.Support]\n# été\n"
    let run = try await on(
      node, ["roster", "apply", "roster.toml", "--emergency"],
      files: ["roster.toml": [UInt8](text.utf8)])
    #expect(run.status == 1)
    #expect(run.errors.contains("no office is staffed on Sundays"))
    let asked = try #require(node.requests.first)
    #expect(asked.line == "PUT /api/helio/v1/roster?emergency=true")
    #expect(asked.body == text)
    #expect(asked.contentType == "application/toml")
  }

  @Test func aConditionOfNobodyIsAnErrorAndNoEmptyList() async throws {
    let node = ScriptedNode([
      "GET /api/v2/groups?": (200, #"{"groups":[{"id":5,"name":"Support"}],"meta":{}}"#),
      "GET /api/v2/users/search?": (200, #"{"users":[],"count":0}"#),
      "GET /api/v2/search?": (200, #"{"results":[],"next_page":null,"count":0}"#),
    ])
    for (option, value) in [("--group", "Nope"), ("--assignee", "nobody@x.example")] {
      let run = try await on(node, ["ticket", "list", option, value])
      #expect(run.status == 1)
      #expect(run.errors.contains(value), "\(run.errors)")
    }
    let found = try await on(node, ["ticket", "list", "--group", "support", "--assignee", "none"])
    #expect(found.status == 0, "\(found.errors)")
  }

  @Test func anActThatCountsForNobodySaysHowToNameSomebody() async throws {
    let refusal = "The role admin may not do this; it needs a user of the desk; act with a token."
    let node = ScriptedNode([
      "POST /api/v2/tickets": (403, #"{"error":"Forbidden","description":"\#(refusal)"}"#)
    ])
    let run = try await on(node, ["ticket", "new", "--subject", "s", "--body", "b"])
    #expect(run.status == 1)
    #expect(run.errors.contains("--as EMAIL"), "\(run.errors)")
  }

  @Test func aLongSubjectDoesNotPadTheBoard() async throws {
    let subject = String(repeating: "very long ", count: 40)
    let node = ScriptedNode([
      "GET /api/helio/v1/handoffs": (
        200,
        """
        {"board":{"office":"paris","at":"2026-01-01T00:00:00Z","on_duty":true,"warnings":[],
         "counts":{"outgoing":1},"in_transit":[],"sent_back":[],"accepted":[],"outgoing":[
         {"ticket_id":7,"status":"open","subject":"\(subject)","note":"call","note_missing":false}
        ]}}
        """
      )
    ])
    let run = try await on(node, ["handoff", "board"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("very long"))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count < 160 }, "\(run.output)")
  }

  @Test func ticketListsFollowTheCursorAndShowOwners() async throws {
    let row = { (id: Int) in #"{"id":\#(id),"status":"open","subject":"s\#(id)","group_id":5}"# }
    let node = ScriptedNode([
      "GET /api/v2/tickets?": (
        200,
        """
        {"tickets":[\(row(11)),\(row(12))],"groups":[{"id":5,"name":"Support"}],
         "meta":{"has_more":true,"after_cursor":"c2"}}
        """
      ),
      "GET /api/v2/tickets?sort=-updated_at&include=users%2Cgroups&page%5Bsize%5D=48&page%5Bafter%5D=c2":
        (
          200,
          #"{"tickets":[\#(row(13))],"groups":[],"meta":{"has_more":false,"after_cursor":null}}"#
        ),
      "GET /api/helio/v1/ownership": (
        200,
        """
        {"ownerships":[{"ticket_id":11,"office":"paris","in_transit":false},
         {"ticket_id":13,"office":"tokyo","in_transit":true}]}
        """
      ),
    ])
    let run = try await on(node, ["ticket", "list"])
    #expect(run.status == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].contains("paris") && lines[1].contains("Support"))
    #expect(lines[3].contains("tokyo (in transit)"))
    #expect(node.requests.last?.line == "GET /api/helio/v1/ownership?ids=11%2C12%2C13")
  }

  @Test func anImportNamesBadLinesAndEndsWith3() async throws {
    let node = ScriptedNode([
      "POST /api/helio/v1/imports/incidents": (
        200,
        """
        {"import":{"created":1,"updated":1,"unchanged":0,
         "bad":[{"line":2,"reason":"opened_at is no time"}]}}
        """
      )
    ])
    let log = gzip(Array("number,state\nINC1,a\nINC1\nINC2,\"é\n\"\n".utf8))
    let run = try await on(
      node, ["import", "incidents", "log.csv.gz", "--office-map", "Group 1=paris", "--json"],
      files: ["log.csv.gz": log])
    #expect(run.status == 3)
    let report = try #require(JSON.parse([UInt8](run.output.utf8)))["import"]
    #expect(report["rows"] == 2)
    #expect(report["bad"].items.map { $0["line"] } == [2, 3])
    #expect(report["bad"].items.first?["reason"] == "opened_at is no time")
    let sent = try #require(node.requests.first).json
    #expect(sent["source"] == "log.csv.gz")
    #expect(sent["office_map"] == ["Group 1": "paris"])
    #expect(
      sent["rows"].items.last
        == ["line": 4, "values": ["number": "INC2", "state": "é\n"]])
    #expect(run.errors.contains("100 %"))
  }

  @Test func aRosterIsShownAsShiftsAndNotAsOffsets() async throws {
    let publication = """
      {"number":2,"rules":{"handover":"start+30","accept_within":15,"fallback":"paris","max_stay":12,
       "promise":"none","offices":[{"code":"paris","zone":"Europe/Paris"}],"holidays":[],
       "overrides":[],"groups":[{"name":"*","shifts":[
       {"office":"paris","minutes":540,"starts":["09:00","10:00"],"days":["mon","fri"]}]}]},
       "zones":{"Europe/Paris":{"changes":[[1711846800,7200]],"initial":3600}}}
      """
    let answer = JSON.object([
      "roster": [
        "number": 2, "published_at": "2026-01-01T00:00:00Z", "offices": ["paris"],
        "effective_at": "2026-01-02T00:00:00Z", "groups": ["*"], "publication": JSON(publication),
        "warnings": ["nobody on Sundays"],
      ]
    ])
    let node = ScriptedNode([
      "GET /api/helio/v1/roster": (200, String(decoding: try answer.encoded(), as: UTF8.self))
    ])
    let run = try await on(node, ["roster", "show"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("Warning: nobody on Sundays"))
    #expect(
      run.output.contains("all other groups  paris   Europe/Paris  mon, fri  09:00, 10:00  9.0 h"))
    #expect(!run.output.contains("1711846800"))
    #expect(try await on(node, ["roster", "show", "--json"]).output.contains("1711846800"))
  }

  @Test func removalAsksAndNobodyAnswersForYou() async throws {
    let node = ScriptedNode([
      "POST /api/helio/v1/members/tokyo-1/remove": (200, #"{"member":{"node":"tokyo-1"}}"#)
    ])
    let refused = try await on(node, ["remove", "tokyo-1"], input: "y\n")
    #expect(refused.status == 1)
    #expect(node.requests.isEmpty)
    let done = try await on(node, ["remove", "tokyo-1", "--yes"])
    #expect(done.status == 0)
    #expect(node.requests.count == 1)
    // The node that answers wants to hear its name again.
    #expect(node.requests.first?.json["confirm"].text == "tokyo-1")
  }
}
