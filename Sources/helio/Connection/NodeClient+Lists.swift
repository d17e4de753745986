// Lists come in pages; commands want rows.

internal import NIOHTTP1

extension NodeClient {
  /// Rows of a page, the most that the API gives.
  static let pageSize = 100

  /// What a cursor-paged list holds, up to `limit` rows.
  struct Listing {
    var rows: [JSON]
    /// There are more rows than were asked for.
    var hasMore: Bool
    /// The sideloaded users and groups of all pages, name by id.
    var names: [Int64: String]

    mutating func add(names answer: JSON) {
      for row in answer["users"].items + answer["groups"].items {
        if let id = row["id"].integer { names[id] = row["name"].text }
      }
    }
  }

  func list(_ path: NodePath, key: String, limit: Int = .max) async throws(Failure) -> Listing {
    var listing = Listing(rows: [], hasMore: false, names: [:])
    var cursor: String?
    while true {
      let size = min(Self.pageSize, limit - listing.rows.count)
      let answer = try await get(
        path.with("page[size]", String(size)).with("page[after]", cursor))
      listing.rows += answer[key].items
      listing.add(names: answer)
      listing.hasMore = answer["meta"]["has_more"].flag
      guard listing.hasMore, listing.rows.count < limit,
        let next = answer["meta"]["after_cursor"].text, next != cursor
      else { return listing }
      cursor = next
    }
  }

  /// The id of a user who is named by e-mail, or by id, or as `me`.
  func user(_ name: String) async throws(Failure) -> Int64 {
    if let id = Int64(name) { return id }
    if name == "me" {
      let me = try await get(.desk("users", "me"))
      guard let id = me["user"]["id"].integer, id > 0 else {
        throw Failure(
          .failed, "Over the local socket nobody is \"me\": the caller is the node's operator.",
          hint: "Act as a user with --as EMAIL, or name the user by e-mail.")
      }
      return id
    }
    let answer = try await get(
      .desk("users", "search").with("query", "email:\"\(name)\"").with("per_page", "2"))
    let matches = answer["users"].items.filter {
      $0["email"].text?.lowercased() == name.lowercased()
    }
    guard let id = matches.first?["id"].integer else {
      throw Failure(
        .failed, "No user has the e-mail \(name).",
        hint: "See helio user list, or add one: helio user add --name NAME --email \(name) "
          + "--role agent")
    }
    return id
  }

  /// The id of a group that is named by name or by id.
  func group(_ name: String) async throws(Failure) -> Int64 {
    if let id = Int64(name) { return id }
    let groups = try await list(.desk("groups"), key: "groups").rows
    let wanted = name.lowercased()
    guard let id = groups.first(where: { $0["name"].text?.lowercased() == wanted })?["id"].integer
    else {
      let known = groups.prefix(12).compactMap { $0["name"].text }.joined(separator: ", ")
      throw Failure(
        .failed, "There is no group called \(name).",
        hint: known.isEmpty ? "This desk has no groups yet." : "Groups: \(known)")
    }
    return id
  }
}
