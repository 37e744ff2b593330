// In which order a column's bounds were found.

public enum ParquetColumnOrder: Sendable, Hashable {
  /// The order that the column's type defines.
  case typeDefined
  /// IEEE 754 totalOrder of floating-point numbers.
  case totalOrder
  /// Chronological, of INT96.
  case int96Timestamp
  /// An order that is not known, or the file does not say: bounds mean nothing.
  case undefined
}

extension ThriftReader {
  /// Reads the list of a file's orders.
  @_lifetime(self: copy self)
  mutating func readColumnOrders(_ list: ThriftField) throws(ParquetError) -> [ParquetColumnOrder] {
    let count = try beginList(list, of: .structure)
    var orders: [ParquetColumnOrder] = []
    orders.reserveCapacity(count)
    for _ in 0..<count {
      var order = ParquetColumnOrder.undefined
      var number: Int16 = 0
      while let field = try nextField(after: &number) {
        order =
          switch field.number {
          case 1: .typeDefined
          case 2: .totalOrder
          case 3: .int96Timestamp
          default: .undefined
          }
        try skip(field)
      }
      orders.append(order)
    }
    return orders
  }
}
