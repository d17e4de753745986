// The two ways of paging: by cursor where page[size] is given, else by page number.

internal import HelpdeskDomain

extension Call {
  /// The page that the query string asks for, with at most so many rows by cursor.
  func page(most: Int = APILimits.pageSize) throws(APIError) -> PageRequest {
    let size = try query.integer("page[size]")
    let after = query["page[after]"]
    let before = query["page[before]"]
    if size != nil || after != nil || before != nil {
      let size = size ?? APILimits.pageSize
      guard (1...most).contains(size) else {
        throw .badRequest(
          "InvalidPaginationParameter", "page[size] must be 1 to \(most), not \(size).")
      }
      guard after == nil || before == nil else {
        throw .badRequest(
          "InvalidPaginationParameter", "Give page[after] or page[before], not both.")
      }
      return .cursor(size: size, after: after, before: before)
    }
    let number = try query.integer("page") ?? 1
    let perPage = try query.integer("per_page") ?? APILimits.pageSize
    guard number >= 1, (1...APILimits.pageSize).contains(perPage) else {
      throw .badRequest(
        "InvalidPaginationParameter",
        "page must be 1 or more and per_page 1 to \(APILimits.pageSize).")
    }
    let (last, overflow) = number.multipliedReportingOverflow(by: perPage)
    guard !overflow, last <= APILimits.offsetRecords else {
      throw .badRequest(
        "InvalidPaginationDepth",
        "page and per_page reach the first \(APILimits.offsetRecords) records; go on with "
          + "page[size] and page[after].")
    }
    return .offset(page: number, size: perPage)
  }
}
