// Takes rows of a Zendesk export in batches from the importer.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct DeskImportRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    // `{"kind": "tickets", "office": "paris", "rows": [{"line": 1, "row": {…}}]}`
    routes.post("/imports/zendesk") { call in
      try call.mustAdminister("import")
      var body = try await call.json()
      let kind = body.text("kind")
      let office = body.office("office")
      let rows = body.objects("rows")
      try body.check()
      guard let kind, let known = ZendeskKind(rawValue: kind) else {
        let kinds = ZendeskKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw APIError.invalid("kind", .invalidValue, "kind must be one of \(kinds)")
      }
      guard let rows, rows.count <= APILimits.importRows else {
        throw APIError.tooManyValues(
          "rows must be a list of at most \(APILimits.importRows) rows.")
      }
      var batch = ZendeskReader(kind: known).batch(rows)
      batch.office = office
      let report = try await desk.importDesk(batch, as: call.actor)
      return try .codable(["import": report])
    }
  }
}
