// `helio ticket list`.

internal import ArgumentParser

struct TicketList: NodeCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Tickets, newest change first; OWNER is the office that owns it now.",
    discussion: """
      Conditions are and-ed. They and --query go through the search, which may be up to two \
      seconds behind.

      Example:
        helio ticket list --status open --group Support --query '"payment failed" -test'
      """)

  @Option(
    help: ArgumentHelp(
      "new, open, pending, hold, solved or closed; can be repeated.",
      valueName: "status"))
  var status: [Status] = []

  @Option(help: ArgumentHelp("Only this group, by name or id.", valueName: "group"))
  var group: String?

  @Option(
    help: ArgumentHelp("Only of this agent, by e-mail or id; me, or none.", valueName: "user"))
  var assignee: String?

  @Option(help: ArgumentHelp("Only with this tag; can be repeated.", valueName: "tag"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("Words and conditions of the search language.", valueName: "query"))
  var query: String?

  @Option(help: ArgumentHelp("At most so many.", valueName: "number"))
  var limit = 50

  @OptionGroup var node: NodeOptions

  enum Status: String, ExpressibleByArgument, CaseIterable {
    case new, open, pending, hold, solved, closed
  }

  /// What one search reaches.
  static let searchReach = 10_000

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit is \(limit); it must be 1 or more.") }
    guard search.isEmpty || limit <= Self.searchReach else {
      throw ValidationError(
        "--limit is \(limit); with conditions the search reaches \(Self.searchReach) tickets. "
          + "Narrow the conditions.")
    }
    for value in [group, assignee] + tag where value?.contains("\"") == true {
      throw ValidationError("A quotation mark cannot be part of a condition: \(value ?? "")")
    }
  }

  /// The conditions in the search language; empty where every ticket is wanted.
  var search: String {
    var terms = status.map { "status:\($0.rawValue)" }
    if let group { terms.append("group:\(Self.quoted(group))") }
    if let assignee { terms.append("assignee:\(Self.quoted(assignee))") }
    terms += tag.map { "tags:\(Self.quoted($0))" }
    if let query { terms.append(query) }
    return terms.joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String {
    text.allSatisfy { $0.isLetter || $0.isNumber || "@.-_+".contains($0) } ? text : "\"\(text)\""
  }

  func run(with client: NodeClient) async throws {
    try await check(client)
    var listing =
      search.isEmpty
      ? try await client.list(
        .desk("tickets").with("sort", "-updated_at").with("include", "users,groups"),
        key: "tickets", limit: limit)
      : try await found(client)
    let owners = try await client.owners(of: listing.rows.compactMap { $0["id"].integer })
    listing.rows = listing.rows.map { row in
      guard let id = row["id"].integer, let owner = owners[id] else { return row }
      var members = row.members
      members["ownership"] = owner
      return .object(members)
    }
    try show(["tickets": .list(listing.rows), "has_more": JSON(listing.hasMore)]) { terminal in
      people(listing, terminal)
    }
  }

  /// The search finds nothing of who is not there; a misspelt name must not look like an empty
  /// desk.
  private func check(_ client: NodeClient) async throws(Failure) {
    if let group, group != "none" { _ = try await client.group(group) }
    if let assignee, assignee != "none" { _ = try await client.user(assignee) }
  }

  private func found(_ client: NodeClient) async throws(Failure) -> NodeClient.Listing {
    var listing = NodeClient.Listing(rows: [], hasMore: false, names: [:])
    // Pages must be of one size, or their borders would shift.
    let size = min(NodeClient.pageSize, limit)
    var page = 1
    repeat {
      let answer = try await client.get(
        .desk("search").with("query", "type:ticket " + search).with("sort_by", "updated_at")
          .with("sort_order", "desc").with("include", "tickets(users,groups)")
          .with("per_page", String(size)).with("page", String(page)))
      listing.rows += answer["results"].items
      listing.add(names: answer)
      listing.hasMore = !answer["next_page"].isNull
      page += 1
    } while listing.hasMore && listing.rows.count < limit && page * size <= Self.searchReach
    if listing.rows.count > limit {
      listing.rows.removeLast(listing.rows.count - limit)
      listing.hasMore = true
    }
    return listing
  }

  private func people(_ listing: NodeClient.Listing, _ terminal: Terminal) {
    var table = Table([
      .right("TICKET"), .left("STATUS"), .left("PRIORITY"), .left("OWNER"), .left("GROUP"),
      .left("ASSIGNEE"), .left("UPDATED"), .flexible("SUBJECT"),
    ])
    for row in listing.rows {
      let owner = row["ownership"]
      table.add([
        Table.Cell(row["id"].shown), TicketView.status(row["status"]),
        TicketView.priority(row["priority"]),
        Table.Cell(
          owner["office"].shown + (owner["in_transit"].flag ? " (in transit)" : ""),
          owner["in_transit"].flag ? .warning : .plain),
        Table.Cell(TicketView.person(row["group_id"], listing.names)),
        Table.Cell(
          TicketView.person(row["assignee_id"], listing.names)
            + (owner["assignee_off_shift"].flag ? " (off shift)" : "")),
        Table.Cell(row["updated_at"].shown), Table.Cell(row["subject"].shown),
      ])
    }
    if table.rows.isEmpty {
      terminal.say("No tickets.")
    } else {
      terminal.say(table)
    }
    if listing.hasMore {
      terminal.tell("There are more; see them with a higher --limit.")
    }
  }
}
