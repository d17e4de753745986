// How a ticket field and its options look on the wire, built-in ones included.

internal import HelpdeskDomain
internal import ReplicaCore

struct TicketFieldPresenter {
  let base: String

  func write(_ field: TicketFieldRecord, to json: inout JSONWriter) {
    json.object { json in
      common(
        field.id, type: field.type, title: field.title, description: field.description ?? "",
        position: field.position, active: field.active, isSystem: false, to: &json)
      json.field("key", field.key)
      json.field("created_at", field.createdAt)
      json.field("updated_at", field.updatedAt)
      json.key("custom_field_options")
      if field.choices.isEmpty, field.options == nil {
        json.literal("null")
      } else {
        json.array(field.choices) { option($1, of: field.id, to: &$0) }
      }
      json.null("system_field_options", "custom_statuses")
    }
  }

  func write(_ field: SystemField, to json: inout JSONWriter) {
    json.object { json in
      common(
        field.id, type: field.kind, title: field.title, description: "",
        position: field.rawValue, active: true, isSystem: true, to: &json)
      json.null("key", "custom_field_options")
      json.builtInDates()
      json.key("system_field_options")
      if field.options.isEmpty {
        json.literal("null")
      } else {
        json.array(field.options) { json, option in
          json.object { json in
            json.field("name", option.name)
            json.field("value", option.value)
          }
        }
      }
      if field == .status {
        json.key("custom_statuses")
        json.array(BuiltInStatus.allCases) { CustomStatusRoutes.write($1, base, to: &$0) }
      } else {
        json.null("custom_statuses")
      }
    }
  }

  private func common(
    _ id: RowID, type: String, title: String, description: String, position: Int64, active: Bool,
    isSystem: Bool, to json: inout JSONWriter
  ) {
    json.field("url", url(id))
    json.field("id", id)
    json.field("type", type)
    json.field("title", title)
    json.field("raw_title", title)
    json.field("description", description)
    json.field("raw_description", description)
    json.null("agent_description")
    json.field("position", position)
    json.field("active", active)
    json.field("required", false)
    json.field("collapsed_for_agents", false)
    json.null("regexp_for_validation", "tag", "sub_type_id")
    json.null("relationship_target_type", "relationship_filter")
    json.field("title_in_portal", title)
    json.field("raw_title_in_portal", title)
    json.field("visible_in_portal", isSystem)
    json.field("editable_in_portal", false)
    json.field("required_in_portal", false)
    json.field("agent_can_edit", true)
    json.field("removable", !isSystem)
    json.null("creator_user_id", "creator_app_name")
  }

  func option(_ option: TicketFieldOption, of field: RowID, to json: inout JSONWriter) {
    json.object { json in
      json.field("url", optionURL(option.id, of: field))
      json.field("id", option.id)
      json.field("name", option.name)
      json.field("raw_name", option.name)
      json.field("value", option.value)
      json.field("position", option.position == .max ? nil : option.position)
      json.field("default", option.isDefault)
    }
  }

  func url(_ id: RowID) -> String { "\(base)/api/v2/ticket_fields/\(id).json" }
  func optionURL(_ id: RowID, of field: RowID) -> String {
    "\(base)/api/v2/ticket_fields/\(field)/options/\(id).json"
  }
}
