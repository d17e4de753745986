// What the node applies, as it happens (server-sent events, WHATWG HTML §9.2).

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore
internal import ServiceLifecycle

struct EventRoutes {
  let services: AgentServices

  func add(to routes: Routes) {
    routes.get("/events", stream)
  }

  @Sendable private func stream(_ call: Call) async throws -> Response {
    try call.mustRead()
    let events = await services.desk.events()
    let (signIn, authenticator) = (call.signIn, services.authenticator)
    let body = ResponseBody { writer in
      try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
      let (items, feed) = AsyncStream<Item>.makeStream(
        bufferingPolicy: .bufferingOldest(APILimits.eventsBuffered))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await Self.forward(events, to: feed) }
        group.addTask { try await Self.ping(feed) }
        group.addTask { try await Self.watch(signIn, authenticator, feed) }
        // A graceful shutdown does not wait for listeners.
        for await item in items.cancelOnGracefulShutdown() {
          try await writer.write(ByteBuffer(bytes: Self.bytes(item)))
        }
        group.cancelAll()
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  private enum Item: Sendable {
    case event(DeskEvent)
    /// Keeps the connection known to be alive.
    case ping
  }

  private static func bytes(_ item: Item) -> [UInt8] {
    switch item {
    case .event(let event): frame(event)
    case .ping: Array(": still here\n\n".utf8)
    }
  }

  /// A client that reads too slowly is told how many events it missed.
  private static func forward(
    _ events: AsyncStream<DeskEvent>, to feed: AsyncStream<Item>.Continuation
  ) async {
    var lost = 0
    for await event in events {
      if lost > 0 {
        if case .dropped = feed.yield(.event(.lost(lost))) {
          lost += 1
          continue
        }
        lost = 0
      }
      if case .dropped = feed.yield(.event(event)) { lost += 1 }
    }
    feed.finish()
  }

  private static func ping(_ feed: AsyncStream<Item>.Continuation) async throws {
    while true {
      try await Task.sleep(for: .seconds(APILimits.eventPingSeconds))
      feed.yield(.ping)
    }
  }

  /// Who was disabled, or whose token was revoked, listens no longer than a moment.
  private static func watch(
    _ signIn: SignIn, _ authenticator: any Authenticator,
    _ feed: AsyncStream<Item>.Continuation
  ) async throws {
    while true {
      try await Task.sleep(for: .seconds(APILimits.eventCheckSeconds))
      guard await authenticator.stands(signIn) else { return feed.finish() }
    }
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
