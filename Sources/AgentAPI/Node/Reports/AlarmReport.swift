// What a person must look at, and who has.

/// An alarm that stands.
package struct AlarmReport: Hashable, Sendable {
  /// Who took notice of it, and when.
  package struct Acknowledgement: Hashable, Sendable {
    package var agentID: Int64
    package var agent: String?
    package var office: String?
    package var note: String?
    package var at: WireTime

    package init(agentID: Int64, agent: String?, office: String?, note: String?, at: WireTime) {
      self.agentID = agentID
      self.agent = agent
      self.office = office
      self.note = note
      self.at = at
    }
  }

  package var id: String
  /// `not_accepted`, `in_transit`, `clock`, `fork`, `damage`, `void`, `cut_off`,
  /// `late_account`, `files`, `certificate`.
  package var kind: String
  /// `critical`: work or data is at stake now; `warning`: it will be if nobody looks.
  package var severity: String
  /// Names what is wrong the same on every node; a node's own troubles name the node in it.
  package var cause: String
  package var ticketID: Int64?
  package var groupID: Int64?
  package var office: String?
  package var raisedAt: WireTime
  /// Seconds since it was raised.
  package var ageSeconds: Int64
  package var acknowledged: [Acknowledgement]
  package var message: String

  package init(
    id: String, kind: String, cause: String? = nil, ticketID: Int64?, groupID: Int64?,
    office: String?, raisedAt: WireTime, ageSeconds: Int64 = 0,
    acknowledged: [Acknowledgement] = [], message: String
  ) {
    self.id = id
    self.kind = kind
    severity = Self.severity(ofKind: kind)
    self.cause = cause ?? id
    self.ticketID = ticketID
    self.groupID = groupID
    self.office = office
    self.raisedAt = raisedAt
    self.ageSeconds = ageSeconds
    self.acknowledged = acknowledged
    self.message = message
  }

  /// Without what people wrote about it, which is private like their other notes.
  var withoutNotes: AlarmReport {
    var report = self
    for index in report.acknowledged.indices { report.acknowledged[index].note = nil }
    return report
  }

  private static func severity(ofKind kind: String) -> String {
    switch kind {
    case "not_accepted", "fork", "damage": "critical"
    default: "warning"
    }
  }
}

extension AlarmReport: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("id", id)
      json.field("kind", kind)
      json.field("severity", severity)
      json.field("cause", cause)
      json.field("ticket_id", ticketID)
      json.field("group_id", groupID)
      json.field("office", office)
      json.field("raised_at", raisedAt.instant)
      json.field("age_seconds", ageSeconds)
      json.field("acknowledged", acknowledged)
      json.field("message", message)
    }
  }
}

extension AlarmReport.Acknowledgement: JSONWritable {
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.field("agent_id", agentID)
      json.field("agent", agent)
      json.field("office", office)
      json.field("note", note)
      json.field("at", at.instant)
    }
  }
}
