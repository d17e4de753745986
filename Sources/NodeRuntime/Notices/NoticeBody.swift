// What a receiver outside is told, as JSON.

internal import AgentAPI
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore

/// The body of a notice. It holds no words of comments: who may read them fetches them.
struct NoticeBody: Encodable {
  /// A value among the facts of an event.
  enum Fact: Encodable {
    case value(Value)
    case text(String?)
    case time(Instant)

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .value(.integer(let number)): try container.encode(number)
      case .value(.text(let text)): try container.encode(text)
      case .value(.null), .value(.bytes): try container.encodeNil()
      case .text(let text): try container.encode(text)
      case .time(let instant): try container.encode(WireTime(instant))
      }
    }
  }

  struct Ticket: Codable, Sendable {
    var id: Int64
    @Nullable var subject: String?
    var status: String
    @Nullable var priority: String?
    @Nullable var type: String?
    @Nullable var requesterID: Int64?
    @Nullable var assigneeID: Int64?
    @Nullable var groupID: Int64?
    @Nullable var organizationID: Int64?
    @Nullable var externalID: String?
    var tags: [String]
    var createdAt: WireTime
    var updatedAt: WireTime

    init(_ ticket: TicketRecord) {
      id = ticket.id.rawValue
      subject = ticket.subject
      status = ticket.status
      priority = ticket.priority
      type = ticket.type
      requesterID = ticket.requester?.rawValue
      assigneeID = ticket.assignee?.rawValue
      groupID = ticket.group?.rawValue
      organizationID = ticket.organization?.rawValue
      externalID = ticket.externalID
      tags = ticket.tags
      createdAt = WireTime(ticket.createdAt)
      updatedAt = WireTime(ticket.updatedAt)
    }
  }

  /// The event's name.
  var type: String
  /// The delivery's id.
  var id: String
  var time: WireTime
  /// `zen:ticket:ID`, or what else it is about.
  var subject: String
  var node: String
  var office: String
  @Nullable var actorID: Int64?
  var event: [String: Fact]
  /// The ticket as this node showed it when the notice was written.
  @Nullable var detail: Ticket?

  init(
    type: String, id: String, time: Instant, subject: String, node: String, office: String,
    actor: RowID?, event: [String: Fact], ticket: TicketRecord?
  ) {
    self.type = type
    self.id = id
    self.time = WireTime(time)
    self.subject = subject
    self.node = node
    self.office = office
    actorID = actor?.rawValue
    self.event = event
    detail = ticket.map { Ticket($0) }
  }

  func text() throws -> String {
    String(decoding: try WireCoding.encoder().encode(self), as: UTF8.self)
  }
}
