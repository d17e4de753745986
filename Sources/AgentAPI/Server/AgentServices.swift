// What the API is built over; the node gives its own, the tests give theirs.

/// The three services behind the API.
package struct AgentServices: Sendable {
  package var desk: any DeskService
  package var node: any NodeService
  package var authenticator: any Authenticator

  package init(
    desk: any DeskService, node: any NodeService, authenticator: any Authenticator
  ) {
    self.desk = desk
    self.node = node
    self.authenticator = authenticator
  }
}
