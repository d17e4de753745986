// What `…/count` of a list answers.

internal import Hummingbird

extension Response {
  /// `{"count": {"value": …}}`: it is counted anew for each request.
  static func count(_ value: Int) -> Response {
    .json { json in
      json.field(
        "count",
        object: { json in
          json.field("value", value)
          json.null("refreshed_at")
        })
    }
  }
}
