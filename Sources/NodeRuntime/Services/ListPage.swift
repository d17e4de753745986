// Pages of lists that are at hand as a whole.

internal import AgentAPI
internal import HelpdeskDomain
internal import ReplicaCore

/// Cuts a page out of a list; a cursor of another list is refused.
enum ListPage {
  /// Cursors are positions.
  static func cut<Element: Sendable>(
    _ all: [Element], _ request: PageRequest
  ) throws(DeskFailure) -> Page<Element> {
    guard let page = Page(of: all, request) else { throw foreignCursor }
    return page
  }

  /// Cursors are ids, so that rows which come or go meanwhile move nothing.
  static func cut<Element: Sendable>(
    sortedByID all: [Element], _ request: PageRequest, id: (Element) -> RowID
  ) throws(DeskFailure) -> Page<Element> {
    guard let page = Page(of: all, request, by: id) else { throw foreignCursor }
    return page
  }

  /// The row that a cursor of a list by id names.
  static func mark(_ cursor: String) throws(DeskFailure) -> RowID {
    guard let id = RowID(cursor: cursor) else { throw foreignCursor }
    return id
  }

  private static var foreignCursor: DeskFailure {
    .refused(
      .invalid([
        FieldProblem(
          "page", .invalidValue,
          "page: the cursor is not one of this list; begin again without a cursor")
      ]))
  }
}
