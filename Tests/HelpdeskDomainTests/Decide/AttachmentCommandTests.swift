// Files of comments: what is decided, and what a raw delta may not do.

import HelpdeskDomain
import ReplicaCore
import Testing

@Suite struct AttachmentCommandTests {
  let scene: DeskScene
  let node: DeskNode

  init() throws {
    scene = try DeskScene()
    node = scene.paris
  }

  private func draft(_ name: String = "pump.png", size: UInt64 = 5) -> AttachmentDraft {
    AttachmentDraft(
      id: node.freshID(), fileName: name, contentType: "image/png",
      key: BlobKey(hash: .sha256(Array(name.utf8)), size: size))
  }

  private func comment(
    _ files: [AttachmentDraft], isPublic: Bool = true, uploads: [String] = []
  ) -> CommentDraft {
    var comment = CommentDraft(body: "See the picture", isPublic: isPublic)
    comment.attachments = files
    comment.uploads = uploads
    return comment
  }

  private func add(_ files: [AttachmentDraft], to ticket: RowID, by user: RowID) throws {
    try node.act(.updateTicket(ticket, .with { $0.comment = comment(files) }), by: user)
  }

  private func write(_ column: UInt16, _ value: Value, replaces: [Dot] = []) -> CellAction {
    CellAction(CellKey(column), .write(.plain(value), replaces: replaces, unread: []))
  }

  @Test func filesComeWithTheirComment() throws {
    let files = [draft("a.png"), draft("b.txt", size: 25 << 20)]
    let ticket = try scene.ticket { $0.comment = self.comment(files) }
    scene.sync()
    for (position, file) in files.enumerated() {
      let row = scene.tokyo.row(Tables.attachment, file.id)
      #expect(row.value(AttachmentColumn.ticket) == .integer(ticket.rawValue))
      #expect(row.value(AttachmentColumn.fileName) == .text(file.fileName))
      #expect(row.value(AttachmentColumn.size) == .integer(Int64(file.key.size)))
      #expect(row.value(AttachmentColumn.hash) == .bytes(file.key.hash.bytes))
      #expect(row.value(AttachmentColumn.position) == .integer(Int64(position)))
      let comment = RowID(row.value(AttachmentColumn.comment).integer ?? 0)
      #expect(scene.tokyo.row(Tables.comment, comment).exists)
    }
    #expect(scene.tokyo.memory.voids.isEmpty)
  }

