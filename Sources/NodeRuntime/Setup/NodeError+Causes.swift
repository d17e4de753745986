// Errors of the parts, told to the operator in one form.

internal import ClusterTrust
internal import ReplicaStore
internal import SyncTransport

extension NodeError {
  /// An error of a part, met while `doing` something.
  static func from(_ error: any Error, doing: String) -> NodeError {
    switch error {
    case let error as NodeError: return error
    case let error as StoreError: return store(error)
    case let error as KeyFileError:
      return NodeError(.keyPermissions, error.message, hint: error.hint)
    case let error as PeerLinkError:
      return NodeError(
        .unreachable, error.message, hint: "Check the address and that the other node runs.")
    case let error as RootKeyError:
      return NodeError(.badOption, error.message, hint: "See `helio init --help`.")
    case let error as CertificateMakingError:
      return NodeError(
        .certificate, error.message,
        hint: "Check --api-name, or api_names and api_listen in node.toml.")
    default:
      return NodeError(
        .internalFault, "\(doing) failed",
        hint: "The cause is below; `helio doctor` looks at the data directory.",
        cause: "\(error)")
    }
  }

  private static func store(_ error: StoreError) -> NodeError {
    let code: Code =
      switch error {
      case .locked: .dataDirectoryInUse
      case .damaged, .chainBroken: .storeDamaged
      default: .storeUnavailable
      }
    return NodeError(code, error.message, hint: error.hint)
  }
}
