// A ticket of another desk as the import API takes it.

internal import HelpdeskDomain
internal import ReplicaCore

/// Reads the members under `ticket`: those of a new ticket, its dates and its comments.
struct TicketImportInput {
  var history = TicketImport()

  /// Throws 422 with every fault.
  init(_ body: FieldReader) throws(DeskFailure) {
    var body = body
    let input = try TicketInput(body, creating: true)
    history.edit = input.edit
    history.submitter = input.submitter
    history.home = input.home
    history.createdAt = body.instant("created_at")
    history.updatedAt = body.instant("updated_at")
    history.solvedAt = body.instant("solved_at")
    let comments = Self.comments(&body)
    history.comments = comments.isEmpty ? Self.description(input, history.createdAt) : comments
    if history.comments.isEmpty {
      body.problem(
        "comments", .blankValue,
        "comments must hold the ticket's comments: [{\"body\": …, \"author_id\": …}]")
    }
    try body.check()
  }

  private static func description(_ input: TicketInput, _ date: Instant?) -> [CommentImport] {
    input.comment.map { [CommentImport(draft: $0, createdAt: date)] } ?? []
  }

  private static func comments(_ body: inout FieldReader) -> [CommentImport] {
    var found: [CommentImport] = []
    for var comment in body.objects("comments") ?? [] {
      let html = comment.text("html_body")
      // `value` is the name that older clients use.
      let text = comment.text("body") ?? comment.text("value") ?? html.map(HTMLText.plain)
      var draft = CommentDraft(
        body: text ?? "", htmlBody: html, isPublic: comment.flag("public") ?? true,
        author: comment.id("author_id"))
      draft.uploads = comment.texts("uploads") ?? []
      found.append(CommentImport(draft: draft, createdAt: comment.instant("created_at")))
      body.take(comment)
    }
    return found
  }
}
