// The version that this program says it is.

/// The release.
package enum HelioVersion {
  /// Semantic version; the changelog has its history.
  package static let text = "0.1.0"
}
