// What stands beside the rows of a page. Links carry the host the client used.

internal import Foundation
internal import HelpdeskDomain
internal import Hummingbird

extension Call {
  /// A page of rows under `key`, with whatever `sideloads` adds.
  func pageResponse<Row>(
    _ page: Page<Row>, _ request: PageRequest, key: String,
    sideloads: (inout JSONWriter) -> Void = { _ in },
    _ row: (inout JSONWriter, Row) -> Void
  ) -> Response {
    var json = JSONWriter(reserving: 1_024 + page.rows.count * 1_536)
    json.object { json in
      json.key(key)
      json.array(page.rows, row)
      sideloads(&json)
      writePaging(page, request, to: &json)
    }
    return .json(.ok, json)
  }

  func writePaging<Row>(_ page: Page<Row>, _ request: PageRequest, to json: inout JSONWriter) {
    switch request {
    case .cursor(let size, _, let before):
      json.field(
        "meta",
        object: { json in
          json.field("has_more", page.hasMore)
          json.field("after_cursor", page.afterCursor)
          json.field("before_cursor", page.beforeCursor)
        })
      let goingBack = before != nil
      // Going forward, `has_more` speaks of the next page; going back, of the previous one.
      let next = goingBack || page.hasMore ? page.afterCursor : nil
      json.field(
        "links",
        object: { json in
          json.field("next", next.map { link(cursor: "page[after]", $0, size: size) })
          json.field(
            "prev", page.beforeCursor.map { link(cursor: "page[before]", $0, size: size) })
        })
    case .offset(let number, let size):
      let reach = min(page.count ?? .max, APILimits.offsetRecords)
      let more = page.hasMore && number * size < reach
      json.field("next_page", more ? link(page: number + 1, size: size) : nil)
      json.field("previous_page", number > 1 ? link(page: number - 1, size: size) : nil)
      json.field("count", page.count ?? page.rows.count)
    }
  }

  private func link(cursor name: String, _ cursor: String, size: Int) -> String {
    link(
      replacing: ["page[after]", "page[before]", "page[size]"],
      [
        (name, cursor), ("page[size]", String(size)),
      ])
  }

  private func link(page: Int, size: Int) -> String {
    link(replacing: ["page", "per_page"], [("page", String(page)), ("per_page", String(size))])
  }

  /// This request's address with other paging parameters.
  func link(replacing names: Set<String>, _ values: [(String, String)]) -> String {
    var pairs = (request.uri.query ?? "").split(separator: "&").map(String.init).filter { pair in
      let name = pair.split(separator: "=", omittingEmptySubsequences: false)[0]
      return !names.contains(name.removingPercentEncoding ?? String(name))
    }
    // Clients send brackets as they are; no URI has them there.
    pairs = pairs.map { $0.replacing("[", with: "%5B").replacing("]", with: "%5D") }
    pairs += values.map { "\($0.percentEncoded)=\($1.percentEncoded)" }
    return base + originalPath + "?" + pairs.joined(separator: "&")
  }

  /// With `.json`, which clients of this API expect in links.
  private var originalPath: String { request.uri.path + ".json" }
}

extension String {
  /// Everything but unreserved characters is escaped.
  var percentEncoded: String {
    addingPercentEncoding(withAllowedCharacters: .urlUnreserved) ?? ""
  }
}
