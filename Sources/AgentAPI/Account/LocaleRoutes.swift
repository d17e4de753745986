// The languages in which this desk speaks.

internal import HelpdeskDomain
internal import Hummingbird
internal import ReplicaCore

struct LocaleRoutes {
  struct Locale {
    let id: Int
    let code: String
    let name: String
    let nativeName: String
  }

  /// Under the ids that clients of this API know them by.
  static let all = [
    Locale(id: 1, code: "en-US", name: "English (United States)", nativeName: "English"),
    Locale(id: 16, code: "fr", name: "French", nativeName: "Français"),
    Locale(id: 10, code: "zh-cn", name: "Chinese (Simplified)", nativeName: "简体中文"),
  ]

  let desk: any DeskService

  func add(to routes: Routes) {
    for path in ["/locales", "/locales/agent", "/locales/public"] { routes.get(path, list) }
    routes.get("/locales/current", current)
    routes.get("/locales/{id}", show)
  }

  @Sendable private func list(_ call: Call) async throws -> Response {
    let request = try call.page()
    return call.pageResponse(try Self.all.page(request), request, key: "locales") {
      write($1, call, to: &$0)
    }
  }

  @Sendable private func current(_ call: Call) async throws -> Response {
    let user = try await desk.users([call.actor.user].filter(\.isValid)).first
    return answer(Self.locale(user?.locale ?? "") ?? Self.all[0], call)
  }

  /// By id or by code.
  @Sendable private func show(_ call: Call) async throws -> Response {
    let name = call.text("id")
    guard let locale = Self.all.first(where: { "\($0.id)" == name }) ?? Self.locale(name) else {
      throw APIError.notFound
    }
    return answer(locale, call)
  }

  /// `fr-FR` is `fr`.
  private static func locale(_ code: String) -> Locale? {
    let code = code.lowercased()
    let language = code.prefix { $0 != "-" && $0 != "_" }
    return all.first { $0.code.lowercased() == code }
      ?? all.first { !language.isEmpty && $0.code.lowercased().hasPrefix(language) }
  }

  private func answer(_ locale: Locale, _ call: Call) -> Response {
    .json { json in
      json.key("locale")
      write(locale, call, to: &json)
    }
  }

  private func write(_ locale: Locale, _ call: Call, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", "\(call.base)/api/v2/locales/\(locale.id).json")
      json.field("id", locale.id)
      json.field("locale", locale.code)
      json.field("name", locale.name)
      json.field("native_name", locale.nativeName)
      json.field("presentation_name", locale.name)
      json.field("rtl", false)
      json.field("default", locale.id == 1)
      json.builtInDates()
    }
  }
}
