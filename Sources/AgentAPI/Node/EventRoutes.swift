// What the node applies, as it happens (server-sent events, WHATWG HTML §9.2).

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore

struct EventRoutes {
  let desk: any DeskService

  func add(to routes: Routes) {
    routes.get("/events", stream)
  }

  @Sendable private func stream(_ call: Call) async throws -> Response {
    try call.mustRead()
    let events = await desk.events()
    let body = ResponseBody { writer in
      try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
      for await event in events {
        try await writer.write(ByteBuffer(bytes: Self.frame(event)))
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  private static func frame(_ event: DeskEvent) -> [UInt8] {
    var json = JSONWriter(reserving: 128)
    let name: String
    switch event {
    case .ticket(let ticket, let dot, let actor, let at):
      name = "ticket"
      json.object { json in
        json.field("ticket_id", ticket)
        json.field("dot", dot.description)
        json.field("actor_id", actor)
        json.field("at", at)
      }
    case .row(let row, let dot, let at):
      name = "row"
      json.object { json in
        json.field("entity", Desk.schema.entity(row.entity)?.name)
        json.field("row_id", row.id)
        json.field("dot", dot.description)
        json.field("at", at)
      }
    case .alarm(let alarm):
      name = "alarm"
      json.object { json in
        json.field("id", alarm.id)
        json.field("kind", alarm.kind)
        json.field("ticket_id", alarm.ticketID)
        json.field("message", alarm.message)
      }
    case .lost(let count):
      name = "lost"
      json.object { $0.field("count", count) }
    }
    return Array("event: \(name)\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
  }
}
