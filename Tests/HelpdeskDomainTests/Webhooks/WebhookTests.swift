// Receivers outside: who may make them, which addresses they have, what they are told of.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct WebhookTests {
  let scene: DeskScene

  init() throws { scene = try DeskScene() }

  private var draft: WebhookDraft {
    WebhookDraft(
      name: "Pager", endpoint: "https://pager.example/in", subscriptions: ["helio:alarm.*"])
  }

  @Test(arguments: [
    "https://pager.example/in", "http://10.0.0.7:8080/x?y=z", "https://[2001:db8::1]:8443/",
  ])
  func addressesThatCanBeUsed(_ text: String) throws {
    #expect(try WebhookEndpoint(text).text == text)
  }

  @Test(arguments: [
    ("ftp://x.example/", WebhookEndpoint.Problem.scheme), ("javascript:alert(1)", .scheme),
    ("https://user:pw@x.example/", .user), ("https:///x", .host), ("https://x:0/", .port),
    ("https://x:70000/", .port), ("https://x.example/a b", .characters),
    ("https://x.example/#f", .characters), ("https://x.example/\r\nX: y", .characters),
    ("https://x.example\\@y.example/", .characters),
    ("https://x.example/" + String(repeating: "a", count: 3_000), .length),
  ])
  func addressesThatCannot(_ text: String, _ problem: WebhookEndpoint.Problem) {
    #expect(throws: problem) { try WebhookEndpoint(text) }
  }

  @Test func hostAndPortAreRead() throws {
    let plain = try WebhookEndpoint("HTTP://Pager.Example")
    #expect(plain.host == "pager.example" && plain.port == 80)
    let six = try WebhookEndpoint("https://[::1]:8443/x")
    #expect(six.host == "::1" && six.port == 8_443)
  }

  /// Whoever sends reads scheme, host and port as they were judged, whatever was typed.
  @Test(arguments: [
    ("HTTPS://Pager.Example/In?A=b", "https://pager.example:443/In?A=b"),
    ("http://PAGER.example", "http://pager.example:80/"),
    ("http://pager.example:8080?x=Y", "http://pager.example:8080/?x=Y"),
    ("https://[2001:DB8::1]/x", "https://[2001:db8::1]:443/x"),
  ])
  func whatIsSentToIsWhatWasJudged(_ text: String, _ url: String) throws {
    #expect(try WebhookEndpoint(text).url == url)
  }

  @Test func adminsAloneMakeThemAlsoByARawDelta() throws {
    for role in Role.allCases where role != .admin {
      #expect(throws: Refusal.self) {
        try scene.paris.act(.createWebhook(draft, secret: "s"), by: scene.user(role))
      }
    }
    let made = try scene.paris.act(.createWebhook(draft, secret: "s"), by: scene.admin)
    let change = try #require(made.changes.first { $0.row.entity == Tables.webhook })
    #expect(scene.paris.forge([change], by: scene.paris.actor(scene.lead)) == .role)
  }

  @Test func whatIsWrongIsNamedAtOnce() {
    let bad = WebhookDraft(name: " ", endpoint: "gopher://x", subscriptions: ["ticket.made"])
    #expect(
      problems { try scene.paris.act(.createWebhook(bad, secret: "s"), by: scene.admin) } == [
        "name:BlankValue", "endpoint:InvalidValue", "subscriptions:InvalidValue",
      ])
  }

  @Test func theSecretIsStoredBesideTheChain() throws {
    let made = try scene.paris.act(.createWebhook(draft, secret: "hush"), by: scene.admin)
    let actions = made.changes.flatMap(\.actions)
    let secret = try #require(actions.first { $0.cell.column == WebhookColumn.secret })
    guard case .write(.personal, _, _) = secret.kind else {
      Issue.record("the secret lies in the body that every relay keeps")
      return
    }
    #expect(Tables.isSecret(Tables.webhook, WebhookColumn.secret))
    #expect(!Tables.isSecret(Tables.webhook, WebhookColumn.endpoint))
  }

  @Test func aPatternMeansWhatBeginsLikeIt() {
    #expect(WebhookEvent.pattern("helio:alarm.*", matches: "helio:alarm.clock"))
    #expect(!WebhookEvent.pattern("helio:alarm.*", matches: "helio:ticket.taken"))
    #expect(!WebhookEvent.pattern("helio:alarm.clock", matches: "helio:alarm.clocks"))
    #expect(!WebhookEvent.isKnown("helio:test"))
    #expect(!WebhookEvent.isKnown("nothing*"))
    #expect(WebhookEvent.isKnown("zen:event-type:ticket.*"))
  }

  @Test func aDeltaIsTheEventsThatItIs() throws {
    func done(_ command: DeskCommand) throws -> Delta {
      try scene.paris.act(command, by: scene.agent)
      return try #require(scene.paris.memory.log.last?.delta)
    }
    let made = try done(
      .createTicket(TicketDraft(subject: "Pump", comment: CommentDraft(body: "x"))))
    #expect(WebhookEvent.occurrences(in: made).map(\.event) == [.ticketCreated])
    let id = try #require(made.changes.first { $0.row.entity == Tables.ticket }).row.id
    let edit = try done(
      .updateTicket(
        id,
        .with {
          $0.status = "pending"
          $0.addTags = ["vip"]
          $0.comment = CommentDraft(body: "psst", isPublic: false)
        }))
    let found = WebhookEvent.occurrences(in: edit)
    #expect(Set(found.map(\.event)) == [.statusChanged, .tagsChanged, .commentAdded])
    let status = try #require(found.first { $0.event == .statusChanged })
    #expect(status.facts == ["current": .word("pending")])
    #expect(status.replaced?.fact(in: made) == .word("new"))
    #expect(status.replaced?.fact(in: edit) == nil)
    let comment = try #require(found.first { $0.event == .commentAdded })
    let row = try #require(edit.changes.first { $0.row.entity == Tables.comment }).row
    #expect(
      comment.facts == ["comment": .facts(["id": .id(row.id), "is_public": .flag(false)])])
    #expect(comment.author == scene.agent)
    let tags = try #require(found.first { $0.event == .tagsChanged })
    #expect(tags.facts == ["tags_added": .texts(["vip"]), "tags_removed": .texts([])])
    let again = try done(.updateTicket(id, .with { $0.removeTags = ["vip", "never"] }))
    #expect(
      WebhookEvent.occurrences(in: again).map(\.facts)
        == [["tags_added": .texts([]), "tags_removed": .texts(["vip"])]])
    let first = try done(.updateTicket(id, .with { $0.priority = .set("high") }))
    #expect(
      WebhookEvent.occurrences(in: first).map(\.facts)
        == [["current": .word("high"), "previous": .nothing]])
    #expect(found.allSatisfy { $0.ticket == id })
    var imported = edit
    imported.header.via = .imported
    #expect(WebhookEvent.occurrences(in: imported).isEmpty)
  }
}

