// What travels with a request: its connection, its caller and the address the client used.

internal import HelpdeskDomain
package import Hummingbird
internal import NIOCore

package struct AgentContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// Set by the door once the caller is known.
  var signIn: SignIn?
  var actor: Actor? { signIn?.actor }
  /// Scheme and host as the client wrote them, such as `https://desk.example:8443`.
  var base = ""
  /// How long the body may take, in seconds.
  var timeoutSeconds = APILimits.timeoutSeconds

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
