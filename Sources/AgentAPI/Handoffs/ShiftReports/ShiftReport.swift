// What an office did in a shift: for its lead, for the office after it, for who asks later.

/// The report of one office over one stretch of roster time.
package struct ShiftReport: Hashable, Sendable, Codable {
  /// A duty slot of the office.
  package struct Slot: Hashable, Sendable, Codable {
    package var group: String
    package var start: WireTime
    @Nullable package var end: WireTime?
    @Nullable package var acceptedAt: WireTime?
    @Nullable package var acceptedBy: String?

    package init(
      group: String, start: WireTime, end: WireTime?, acceptedAt: WireTime?, acceptedBy: String?
    ) {
      self.group = group
      self.start = start
      self.end = end
      self.acceptedAt = acceptedAt
      self.acceptedBy = acceptedBy
    }
  }

  /// What one agent of the office holds and did.
  package struct Agent: Hashable, Sendable, Codable {
    package var agentID: Int64
    package var agent: String
    /// Open tickets assigned to the agent, at the time of the report.
    package var openTickets: Int
    /// Tickets that the agent acted on.
    package var workedTickets: Int
    /// Kind of act → how often.
    package var acts: [String: Int]

    package init(
      agentID: Int64, agent: String, openTickets: Int, workedTickets: Int, acts: [String: Int]
    ) {
      self.agentID = agentID
      self.agent = agent
      self.openTickets = openTickets
      self.workedTickets = workedTickets
      self.acts = acts
    }
  }

  /// One act, or one ticket that something is to be said of.
  package struct Line: Hashable, Sendable, Codable {
    package var kind: String
    @Nullable package var at: WireTime?
    /// Null for a whole board.
    @Nullable package var ticketID: Int64?
    @Nullable package var subject: String?
    @Nullable package var agent: String?
    @Nullable package var from: String?
    @Nullable package var to: String?
    @Nullable package var note: String?

    package init(
      kind: String, at: WireTime? = nil, ticketID: Int64? = nil, subject: String? = nil,
      agent: String? = nil, from: String? = nil, to: String? = nil, note: String? = nil
    ) {
      self.kind = kind
      self.at = at
      self.ticketID = ticketID
      self.subject = subject
      self.agent = agent
      self.from = from
      self.to = to
      self.note = note
    }
  }

  package struct Counts: Hashable, Sendable, Codable {
    /// Open tickets that the office answers for at the end, over its groups.
    package var openTickets = 0
    /// Tickets that its agents acted on.
    package var workedTickets = 0
    package var acts = 0
    package var acceptedByAct = 0
    /// Tickets that moved to it and were not accepted by the end.
    package var notAccepted = 0
    package var promisesPassed = 0
    package var nothingDone = 0

    package init() {}
  }

  package var office: String
  package var from: WireTime
  package var to: WireTime
  /// When the report was made: of a shift that runs, it ends here.
  package var at: WireTime
  package var slots: [Slot]
  /// Who held what and did how much, the busiest first.
  package var agents: [Agent]
  /// Open tickets that are assigned to somebody of the office, at the time of the report.
  package var held: [Line]
  package var accepted: [Line]
  /// Covers by the office, and covers of it.
  package var covered: [Line]
  package var alarmed: [Line]
  package var taken: [Line]
  /// *Hand to* and *send back*, by the office and to it.
  package var handedOn: [Line]
  package var notes: [Line]
  /// Not accepted, promised and not kept, or given to the office and not touched.
  package var dropped: [Line]
  package var counts: Counts
  /// Lists are cut at this many lines.
  package var limit: Int
  /// More was done than one report reads; its counts are of the first part.
  package var truncated: Bool
  package var warnings: [String]

  package init(
    office: String, from: WireTime, to: WireTime, at: WireTime, limit: Int, warnings: [String]
  ) {
    self.office = office
    self.from = from
    self.to = to
    self.at = at
    self.limit = limit
    self.warnings = warnings
    slots = []
    agents = []
    held = []
    accepted = []
    covered = []
    alarmed = []
    taken = []
    handedOn = []
    notes = []
    dropped = []
    counts = Counts()
    truncated = false
  }

  /// The lists of lines in the order in which people read them.
  var sections: [(title: String, lines: [Line])] {
    [
      ("Dropped", dropped), ("Alarmed", alarmed), ("Accepted", accepted), ("Covered", covered),
      ("Taken", taken), ("Handed on", handedOn), ("Notes", notes), ("Held", held),
    ]
  }
}
