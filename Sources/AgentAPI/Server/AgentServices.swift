// What the API is built over; the node gives its own, the tests give theirs.

/// The services behind the API.
package struct AgentServices: Sendable {
  package var desk: any DeskService
  package var attachments: any AttachmentService
  package var node: any NodeService
  package var authenticator: any Authenticator

  package init(
    desk: any DeskService, attachments: any AttachmentService, node: any NodeService,
    authenticator: any Authenticator
  ) {
    self.desk = desk
    self.attachments = attachments
    self.node = node
    self.authenticator = authenticator
  }
}
