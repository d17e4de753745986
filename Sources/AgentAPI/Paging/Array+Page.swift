// Lists that are short by nature are cut into pages here.

internal import HelpdeskDomain

extension Array where Element: Sendable {
  /// The page of this list; a cursor is the position of a row.
  func page(_ request: PageRequest) throws(APIError) -> Page<Element> {
    guard let page = Page(of: self, request) else { throw .foreignCursor }
    return page
  }

  /// The page of this list, which is sorted by `place`; a cursor is the place of a row.
  func page<Place: ListPlace>(
    _ request: PageRequest, by place: (Element) -> Place
  ) throws(APIError) -> Page<Element> {
    guard let page = Page(of: self, request, by: place) else { throw .foreignCursor }
    return page
  }
}

extension APIError {
  fileprivate static var foreignCursor: APIError {
    .badRequest(
      "InvalidPaginationParameter",
      "The cursor was not given out by this list; begin again without a cursor.")
  }
}
