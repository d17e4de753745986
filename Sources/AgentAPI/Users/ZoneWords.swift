// Time zones as clients of this API name them: by a city, or in words.

internal import Foundation
internal import HelpdeskDomain

enum ZoneWords {
  /// The zone of the IANA database that is meant, as `Europe/London` by `London`; nil where none is.
  static func zone(_ name: String) -> String? {
    if ZoneName.isKnown(name) { return name }
    return [words[name], cities[name]].compactMap(\.self).first(where: ZoneName.isKnown)
  }

  /// `Hong Kong` is `Asia/Hong_Kong`. Where two zones end alike, the first by name counts.
  private static let cities: [String: String] = {
    let zones = TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") }.sorted()
    let named = zones.map { zone in
      (String(zone.split(separator: "/").last ?? "").replacing("_", with: " "), zone)
    }
    return Dictionary(named) { first, _ in first }
  }()

  /// Those that are no city of the database.
  private static let words: [String: String] = [
    "International Date Line West": "Etc/GMT+12", "Midway Island": "Pacific/Midway",
    "American Samoa": "Pacific/Pago_Pago", "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau", "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Mountain Time (US & Canada)": "America/Denver", "Arizona": "America/Phoenix",
    "Central Time (US & Canada)": "America/Chicago", "Saskatchewan": "America/Regina",
    "Guadalajara": "America/Mexico_City", "Central America": "America/Guatemala",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis", "Quito": "America/Guayaquil",
    "Atlantic Time (Canada)": "America/Halifax", "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo", "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Georgetown": "America/Guyana", "Greenland": "America/Nuuk",
    "Mid-Atlantic": "Atlantic/South_Georgia", "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Edinburgh": "Europe/London", "Bern": "Europe/Zurich",
    "West Central Africa": "Africa/Algiers", "Kyiv": "Europe/Kiev",
    "Pretoria": "Africa/Johannesburg", "St. Petersburg": "Europe/Moscow",
    "Abu Dhabi": "Asia/Dubai", "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi", "Chennai": "Asia/Kolkata", "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata", "Astana": "Asia/Almaty",
    "Sri Jayawardenepura": "Asia/Colombo", "Rangoon": "Asia/Yangon", "Hanoi": "Asia/Bangkok",
    "Beijing": "Asia/Shanghai", "Chongqing": "Asia/Shanghai", "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo", "Canberra": "Australia/Sydney",
    "Solomon Is.": "Pacific/Guadalcanal", "New Caledonia": "Pacific/Noumea",
    "Marshall Is.": "Pacific/Majuro", "Wellington": "Pacific/Auckland",
    "Nuku'alofa": "Pacific/Tongatapu", "Tokelau Is.": "Pacific/Fakaofo",
    "Chatham Is.": "Pacific/Chatham", "Samoa": "Pacific/Apia",
  ]
}
