// Rows that offices made twice apart, for a person to make one of them.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct MergeTaskRoutes {
  let desk: any DeskService

  func add(to routes: Routes) { routes.get("/merge-tasks", list) }

  /// A row of a task, as it is shown by itself.
  private enum Twin {
    case user(UserRecord)
    case organization(OrganizationRecord)
    case ticket(TicketRecord)
  }

  /// A cursor names a row: a task that somebody does meanwhile moves no other.
  private static func ordered(_ tasks: [MergeTask]) -> KeysetList<MergeTask> {
    func place(_ task: MergeTask) -> KeysetList<MergeTask>.Place {
      // A row has one value in a column, so it is the oldest of one task there.
      (Int64(task.entity.rawValue) << 16 | Int64(task.column), task.rows.first?.rawValue ?? 0)
    }
    return KeysetList(
      "merge tasks", tasks.sorted { place($0) < place($1) }, ascending: true, place: place)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustReadPrivate()
    let request = try call.page()
    let page = try await Self.ordered(desk.mergeTasks()).page(request)
    func ids(_ entity: EntityCode) -> [RowID] {
      Set(page.rows.filter { $0.entity == entity }.flatMap(\.rows)).sorted()
    }
    let tickets = try await desk.tickets(ids(Desk.ticket))
    var presenter = try await call.presenter(desk)
    try await presenter.prepare(for: tickets, desk)
    let shown = presenter
    var twins: [RowRef: Twin] = [:]
    for ticket in tickets { twins[RowRef(Desk.ticket, ticket.id)] = .ticket(ticket) }
    for user in try await desk.users(ids(Desk.user)) {
      twins[RowRef(Desk.user, user.id)] = .user(user)
    }
    for each in try await desk.organizations(ids(Desk.organization)) {
      twins[RowRef(Desk.organization, each.id)] = .organization(each)
    }
    let known = twins
    return call.pageResponse(page, request, key: "merge_tasks") { json, task in
      let entity = Desk.schema.entity(task.entity)
      json.object { json in
        json.field("entity", entity?.name)
        json.field("column", entity?.column(task.column)?.name)
        json.field("value", task.value)
        json.key("rows")
        json.array(task.rows.compactMap { known[RowRef(task.entity, $0)] }) { json, twin in
          switch twin {
          case .user(let user): UserPresenter(base: call.base).write(user, to: &json)
          case .organization(let each):
            OrganizationPresenter(base: call.base).write(each, to: &json)
          case .ticket(let ticket): shown.write(ticket, to: &json)
          }
        }
      }
    }
  }
}
