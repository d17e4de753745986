// The node's counters in Prometheus text format.

internal import ReplicaCore
internal import ReplicaStore
internal import SyncTransport

/// Renders the metrics of a node (text format 0.0.4).
enum MetricsText {
  static func render(_ parts: NodeParts) async -> String {
    var lines: [String] = []
    func family(_ name: String, _ kind: String, _ help: String) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(kind)"]
    }
    let store = parts.store
    family("helio_log_deltas_total", "counter", "Deltas in the log, own and remote, void included.")
    lines.append("helio_log_deltas_total \(store.deltaCount)")
    family("helio_own_deltas_total", "counter", "Deltas this replica made.")
    lines.append("helio_own_deltas_total \(store.vector[parts.own])")
    family("helio_peer_frames_total", "counter", "Frames exchanged with peers.")
    let counts = parts.transport.totals.all.sorted {
      ($0.key.kind.rawValue, $0.key.direction.rawValue)
        < ($1.key.kind.rawValue, $1.key.direction.rawValue)
    }
    let known = Dictionary(uniqueKeysWithValues: counts.map { ($0.key, $0.value) })
    for kind in FrameKind.allCases {
      for direction in FrameCounters.Direction.allCases {
        let frames = known[FrameCounters.Key(kind, direction)]?.frames ?? 0
        let labels = "type=\"\(kind.rawValue)\",direction=\"\(direction.rawValue)\""
        lines.append("helio_peer_frames_total{\(labels)} \(frames)")
      }
    }
    family("helio_peer_bytes_total", "counter", "Bytes of frames exchanged with peers.")
    for direction in FrameCounters.Direction.allCases {
      let bytes = parts.transport.totals.total(direction).bytes
      lines.append("helio_peer_bytes_total{direction=\"\(direction.rawValue)\"} \(bytes)")
    }
    family("helio_peer_connected", "gauge", "1 while a live session with the peer runs.")
    family("helio_peer_unsent_deltas", "gauge", "Own deltas that the peer has not confirmed.")
    let mine = store.vector
    for (slot, status) in parts.table.status.sorted(by: { $0.key < $1.key }) {
      let connected = status.link == .connected ? 1 : 0
      lines.append("helio_peer_connected{slot=\"\(slot)\"} \(connected)")
      let unsent = status.unsent(own: parts.own, vector: mine)
      lines.append("helio_peer_unsent_deltas{slot=\"\(slot)\"} \(unsent)")
    }
    await attachments(of: parts, into: &lines)
    family("helio_wal_bytes", "gauge", "Size of the write-ahead log.")
    lines.append("helio_wal_bytes \(store.walBytes)")
    family("helio_disk_free_bytes", "gauge", "Free bytes where the database lies.")
    lines.append("helio_disk_free_bytes \(store.freeBytes ?? 0)")
    family("helio_clock_trusted", "gauge", "0 where the clock jumped.")
    lines.append("helio_clock_trusted \(parts.clock.drift == nil ? 1 : 0)")
    if let lag = try? await store.read({ try $0.searchLag().rows }) {
      family("helio_search_lag_rows", "gauge", "Rows that full-text search has not taken in yet.")
      lines.append("helio_search_lag_rows \(lag)")
    }
    if let alarms = try? await parts.alarms.alarms() {
      family("helio_alarms", "gauge", "Alarms that stand now.")
      lines.append("helio_alarms \(alarms.count)")
    }
    if let waiting = try? await store.read({ try $0.waitingDeliveries() }) {
      family("helio_webhook_waiting", "gauge", "Notices that wait for receivers outside.")
      lines.append("helio_webhook_waiting \(waiting.values.reduce(0, +))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func attachments(
    of parts: NodeParts, into lines: inout [String]
  ) async {
    let blobs = parts.attachments.blobs
    let lacking = await parts.attachments.keeper.lacking
    let totals = parts.transport.totals
    let figures: [(name: String, kind: String, help: String, value: UInt64)] = [
      ("helio_attachments_here", "gauge", "Attached files that are here.", UInt64(blobs.count)),
      ("helio_attachments_here_bytes", "gauge", "Bytes of these files.", blobs.bytes),
      (
        "helio_attachments_lacking", "gauge", "Attached files that are not here yet.",
        UInt64(lacking)
      ),
      (
        "helio_attachment_bytes_sent_total", "counter", "Bytes of pieces of files sent to peers.",
        totals[.blobChunk, .sent].bytes
      ),
      (
        "helio_attachment_bytes_received_total", "counter",
        "Bytes of pieces of files that peers sent.", totals[.blobChunk, .received].bytes
      ),
    ]
    for figure in figures {
      lines += [
        "# HELP \(figure.name) \(figure.help)", "# TYPE \(figure.name) \(figure.kind)",
        "\(figure.name) \(figure.value)",
      ]
    }
  }
}
