// How a stored value becomes an array element.

/// What has to be done with a value of fixed width between the page and the array. The element's type says the rest.
public enum ParquetConversion: Sendable, Hashable {
  /// The stored bytes are the element: same width, little-endian. Also uint32 and uint64, whose bits are stored as they are.
  case copy
  /// Bits become bytes 0 and 1.
  case bits
  /// INT32 to int8, uint8, int16 or uint16; a value that does not fit is an error.
  case narrowInt32
  /// INT32 to eight bytes with its sign: dates, times of day, decimals.
  case widenInt32
  /// INT96, nanoseconds of the day and Julian day, to nanoseconds since 1970; a value outside int64 is an error.
  case int96ToNanoseconds
  /// Two's complement of any length, most significant byte first, in BYTE_ARRAY or FIXED_LEN_BYTE_ARRAY, to the element's 8, 16 or 32 bytes, least
  /// significant byte first, with its sign. An empty value is 0; one that does not fit is an error.
  case bigEndianInteger
}
