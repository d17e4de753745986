// What the node applies, as it happens (server-sent events, WHATWG HTML §9.2).

internal import HelpdeskDomain
internal import Hummingbird
internal import NIOCore
internal import ReplicaCore
internal import ServiceLifecycle

struct EventRoutes {
  let services: AgentServices
  private let open = OpenStreams()

  init(services: AgentServices) { self.services = services }

  func add(to routes: Routes) {
    routes.get("/events", stream)
  }

  @Sendable private func stream(_ call: Call) async throws -> Response {
    try call.mustRead()
    guard let stream = open.enter(call.actor.user) else {
      throw APIError.tooManyRequests(
        60, "At most \(APILimits.eventStreams) event streams are open for one user; close one.")
    }
    let (signIn, authenticator) = (call.signIn, services.authenticator)
    // Who did what is history; see ``Role/mayReadPrivate``.
    let reader = Reader(
      slot: services.node.slot, seesActors: call.actor.role.mayReadPrivate)
    let last = call.request.headers[.lastEventID] ?? call.query["last_event_id"]
    let place = last.map { Self.place($0, slot: reader.slot) }
    let events = await services.desk.events(after: place ?? nil)
    // What a place of another node's order means here, nobody can say.
    let isLost = place == .some(nil)
    let body = ResponseBody { writer in
      // Counted until the answer is gone, however it ends.
      defer { withExtendedLifetime(stream) {} }
      try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
      if isLost {
        let lost = Self.frame(NumberedEvent(.lost(nil)), for: reader)
        try await writer.write(ByteBuffer(bytes: lost))
      }
      let (items, feed) = AsyncStream<Item>.makeStream(
        bufferingPolicy: .bufferingOldest(APILimits.eventsBuffered))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await Self.forward(events, to: feed) }
        group.addTask { try await Self.ping(feed) }
        group.addTask { try await Self.watch(signIn, authenticator, feed) }
        // A graceful shutdown does not wait for listeners.
        for await item in items.cancelOnGracefulShutdown() {
          try await writer.write(ByteBuffer(bytes: Self.bytes(item, for: reader)))
        }
        group.cancelAll()
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
  }

  /// Who listens, and to which node.
  private struct Reader: Sendable {
    var slot: UInt32
    var seesActors: Bool
  }

  private enum Item: Sendable {
    case event(NumberedEvent)
    /// Keeps the connection known to be alive.
    case ping
  }

  /// The number in an id that this node gave out; nil where it is none.
  static func place(_ text: String, slot: UInt32) -> Int64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, UInt32(parts[0]) == slot, let number = Int64(parts[1]), number >= 0
    else { return nil }
    return number
  }

  private static func bytes(_ item: Item, for reader: Reader) -> [UInt8] {
    switch item {
    case .event(let event): frame(event, for: reader)
    case .ping: Array(": still here\n\n".utf8)
    }
  }

  /// A client that reads too slowly is told how many events it missed.
  private static func forward(
    _ events: AsyncStream<NumberedEvent>, to feed: AsyncStream<Item>.Continuation
  ) async {
    var lost = 0
    for await event in events {
      if lost > 0 {
        if case .dropped = feed.yield(.event(NumberedEvent(.lost(lost)))) {
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

  /// One frame. The id names the node and its apply number: what a client comes back with. A frame
  /// without one leaves the client's last id as it was: a delta that was not heard to its end is
  /// told again whole.
  private static func frame(_ numbered: NumberedEvent, for reader: Reader) -> [UInt8] {
    let id = numbered.place.map { "id: \(reader.slot).\($0)\n" } ?? ""
    var json = JSONWriter(reserving: 128)
    // Without data a frame is no event; its id counts all the same.
    guard let name = write(numbered.event, for: reader, to: &json) else {
      return Array("\(id)\n".utf8)
    }
    return Array("\(id)event: \(name)\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
  }

  /// Writes what the event says; returns its name, nil where there is nothing to say.
  private static func write(
    _ event: DeskEvent, for reader: Reader, to json: inout JSONWriter
  ) -> String? {
    switch event {
    case .ticket(let ticket, let dot, let actor, let at):
      json.object { json in
        json.field("ticket_id", ticket)
        json.field("dot", dot.description)
        json.field("actor_id", reader.seesActors ? actor : nil)
        json.field("at", at)
      }
      return "ticket"
    case .row(let row, let dot, let at):
      json.object { json in
        json.field("entity", Desk.schema.entity(row.entity)?.name)
        json.field("row_id", row.id)
        json.field("dot", dot.description)
        json.field("at", at)
      }
      return "row"
    case .alarm(let alarm):
      write(alarm, to: &json)
      return "alarm"
    case .alarmEnded(let alarm):
      write(alarm, to: &json)
      return "alarm_ended"
    case .lost(let count):
      json.object { $0.field("count", count) }
      return "lost"
    case .begun:
      return nil
    }
  }

  private static func write(_ alarm: AlarmReport, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", alarm.id)
      json.field("kind", alarm.kind)
      json.field("severity", alarm.severity)
      json.field("cause", alarm.cause)
      json.field("ticket_id", alarm.ticketID)
      json.field("office", alarm.office)
      json.field("raised_at", alarm.raisedAt.description)
      json.field("message", alarm.message)
    }
  }
}
