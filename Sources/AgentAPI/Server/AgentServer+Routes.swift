// The table of contents of the API.

internal import Hummingbird

extension AgentServer {
  /// Every route over these services.
  package static func routeTable(_ services: AgentServices) -> RouteTable {
    router(services).table
  }

  static func router(_ services: AgentServices) -> (
    router: Router<AgentContext>, table: RouteTable
  ) {
    let router = Router(context: AgentContext.self, options: .autoGenerateHeadEndpoints)
    let desk = Routes(router: router, prefix: "/api/v2")
    TicketRoutes(desk: services.desk).add(to: desk)
    let jobs = JobList()
    TicketBulkRoutes(desk: services.desk, jobs: jobs).add(to: desk)
    MergeRoutes(desk: services.desk, jobs: jobs).add(to: desk)
    TicketImportRoutes(desk: services.desk, jobs: jobs).add(to: desk)
    TicketRelationRoutes(desk: services.desk, node: services.node).add(to: desk)
    RequestRoutes(desk: services.desk, attachments: services.attachments).add(to: desk)
    CommentRoutes(desk: services.desk, attachments: services.attachments).add(to: desk)
    AuditRoutes(desk: services.desk, attachments: services.attachments).add(to: desk)
    UploadRoutes(attachments: services.attachments).add(to: desk)
    AttachmentRoutes(desk: services.desk, attachments: services.attachments).add(to: desk)
    TagRoutes(desk: services.desk).add(to: desk)
    IncrementalRoutes(services: services).add(to: desk)
    UserRoutes(desk: services.desk, node: services.node).add(to: desk)
    DirectoryBulkRoutes(desk: services.desk, node: services.node, jobs: jobs).add(to: desk)
    PasswordRoutes(services: services).add(to: desk)
    OAuthTokenRoutes(services: services).add(to: desk)
    GroupRoutes(desk: services.desk).add(to: desk)
    MembershipRoutes(desk: services.desk).add(to: desk)
    OrganizationRoutes(desk: services.desk).add(to: desk)
    TicketFieldRoutes(desk: services.desk).add(to: desk)
    TicketFieldOptionRoutes(desk: services.desk).add(to: desk)
    TicketFormRoutes(desk: services.desk).add(to: desk)
    CustomStatusRoutes().add(to: desk)
    ViewRoutes(desk: services.desk).add(to: desk)
    MacroRoutes(desk: services.desk, bulk: BulkRun(desk: services.desk, jobs: jobs)).add(to: desk)
    ScheduleRoutes(desk: services.desk).add(to: desk)
    LocaleRoutes(desk: services.desk).add(to: desk)
    BrandRoutes(node: services.node).add(to: desk)
    SearchRoutes(desk: services.desk).add(to: desk)
    AccountRoutes(node: services.node).add(to: desk)
    WebhookRoutes(services: services).add(to: desk)
    let helio = Routes(router: router, prefix: "/api/helio/v1")
    NodeRoutes(node: services.node).add(to: helio)
    RosterRoutes(node: services.node).add(to: helio)
    OwnershipRoutes(services: services).add(to: helio)
    HandoffRoutes(services: services).add(to: helio)
    ConflictRoutes(desk: services.desk).add(to: helio)
    MergeTaskRoutes(desk: services.desk).add(to: helio)
    OperatorRoutes(services: services).add(to: helio)
    TokenRoutes(services: services).add(to: helio)
    PresenceRoutes(services: services).add(to: helio)
    ImportRoutes(desk: services.desk).add(to: helio)
    DeskImportRoutes(desk: services.desk).add(to: helio)
    EventRoutes(services: services).add(to: helio)
    AlarmRoutes(services: services).add(to: helio)
    ShiftReportRoutes(node: services.node).add(to: helio)
    // These two are answered by the door.
    var table = RouteTable()
    table.add(.get, Door.healthPath)
    table.add(.get, Door.metricsPath)
    table.add(desk.table)
    table.add(helio.table)
    return (router, table)
  }
}