  @Test func aFileIsAttachedOnce() throws {
    let file = draft()
    let ticket = try scene.ticket()
    try add([file], to: ticket, by: scene.agent)
    #expect(
      problems { try add([file], to: ticket, by: scene.agent) }
        == ["comment.uploads:DuplicateValue"])
    let twice = draft("c.png")
    #expect(
      problems { try add([twice, twice], to: ticket, by: scene.agent) }
        == ["comment.uploads:DuplicateValue"])
  }

  @Test func aTokenThatStandsForNothingIsRefused() throws {
    let ticket = try scene.ticket()
    let edit = TicketEdit.with { $0.comment = comment([], uploads: ["nothing"]) }
    #expect(
      problems { try node.act(.updateTicket(ticket, edit), by: scene.agent) }
        == ["comment.uploads:RecordNotFound"])
  }

  @Test(arguments: ["", "a/b", "a\\b", "a\nb", "..", "a\u{202E}gpj.exe", "a\u{0}b"])
  func aNameThatCouldMisleadIsRefused(name: String) throws {
    let ticket = try scene.ticket()
    #expect(!problems { try add([draft(name)], to: ticket, by: scene.agent) }.isEmpty)
  }

  @Test func tooManyFilesAreRefused() throws {
    let ticket = try scene.ticket()
    let files = (0...DeskLimits.attachments).map { draft("\($0).png") }
    #expect(
      problems { try add(files, to: ticket, by: scene.agent) } == ["comment.uploads:TooLong"])
    try add(Array(files.dropLast()), to: ticket, by: scene.agent)
  }

  @Test func aLightAgentAttachesToAPrivateNote() throws {
    let ticket = try scene.ticket()
    let file = draft()
    let note = TicketEdit.with { $0.comment = comment([file], isPublic: false) }
    try node.act(.updateTicket(ticket, note), by: scene.user(.lightAgent))
    #expect(node.row(Tables.attachment, file.id).exists)
  }

  // MARK: Redaction

  private func redaction(_ file: AttachmentDraft) -> DeskCommand {
    let row = node.row(Tables.attachment, file.id)
    return .redactAttachment(
      file.id, comment: RowID(row.value(AttachmentColumn.comment).integer ?? 0),
      ticket: RowID(row.value(AttachmentColumn.ticket).integer ?? 0))
  }

  @Test func redactionIsForGoodAndShowsInTheTicketsHistory() throws {
    let ticket = try scene.ticket()
    let file = draft()
    try add([file], to: ticket, by: scene.agent)
    scene.sync()
    let decision = try node.act(redaction(file), by: scene.agent)
    #expect(decision.changes.map(\.row).contains(RowRef(Tables.ticket, ticket)))
    scene.sync()
    let row = scene.tokyo.row(Tables.attachment, file.id)
    #expect(row.value(AttachmentColumn.redacted) == .integer(1))
    #expect(try node.act(redaction(file), by: scene.agent).isEmpty)
    #expect(scene.tokyo.memory.voids.isEmpty)
  }

  @Test func onlyWhoMayEditRedacts() throws {
    let ticket = try scene.ticket()
    let file = draft()
    try add([file], to: ticket, by: scene.agent)
    for role in [Role.lightAgent, .viewer, .auditor] {
      #expect(throws: Refusal.self) { try node.act(redaction(file), by: scene.user(role)) }
    }
    #expect(throws: Refusal.self) { try node.act(redaction(file), by: node.console) }
  }

  @Test func whatIsNotOnThatTicketIsNotFound() throws {
    let (one, other) = (try scene.ticket(), try scene.ticket())
    let file = draft()
    try add([file], to: one, by: scene.agent)
    let comment = RowID(
      node.row(Tables.attachment, file.id).value(AttachmentColumn.comment).integer ?? 0)
    for command in [
      DeskCommand.redactAttachment(file.id, comment: comment, ticket: other),
      .redactAttachment(file.id, comment: one, ticket: one),
      .redactAttachment(node.freshID(), comment: comment, ticket: one),
    ] {
      #expect {
        try node.act(command, by: scene.agent)
      } throws: { error in
        if case Refusal.notFound = error { true } else { false }
      }
    }
  }

  // MARK: Raw deltas

  @Test func aFileWithoutItsCommentIsVoid() throws {
    let ticket = try scene.ticket()
    let file = draft()
    try add([draft("other.png")], to: ticket, by: scene.agent)
    let comment = try #require(node.memory.rows(of: Tables.comment).last)
    let change = RowChange(
      RowRef(Tables.attachment, file.id),
      [
        write(AttachmentColumn.comment, .integer(comment.rawValue)),
        write(AttachmentColumn.ticket, .integer(ticket.rawValue)),
        write(AttachmentColumn.size, .integer(5)),
        write(AttachmentColumn.hash, .bytes(file.key.hash.bytes)),
      ])
    #expect(node.forge([change], by: node.actor(scene.agent)) == .incomplete)
    #expect(node.forge([change], by: node.console) == .nodeAct)
  }

  @Test(arguments: [(0, 32), (-1, 32), (26_214_401, 32), (5, 31)] as [(Int64, Int)])
  func aSizeOrHashThatCannotBeIsVoid(size: Int64, length: Int) throws {
    let ticket = try scene.ticket()
    let comment = RowRef(Tables.comment, node.freshID())
    let changes = [
      RowChange(
        comment,
        [
          write(CommentColumn.ticket, .integer(ticket.rawValue)),
          write(CommentColumn.author, .integer(scene.agent.rawValue)),
          write(CommentColumn.isPublic, .integer(1)), write(CommentColumn.body, .text("x")),
        ]),
      RowChange(
        RowRef(Tables.attachment, node.freshID()),
        [
          write(AttachmentColumn.comment, .integer(comment.id.rawValue)),
          write(AttachmentColumn.ticket, .integer(ticket.rawValue)),
          write(AttachmentColumn.size, .integer(size)),
          write(AttachmentColumn.hash, .bytes([UInt8](repeating: 1, count: length))),
        ]),
    ]
    #expect(node.forge(changes, by: node.actor(scene.agent)) == .incomplete)
  }

  @Test func aFileIsNeverRewrittenNorBroughtBack() throws {
    let ticket = try scene.ticket()
    let file = draft()
    try add([file], to: ticket, by: scene.agent)
    let ref = RowRef(Tables.attachment, file.id)
    let other = write(AttachmentColumn.hash, .bytes(Digest.sha256([9]).bytes))
    #expect(node.forge([RowChange(ref, [other])], by: node.actor(scene.admin)) == .rewrite)
    try node.act(redaction(file), by: scene.agent)
    let back = write(AttachmentColumn.redacted, .integer(0))
    #expect(node.forge([RowChange(ref, [back])], by: node.actor(scene.admin)) == .rewrite)
    let light = write(AttachmentColumn.redacted, .integer(1))
    #expect(node.forge([RowChange(ref, [light])], by: node.actor(scene.user(.lightAgent))) == .role)
  }

  @Test func customersReadFilesOfPublicCommentsOnTheirOwnTickets() {
    let customer = node.actor(scene.user(.endUser))
    var ticket = TicketRecord(id: RowID(10_001), status: "open")
    func comment(_ isPublic: Bool) -> CommentRecord {
      CommentRecord(
        id: RowID(20_001), ticket: ticket.id, author: scene.agent, isPublic: isPublic, body: "",
        htmlBody: nil, createdAt: .zero, via: .api, dot: Dot(Slot(1), 1))
    }
    #expect(!customer.mayRead(comment(true), of: ticket))
    ticket.requester = customer.user
    #expect(customer.mayRead(comment(true), of: ticket))
    #expect(!customer.mayRead(comment(false), of: ticket))
    let viewer = node.actor(scene.user(.viewer))
    #expect(viewer.mayRead(comment(true), of: ticket))
    #expect(!viewer.mayRead(comment(false), of: ticket))
    #expect(node.actor(scene.user(.lightAgent)).mayRead(comment(false), of: ticket))
    ticket.requester = nil
    ticket.collaborators = [customer.user]
    #expect(customer.mayRead(comment(true), of: ticket))
    #expect(!node.actor(scene.user(.viewer)).mayUpload && customer.mayUpload)
  }
}
