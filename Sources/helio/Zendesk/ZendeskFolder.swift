// The files of a Zendesk export, in the order in which their rows need each other.

internal import Foundation

/// The kinds of rows, in the order of importing: what is referred to comes first.
enum ZendeskKind: String, CaseIterable, Sendable, Encodable {
  case organizations, groups, users
  case memberships = "group_memberships"
  case ticketFields = "ticket_fields"
  case tickets
  case comments = "ticket_comments"
  case macros

  /// Keys of pages, and beginnings of file names, under which such rows stand.
  var names: [String] {
    switch self {
    case .comments: ["ticket_comments", "comments", "ticket_events", "ticket_audits", "audits"]
    default: [rawValue]
    }
  }
}

/// One file with the kinds of rows it holds.
struct ZendeskFile: Hashable, Sendable {
  /// Below the folder.
  var name: String
  var path: String
  var size: Int64
  var kinds: [ZendeskKind]
  /// Its objects are pages that hold rows under keys.
  var isPaged: Bool

  func rows() throws(Failure) -> JSONRows {
    let file = try FileSource(path)
    guard path.hasSuffix(".gz") else { return JSONRows(file) }
    return JSONRows(try GzipSource(file, name: name))
  }
}

struct ZendeskFolder: Sendable {
  private(set) var files: [ZendeskFile] = []
  /// Files whose rows are of no known kind, and why.
  private(set) var unknown: [(name: String, reason: String)] = []

  private static let endings = [".json", ".jsonl", ".ndjson"]

  init(_ path: String) throws(Failure) {
    let root = URL(fileURLWithPath: path, isDirectory: true)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      throw Failure(
        .failed, "There is no folder \(path).", hint: "Give the folder that holds the export.")
    }
    let names = (FileManager.default.enumerator(atPath: root.path)?.allObjects ?? [])
      .compactMap { $0 as? String }.sorted()
    for name in names {
      let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
      guard Self.endings.contains(where: plain.lowercased().hasSuffix) else { continue }
      try add(name, root.appendingPathComponent(name).path)
    }
    guard !files.isEmpty else {
      throw Failure(
        .failed, "No file in \(path) holds rows that are known.",
        hint: "The files must be .json, .jsonl or .ndjson (or such with .gz), named by what they "
          + "hold: users.json, tickets-1.jsonl, ticket_comments.json, or pages with their key.")
    }
  }

  private mutating func add(_ name: String, _ path: String) throws(Failure) {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
    var file = ZendeskFile(
      name: name, path: path, size: size?.int64Value ?? 0, kinds: [], isPaged: false)
    var rows = try file.rows()
    var found: [UInt8]?
    // A broken line at the beginning is a bad row of the file, and no reason to leave it out.
    while found == nil, let row = try rows.next() {
      if case .object(let object) = row { found = object }
    }
    guard let first = found else {
      unknown.append((name, "holds no JSON object"))
      return
    }
    let lists = JSONPage.has("id", in: first) ? [:] : JSONPage.lists(in: first)
    let paged = ZendeskKind.allCases.filter { $0.names.contains { lists[$0] != nil } }
    if !paged.isEmpty {
      file.kinds = paged
      file.isPaged = true
    } else if let kind = Self.kind(named: name) {
      file.kinds = [kind]
    } else {
      unknown.append((name, "neither its name nor its first object tells what it holds"))
      return
    }
    files.append(file)
  }

  /// `tickets-0001.jsonl` holds tickets, `ticket_fields.json` does not.
  private static func kind(named file: String) -> ZendeskKind? {
    let name = (file.split(separator: "/").last.map(String.init) ?? file).lowercased()
    let word = String(name.prefix { $0.isLetter || $0 == "_" })
    let plain = word.hasSuffix("_") ? String(word.dropLast()) : word
    return ZendeskKind.allCases.first { $0.names.contains(plain) }
  }
}
