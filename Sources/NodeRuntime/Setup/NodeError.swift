// What goes wrong when a node is set up or run, told so that an operator can act.

/// An operational error: a stable code, what happened against which rule, and what to do.
package struct NodeError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Hashable, Sendable, Codable {
    case dataDirectoryInUse = "data_directory_in_use"
    case notInitialized = "not_initialized"
    case alreadyInitialized = "already_initialized"
    case badOption = "bad_option"
    case badConfiguration = "bad_configuration"
    case keyPermissions = "key_permissions"
    case storeDamaged = "store_damaged"
    case storeUnavailable = "store_unavailable"
    case tokenRefused = "token_refused"
    case issuerNotTrusted = "issuer_not_trusted"
    case unreachable = "unreachable"
    case bindFailed = "bind_failed"
    case certificate = "certificate"
    case internalFault = "internal_fault"
  }

  package var code: Code
  package var message: String
  /// What to do.
  package var hint: String
  /// What lay beneath, for the log.
  package var cause: String?

  package init(_ code: Code, _ message: String, hint: String, cause: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.cause = cause
  }

  package var description: String {
    "\(message) (\(code.rawValue))\n\(hint)" + (cause.map { "\ncause: \($0)" } ?? "")
  }
}
