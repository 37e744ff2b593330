// The compiled form of the channels of one column that are computed: load into planes, work on planes, store interleaved.

internal import NumPyFormat

/// What a plane's values are while they are worked on.
enum Arithmetic: Sendable, Equatable {
  case float, double
  /// For casts alone: every value of the column is exact in it.
  case signed, unsigned

  var byteCount: Int { self == .float ? 4 : 8 }
}

/// One operation on whole planes.
struct KernelStep: Sendable, Equatable {
  enum Kind: Sendable { case add, subtract, multiply, divide, clamp, log1p, sinCosDegrees, sinCosRadians, replaceNaN }
  var kind: Kind
  var plane: Int
  /// The plane that gets the cosine.
  var secondPlane = 0
  var first = 0.0
  var second = 0.0

  /// Whether the step fills its second plane.
  var splits: Bool { kind == .sinCosDegrees || kind == .sinCosRadians }
}

/// Brings some channels of a sample into planes.
struct PlaneLoad: Sendable, Equatable {
  /// Of the first channel, in the sample.
  var inputOffset: Int
  var plane: Int
  /// 4 for four float32 channels that are neighbours and go to neighbouring planes; else 1.
  var width = 1
}

/// Puts some planes into a row.
struct PlaneStore: Sendable, Equatable {
  var plane: Int
  /// In the row.
  var outputOffset: Int
  /// 4 or 2 for planes whose float32 values are neighbours in the row; then `planes` counts; else 1.
  var others: SIMD4<Int>
  var width = 1
}

/// One axis of the values of a plane, outermost first; the stride is in bytes of the sample.
struct PlaneAxis: Sendable, Equatable {
  var count: Int
  var stride: Int
}

/// A class, so that a run takes one reference and not one for every array.
final class PlaneGroup: Sendable {
  let source: ElementType
  let target: ElementType
  let arithmetic: Arithmetic
  let loads: [PlaneLoad]
  let steps: [KernelStep]
  let stores: [PlaneStore]
  let axes: [PlaneAxis]
  let rowCount: Int
  /// Bytes from one value of a channel to its next, in the row.
  let outputStride: Int
  /// Values of a plane that are worked on at once: all planes stay in the first-level cache together with what is read and written.
  let blockCount: Int
  /// Bytes from one plane to the next.
  let planeStride: Int
  let scratchByteCount: Int

  /// Half of the smallest first-level data cache in use.
  static let cachedByteCount = 16_384

  init(
    source: ElementType, target: ElementType, arithmetic: Arithmetic, loads: [PlaneLoad], steps: [KernelStep], stores: [PlaneStore], axes: [PlaneAxis],
    planeCount: Int, outputStride: Int
  ) {
    self.source = source
    self.target = target
    self.arithmetic = arithmetic
    self.loads = source == .float32 && arithmetic == .float ? Self.widened(loads) : loads
    self.steps = steps
    self.stores = target == .float32 && arithmetic == .float ? Self.widened(stores) : stores
    self.axes = Self.joined(axes)
    self.outputStride = outputStride
    rowCount = axes.reduce(1) { $0 * $1.count }
    // Blocks of about equal length, each a multiple of four vectors.
    let limit = max(16, Self.cachedByteCount / (planeCount * arithmetic.byteCount))
    let blocks = (rowCount + limit - 1) / limit
    blockCount = ((rowCount + blocks - 1) / blocks + 15) / 16 * 16
    planeStride = blockCount * arithmetic.byteCount
    scratchByteCount = planeStride * planeCount
  }

  private static func widened(_ loads: [PlaneLoad]) -> [PlaneLoad] {
    var result: [PlaneLoad] = []
    var index = 0
    while index < loads.count {
      var load = loads[index]
      if index + 4 <= loads.count, (1..<4).allSatisfy({ loads[index + $0] == PlaneLoad(inputOffset: load.inputOffset + 4 * $0, plane: load.plane + $0) }) {
        load.width = 4
      }
      result.append(load)
      index += load.width
    }
    return result
  }

  private static func widened(_ stores: [PlaneStore]) -> [PlaneStore] {
    var result: [PlaneStore] = []
    var index = 0
    while index < stores.count {
      var store = stores[index]
      for width in [4, 2] where index + width <= stores.count {
        guard (1..<width).allSatisfy({ stores[index + $0].outputOffset == store.outputOffset + 4 * $0 }) else { continue }
        store.width = width
        for lane in 0..<width { store.others[lane] = stores[index + lane].plane }
        break
      }
      result.append(store)
      index += store.width
    }
    return result
  }

  private static func joined(_ axes: [PlaneAxis]) -> [PlaneAxis] {
    var result: [PlaneAxis] = []
    for axis in axes where axis.count > 1 {
      if let outer = result.last, outer.stride == axis.stride * axis.count {
        result[result.count - 1] = PlaneAxis(count: outer.count * axis.count, stride: axis.stride)
      } else {
        result.append(axis)
      }
    }
    return result
  }
}
