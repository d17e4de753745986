// `helio doctor`: looks at a data directory that no node is running on, or at the outside of one.

internal import ClusterTrust
internal import ReplicaStore

/// Examines a data directory.
package enum Doctor {
  /// Settings, key, lock, database, chain, certificate and free space, in this order.
  package static func examine(directory path: String) async -> [Finding] {
    let directory = DataDirectory(path)
    var findings: [Finding] = []
    let configuration: NodeConfiguration
    do throws(NodeError) {
      configuration = try NodeConfiguration.load(from: directory)
      findings.append(
        Finding(
          "settings", .fine,
          "node \(configuration.node) of office \(configuration.office), slot \(configuration.slot)"
        ))
    } catch {
      return [Finding("settings", .bad, error.message, hint: error.hint)]
    }
    findings.append(key(directory))
    findings += await store(directory)
    findings.append(certificate(configuration, directory))
    return findings
  }

  private static func key(_ directory: DataDirectory) -> Finding {
    do throws(KeyFileError) {
      let key = try directory.nodeKey.loadKey()
      return Finding("key", .fine, "readable by its owner alone; \(key)")
    } catch { return Finding("key", .bad, error.message, hint: error.hint) }
  }

  private static func store(_ directory: DataDirectory) async -> [Finding] {
    do {
      let store = try ReplicaStore.open(StoreOptions.node(directory))
      defer { try? store.close() }
      let checked = try await store.read { try $0.verifyChain() }
      let fresh = try await store.read { try $0.recomputeFingerprint() }
      let free = store.freeBytes ?? .max
      return [
        Finding("database", .fine, "opens, and quick_check finds nothing"),
        Finding("chain", .fine, "\(checked) deltas are linked and unchanged"),
        fresh == store.fingerprint
          ? Finding("rows", .fine, "all rows give the fingerprint that was kept")
          : Finding(
            "rows", .bad, "rows were changed outside of helio: their fingerprint is another",
            hint: "Take a backup of the directory, then join again with an empty one."),
        Finding(
          "disk", free > 1 << 30 ? .fine : .warning, "\(free >> 20) MiB are free",
          hint: free > 1 << 30 ? "" : "Make room: writes stop when the disk is full."),
      ]
    } catch StoreError.locked {
      return [
        Finding(
          "database", .warning, "a node is running on this directory; its inside is not looked at",
          hint: "`helio status` and `helio verify` ask the running node.")
      ]
    } catch {
      let told = NodeError.from(error, doing: "opening the database")
      return [Finding("database", .bad, told.message, hint: told.hint)]
    }
  }

  private static func certificate(
    _ configuration: NodeConfiguration, _ directory: DataDirectory
  ) -> Finding {
    let now = NodeClock().now
    do {
      let state = try APICertificateState(configuration, in: directory, now: now)
      guard let complaint = state.complaint(at: now) else {
        let trust = state.remedy == .operators ? "" : "; agents trust \(directory.apiCA)"
        return Finding("api_certificate", .fine, "good until \(state.goodUntil)\(trust)")
      }
      let serves = state.isUsable && !state.hasEnded(at: now)
      return Finding(
        "api_certificate", serves || state.remedy == .restart ? .warning : .bad, complaint,
        hint: "docs/OPERATING.md tells how certificates are renewed.")
    } catch {
      let told = NodeError.from(error, doing: "reading the API's certificate")
      return Finding("api_certificate", .bad, told.message, hint: told.hint)
    }
  }
}
