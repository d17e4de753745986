// Lists below a row are there where the row is: below one that is not, nothing is found.

internal import HelpdeskDomain
internal import ReplicaCore

/// What a list can stand below.
enum Parent {
  case user, group, organization, ticket
}

extension Call {
  /// The id in the path, of a row that is there, for who may read the desk.
  ///
  /// - Throws: 403 before anything is looked up, 404 where there is no such row.
  func parent(_ kind: Parent, in desk: any DeskService) async throws -> RowID {
    try mustRead()
    let id = try id()
    let isThere =
      switch kind {
      case .user: try await !desk.users([id]).isEmpty
      case .group: try await !desk.groups([id]).isEmpty
      case .organization: try await !desk.organizations([id]).isEmpty
      case .ticket: try await desk.ticket(id) != nil
      }
    guard isThere else { throw APIError.notFound }
    return id
  }
}
