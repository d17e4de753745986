// Business-hour schedules, their week and their holidays.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct ScheduleRoutes {
  let desk: any DeskService
  private static let path = "/business_hours/schedules"

  func add(to routes: Routes) {
    let one = Self.path + "/{id}"
    routes.get(Self.path, list)
    routes.post(Self.path, create)
    routes.get(one) { call in try await answer(call.id(), .ok, call) }
    routes.update(one, update)
    routes.delete(one, delete)
    routes.put(one + "/workweek", workweek)
    routes.get(one + "/holidays", holidays)
    routes.post(one + "/holidays", createHoliday)
    routes.get(one + "/holidays/{holiday}", showHoliday)
    routes.update(one + "/holidays/{holiday}", updateHoliday)
    routes.delete(one + "/holidays/{holiday}", deleteHoliday)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    try call.mustRead()
    let request = try call.page()
    let page = try await desk.schedules().page(request)
    return call.pageResponse(
      page, request, key: "schedules",
      sideloads: { $0.field("url", "\(call.base)/api/v2\(Self.path).json") }
    ) { write($1, call, to: &$0) }
  }

  @Sendable private func create(_ call: Call) async throws -> Response {
    let draft = try draft(try await call.json("schedule"))
    let receipt = try await desk.submit(.schedule(.create(draft)), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answer(id, .created, call)
  }

  @Sendable private func update(_ call: Call) async throws -> Response {
    let draft = try draft(try await call.json("schedule"))
    let id = try call.id()
    _ = try await desk.submit(.schedule(.update(id, draft)), as: call.actor)
    return try await answer(id, .ok, call)
  }

  @Sendable private func delete(_ call: Call) async throws -> Response {
    _ = try await desk.submit(.schedule(.delete(call.id())), as: call.actor)
    return .noContent
  }

  /// Replaces the hours of the week.
  @Sendable private func workweek(_ call: Call) async throws -> Response {
    let draft = try draft(try await call.json("workweek"))
    guard let hours = draft.hours else {
      throw APIError.invalid("intervals", .blankValue, "intervals must be given")
    }
    let id = try call.id()
    _ = try await desk.submit(
      .schedule(.update(id, ScheduleDraft(hours: hours))), as: call.actor)
    let schedule = try await found(id)
    return .json { json in
      json.field("workweek", object: { write(schedule.hours, to: &$0) })
    }
  }

  private func draft(_ body: FieldReader) throws(DeskFailure) -> ScheduleDraft {
    var body = body
    var draft = ScheduleDraft(name: body.text("name"), timeZone: body.text("time_zone"))
    if let entries = body.objects("intervals") {
      var intervals: [WeekHours.Interval] = []
      for var entry in entries {
        let start = entry.integer("start_time")
        let end = entry.integer("end_time")
        for key in ["start_time", "end_time"] where !entry.has(key) {
          entry.problem(key, .blankValue, "\(entry.prefix)\(key) must be given")
        }
        body.take(entry)
        intervals.append(
          WeekHours.Interval(
            start: Int(clamping: start ?? -1), end: Int(clamping: end ?? -1)))
      }
      draft.hours = WeekHours(intervals)
    }
    try body.check()
    return draft
  }

  private func found(_ id: RowID) async throws -> ScheduleRecord {
    guard let schedule = try await desk.schedule(id) else { throw APIError.notFound }
    return schedule
  }

  private func answer(_ id: RowID, _ status: HTTPResponse.Status, _ call: Call) async throws
    -> Response
  {
    try call.mustRead()
    let schedule = try await found(id)
    var response = Response.json(status) { json in
      json.key("schedule")
      write(schedule, call, to: &json)
    }
    if status == .created { response.headers[.location] = url(id, call) }
    return response
  }

  private func write(_ schedule: ScheduleRecord, _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(schedule.id, call))
      json.field("id", schedule.id)
      json.field("name", schedule.name)
      json.field("time_zone", schedule.timeZone)
      write(schedule.hours, to: &json)
      json.field("created_at", schedule.createdAt)
      json.field("updated_at", schedule.updatedAt)
    }
  }

  private func write(_ hours: WeekHours, to json: inout JSONWriter) {
    json.key("intervals")
    json.array(hours.intervals) { json, interval in
      json.object { json in
        json.field("start_time", interval.start)
        json.field("end_time", interval.end)
      }
    }
  }

  private func url(_ id: RowID, _ call: Call) -> String {
    "\(call.base)/api/v2\(Self.path)/\(id).json"
  }

  @Sendable private func holidays(_ call: Call) async throws -> Response {
    try call.mustRead()
    let schedule = try await found(try call.id())
    let request = try call.page()
    let page = try await desk.holidays(of: schedule.id).page(request)
    return call.pageResponse(
      page, request, key: "holidays",
      sideloads: { json in
        json.field("url", "\(call.base)/api/v2\(Self.path)/\(schedule.id)/holidays.json")
      }
    ) { write($1, to: &$0) }
  }

  @Sendable private func createHoliday(_ call: Call) async throws -> Response {
    let draft = try holidayDraft(try await call.json("holiday"))
    let schedule = try call.id()
    let receipt = try await desk.submit(
      .schedule(.createHoliday(schedule: schedule, draft)), as: call.actor)
    guard let id = receipt.created else { throw APIError.notFound }
    return try await answerHoliday(id, .created, call)
  }

  @Sendable private func showHoliday(_ call: Call) async throws -> Response {
    try call.mustRead()
    return try await answerHoliday(try call.id("holiday"), .ok, call)
  }

  @Sendable private func updateHoliday(_ call: Call) async throws -> Response {
    let draft = try holidayDraft(try await call.json("holiday"))
    let (schedule, id) = (try call.id(), try call.id("holiday"))
    _ = try await desk.submit(
      .schedule(.updateHoliday(schedule: schedule, id, draft)), as: call.actor)
    return try await answerHoliday(id, .ok, call)
  }

  @Sendable private func deleteHoliday(_ call: Call) async throws -> Response {
    _ = try await desk.submit(
      .schedule(.deleteHoliday(schedule: call.id(), call.id("holiday"))), as: call.actor)
    return .noContent
  }

  private func holidayDraft(_ body: FieldReader) throws(DeskFailure) -> HolidayDraft {
    var body = body
    let draft = HolidayDraft(
      name: body.text("name"), startDate: body.text("start_date"), endDate: body.text("end_date"))
    try body.check()
    return draft
  }

  private func answerHoliday(
    _ id: RowID, _ status: HTTPResponse.Status, _ call: Call
  ) async throws -> Response {
    let schedule = try call.id()
    _ = try await found(schedule)
    guard let holiday = try await desk.holidays(of: schedule).first(where: { $0.id == id }) else {
      throw APIError.notFound
    }
    var response = Response.json(status) { json in
      json.key("holiday")
      write(holiday, to: &json)
    }
    if status == .created {
      response.headers[.location] =
        "\(call.base)/api/v2\(Self.path)/\(schedule)/holidays/\(id).json"
    }
    return response
  }

  private func write(_ holiday: HolidayRecord, to json: inout JSONWriter) {
    json.object { json in
      json.field("id", holiday.id)
      json.field("name", holiday.name)
      json.field("start_date", holiday.startDate)
      json.field("end_date", holiday.endDate)
    }
  }
}
