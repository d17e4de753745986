// How a macro, and what it does, look on the wire.

internal import HelpdeskDomain
internal import ReplicaCore

struct MacroPresenter {
  let base: String

  func write(_ macro: MacroRecord, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", url(macro.id))
      json.field("id", macro.id)
      json.field("title", macro.title)
      json.field("raw_title", macro.title)
      json.field("active", macro.active)
      json.field("default", false)
      json.field("position", macro.position)
      json.field("description", macro.description)
      json.field("created_at", macro.createdAt)
      json.field("updated_at", macro.updatedAt)
      json.key("actions")
      json.array(macro.actions) { json, action in
        json.object { json in
          json.field("field", action.field)
          json.field("value", action.value)
        }
      }
      json.field("restriction", macro.restriction)
    }
  }

  /// The actions that a macro can have.
  static func kinds(_ fields: [TicketFieldRecord], to json: inout JSONWriter) {
    func write(_ field: String, _ title: String, _ values: [String], _ json: inout JSONWriter) {
      json.object { json in
        json.field("field", field)
        json.field("title", title)
        json.field("group", "ticket")
        json.field("type", values.isEmpty ? "text" : "list")
        json.field("nullable", values.contains(""))
        json.field("repeatable", field.hasPrefix("comment_value"))
        json.key("operators")
        json.array(["is"]) { json, name in
          json.object { json in
            json.field("title", "Is")
            json.field("value", name)
          }
        }
        json.key("values")
        json.array(values) { json, value in
          json.object { json in
            json.field("title", value.isEmpty ? "-" : value)
            json.field("value", value)
            json.field("enabled", true)
          }
        }
      }
    }
    let custom = fields.map { field in
      (
        field: "custom_fields_\(field.id)", title: field.title,
        values: field.type == "tagger" ? field.choices.map(\.value) : []
      )
    }
    json.array(MacroAction.kinds + custom) { write($1.field, $1.title, $1.values, &$0) }
  }

  func url(_ macro: RowID) -> String { "\(base)/api/v2/macros/\(macro).json" }
}
