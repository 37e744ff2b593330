// How text from a file is put into a message: one line, no control characters, not too long.

/// The text between double quotes.
func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

/// The text with control characters and line separators written as escapes, cut after 120 characters.
func escaped(_ text: String) -> String {
  let scalarLimit = 120
  var result = ""
  var count = 0
  for scalar in text.unicodeScalars {
    if count == scalarLimit { return result + "..." }
    count += 1
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if isControl(scalar) { result += "\\u{" + String(scalar.value, radix: 16) + "}" } else { result.unicodeScalars.append(scalar) }
    }
  }
  return result
}

/// C0, DEL, C1, and the separators of lines and paragraphs.
func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
}
