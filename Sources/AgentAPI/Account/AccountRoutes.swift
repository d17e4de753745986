// The settings that clients ask for before they work.

internal import Hummingbird
internal import ReplicaCore

struct AccountRoutes {
  let node: any NodeService

  func add(to routes: Routes) {
    routes.get("/account/settings") { call in
      let cluster = try await node.status().cluster
      return .json { json in
        json.field(
          "settings",
          object: { json in
            json.field("branding", object: { $0.field("name", cluster) })
            json.field("apps", object: { $0.field("use", false) })
            json.field(
              "tickets",
              object: { json in
                json.field("comments_public_by_default", true)
                json.field("list_newest_comments_first", false)
                json.field("collaboration", true)
                json.field("private_attachments", false)
                json.field("tagging", true)
                json.field("maximum_personal_views_to_list", 0)
              })
            json.field(
              "limits", object: { $0.field("attachment_size", Int64(Limits.attachmentBytes)) })
            json.field(
              "api",
              object: { json in
                json.field("accepted_api_agreement", true)
                json.field("api_password_access", true)
                json.field("api_token_access", true)
              })
          })
      }
    }
  }
}
