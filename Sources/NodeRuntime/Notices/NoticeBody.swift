// What a receiver outside is told, as JSON.

internal import AgentAPI
internal import Foundation
internal import HelpdeskDomain
internal import ReplicaCore

/// The body of a notice. It holds no words of comments: who may read them fetches them.
struct NoticeBody: Encodable {
  /// A fact of the event as JSON.
  struct Fact: Encodable {
    var fact: WebhookFact

    init(_ fact: WebhookFact) { self.fact = fact }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch fact {
      case .nothing: try container.encodeNil()
      case .id(let id): try container.encode(id.description)
      case .flag(let flag): try container.encode(flag)
      case .text(let text): try container.encode(text)
      case .word(let word): try container.encode(word.uppercased())
      case .time(let instant): try container.encode(WireTime(instant))
      case .texts(let texts): try container.encode(texts)
      case .facts(let facts): try container.encode(facts.mapValues { Fact($0) })
      }
    }
  }

  /// The ticket as receivers of such events know it: ids are texts, and status, priority and type
  /// are in capitals.
  struct Ticket: Codable, Sendable {
    struct Channel: Codable, Sendable { var channel: String }

    var id: String
    @Nullable var actorID: String?
    @Nullable var subject: String?
    var status: String
    @Nullable var priority: String?
    @Nullable var type: String?
    @Nullable var requesterID: String?
    @Nullable var submitterID: String?
    @Nullable var assigneeID: String?
    @Nullable var groupID: String?
    @Nullable var organizationID: String?
    @Nullable var externalID: String?
    var isPublic: Bool
    var tags: [String]
    var via: Channel
    var createdAt: WireTime
    var updatedAt: WireTime

    init(_ ticket: TicketRecord, actor: String?) {
      id = ticket.id.description
      actorID = actor
      subject = ticket.subject
      status = (ticket.deleted ? "deleted" : ticket.status).uppercased()
      priority = ticket.priority?.uppercased()
      type = ticket.type?.uppercased()
      requesterID = ticket.requester?.description
      submitterID = ticket.submitter?.description
      assigneeID = ticket.assignee?.description
      groupID = ticket.group?.description
      organizationID = ticket.organization?.description
      externalID = ticket.externalID
      isPublic = ticket.isPublic
      tags = ticket.tags
      via = Channel(channel: ticket.via.channel)
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
  @Nullable var actorID: String?
  var event: [String: Fact]
  /// The ticket as this node showed it when the notice was written.
  @Nullable var detail: Ticket?

  init(
    type: String, id: String, time: Instant, subject: String, node: String, office: String,
    actor: RowID?, event: [String: WebhookFact], ticket: TicketRecord?
  ) {
    self.type = type
    self.id = id
    self.time = WireTime(time)
    self.subject = subject
    self.node = node
    self.office = office
    let actor = actor?.description
    actorID = actor
    self.event = event.mapValues { Fact($0) }
    detail = ticket.map { Ticket($0, actor: actor) }
  }

  func text() throws -> String {
    String(decoding: try WireCoding.encoder().encode(self), as: UTF8.self)
  }
}
