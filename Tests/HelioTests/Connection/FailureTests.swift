// A node's error bodies and broken connections become sentences that say what to do.

internal import ArgumentParser
internal import Testing

@testable internal import helio

@Suite struct FailureTests {
  private let socket = Endpoint.directory("/srv/helio")

  private func refusal(_ status: Int, _ body: String, retryAfter: String? = nil) -> Failure {
    Failure(
      refusal: JSON.parse([UInt8](body.utf8)) ?? .null, status: status, retryAfter: retryAfter,
      path: .helio("tickets", "7", "take").naming(ticket: 7), endpoint: socket)
  }

  @Test func validationErrorsNameEachField() {
    let failure = refusal(
      422,
      """
      {"error":"RecordInvalid","description":"Record validation errors","details":{
       "base":[{"description":"The roster has a gap","error":"InvalidValue"}],
       "name":[{"description":"A user needs a name.","error":"BlankValue"},
               {"description":"too long","error":"TooLong"}]}}
      """)
    #expect(
      failure.rendered(.plain) == """
        error: Record validation errors (RecordInvalid, 422)
          - The roster has a gap
          - A user needs a name.
          - name: too long
        """)
    #expect(failure.status == .failed)
    #expect(failure.name == "RecordInvalid")
  }

  @Test func refusalsKeepTheNodesReason() {
    let failure = refusal(
      409, #"{"error":"NotOnDuty","description":"paris is not on duty: tokyo is."}"#)
    #expect(failure.message == "paris is not on duty: tokyo is. (NotOnDuty, 409)")
  }

  @Test(arguments: [
    (401, #"{"error":"Couldn't authenticate you"}"#, "HELIO_TOKEN"),
    (404, #"{"error":"InvalidEndpoint","description":"Not found"}"#, "--version"),
    (429, #"{"error":"APIRateLimitExceeded","description":"slow down"}"#, "7 s"),
  ])
  func knownAnswersSayWhatToDo(status: Int, body: String, hint: String) {
    #expect(refusal(status, body, retryAfter: "7").hint.contains(hint))
  }

  @Test func whatIsNotThereIsNamed() {
    let failure = refusal(404, #"{"error":"RecordNotFound","description":"Not found"}"#)
    #expect(failure.message == "/srv/helio knows no ticket 7 (404).")
    #expect(failure.hint.contains("helio ticket list"))
  }

  @Test func whatCannotBeComparedIsNotCalledDifferent() {
    func finding(_ consistent: Bool, _ state: String) -> String {
      VerifyCommand.finding([
        "equal": false, "self_consistent": JSON(consistent),
        "peers": [["node": "tokyo-1", "state": JSON(state)], ["node": "sf-1", "state": "equal"]],
      ]).message
    }
    #expect(finding(true, "different") == "This node differs from tokyo-1 (different).")
    #expect(
      finding(true, "unreachable") == "Not every peer could be compared: tokyo-1 (unreachable).")
    #expect(finding(false, "unreachable").contains("its own rows"))
  }

  @Test func aBareAnswerIsStillASentence() {
    #expect(refusal(500, "").message == "The node answered 500 without a reason.")
  }

  @Test func foreignTextInErrorsIsInert() {
    let failure = refusal(409, #"{"error":"X","description":"a\u001b[2Jb"}"#)
    #expect(!failure.rendered(.plain).contains("\u{1B}"))
  }

  @Test func pathsAreEscapedPartByPart() {
    let path = NodePath.helio("members", "a/b ?#é").with("office", nil).with("q", "x&y=1+2")
    #expect(path.text == "/api/helio/v1/members/a%2Fb%20%3F%23%C3%A9?q=x%26y%3D1%2B2")
  }

  @Test func optionsAndVariablesNameTheNode() throws {
    let plain = try NodeOptions.parse([])
    #expect(plain.endpoint([:]) == .directory("/var/lib/heliotrope"))
    #expect(plain.endpoint(["HELIO_DATA": "/a"]) == .directory("/a"))
    #expect(plain.user(["HELIO_AS": "mei@example.com"]) == "mei@example.com")
    let remote = ["HELIO_URL": "https://h:1", "HELIO_TOKEN": "t", "HELIO_CA": "c"]
    #expect(plain.endpoint(remote) == .url("https://h:1", token: "t", ca: "c"))
    #expect(plain.user(remote.merging(["HELIO_AS": "x"]) { $1 }) == nil)
    let local = try NodeOptions.parse(["--data", "/b", "--as", "kenji@example.com"])
    #expect(local.endpoint(remote) == .directory("/b"))
    #expect(local.user([:]) == "kenji@example.com")
    let url = try NodeOptions.parse(["--url", "https://h:2", "--token", "u"])
    #expect(url.endpoint(remote) == .url("https://h:2", token: "u", ca: "c"))
  }
}
