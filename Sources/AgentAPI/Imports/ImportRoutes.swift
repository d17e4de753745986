// Takes an incident log in batches from the importer.

internal import Foundation
internal import HelpdeskDomain
internal import Hummingbird

struct ImportRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.post("/imports/incidents") { call in
      try call.mustAdminister("import")
      let bytes = try await call.body()
      let batch: IncidentBatch
      do {
        batch = try WireCoding.decoder().decode(IncidentBatch.self, from: Data(bytes))
      } catch {
        _ = try JSONValue.parse(bytes)
        throw APIError.invalid(
          "rows", .invalidValue,
          "Send {\"source\": FILE, \"office_map\": {}, \"rows\": [{\"line\": 2, \"values\": "
            + "{COLUMN: TEXT}}]}")
      }
      guard batch.rows.count <= APILimits.importRows else {
        throw APIError.tooManyValues(
          "rows holds \(batch.rows.count) rows; at most \(APILimits.importRows) go at once.")
      }
      let report = try await desk.importIncidents(batch, as: call.actor)
      return try .codable(["import": report])
    }
  }
}