@Suite struct AlarmAckTests {
  @Test func anAgentTakesNoticeOnceAndForThemselves() throws {
    let scene = try DeskScene()
    let cause = "board-0-1789722000000"
    let first = try scene.paris.act(.acknowledgeAlarm(cause: cause, note: nil), by: scene.agent)
    #expect(first.changes.count == 1)
    #expect(scene.paris.memory.rows(of: Tables.alarmAck).count == 1)
    for role in [Role.viewer, .auditor, .lightAgent] {
      #expect(throws: Refusal.self) {
        try scene.paris.act(.acknowledgeAlarm(cause: cause, note: nil), by: scene.user(role))
      }
    }
    // In the name of another, by raw bytes.
    let change = try #require(first.changes.first)
    let copy = RowChange(RowRef(Tables.alarmAck, scene.paris.freshID()), change.actions)
    #expect(scene.paris.forge([copy], by: scene.paris.actor(scene.lead)) == .role)
    scene.sync()
    #expect(scene.tokyo.memory.rows(of: Tables.alarmAck).count == 1)
  }

  @Test func notesAreShortAndFewForEachUser() throws {
    let scene = try DeskScene()
    func take(_ cause: String, _ note: String?, by user: RowID) throws {
      try scene.paris.act(.acknowledgeAlarm(cause: cause, note: note), by: user)
    }
    let long = String(repeating: "é", count: DeskLimits.alarmNoteCharacters)
    #expect(problems { try take("a", long + "é", by: scene.agent) } == ["note:TooLong"])
    for _ in 0..<DeskLimits.alarmNotes { try take("a", long, by: scene.agent) }
    #expect(problems { try take("a", "more", by: scene.agent) } == ["note:InvalidValue"])
    // Without a word it says nothing new, and is no fault.
    try take("a", nil, by: scene.agent)
    #expect(scene.paris.memory.rows(of: Tables.alarmAck).count == DeskLimits.alarmNotes)
    try take("a", "mine", by: scene.lead)
    try take("b", "mine", by: scene.agent)
  }
}
