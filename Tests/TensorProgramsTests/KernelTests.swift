// The kernels against Glibc's double functions, over sweeps of all bit patterns, and their exact bits.

import Glibc
import Testing

@testable import TensorPrograms

private func each(_ stride: Int, _ body: (FloatVector) -> Void) {
  var pattern = 0
  while pattern + 3 * stride < 1 << 32 {
    body(FloatVector(bits: FloatBits((0..<4).map { UInt32(pattern + $0 * stride) })))
    pattern += 4 * stride
  }
}

/// Debug builds are slow; both strides are primes, so that all exponents and low bits are met.
private let stride = isOptimised ? 997 : 19_997
private var isOptimised: Bool {
  var result = true
  // An assert's condition is evaluated in debug builds alone.
  assert(
    {
      result = false
      return true
    }())
  return result
}

struct KernelTests {
  @Test func log1pIsWithinTwoSteps() {
    var worst: (UInt64, Float) = (0, 0)
    each(stride) { x in
      let y = log1p(x)
      for lane in 0..<4 { worst = max(worst, (steps(y[lane], Float(Glibc.log1p(Double(x[lane])))), x[lane]), by: \.0) }
    }
    #expect(worst.0 <= 2, "\(worst)")
  }

  @Test func log1pOfExtremes() {
    #expect(log1p(FloatVector(.infinity, -1, -2, .nan)).bits == FloatBits(0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7FC0_0000))
    let tiny = FloatVector(.leastNonzeroMagnitude, -.leastNonzeroMagnitude, -0.0, .leastNormalMagnitude / 3)
    #expect(log1p(tiny).bits == tiny.bits)
    #expect(log1p(FloatVector(repeating: .greatestFiniteMagnitude))[0] == 88.72284)
    #expect(TensorPrograms.log1p(-1.0) == -.infinity)
    #expect(TensorPrograms.log1p(-1.5).isNaN && TensorPrograms.log1p(Double.nan).isNaN)
    #expect(TensorPrograms.log1p(Double.infinity) == .infinity)
    #expect(TensorPrograms.log1p(Double.leastNonzeroMagnitude) == .leastNonzeroMagnitude)
  }

  @Test func sineAndCosineOfRadiansAreWithinTwoSteps() {
    var worst: (UInt64, Float) = (0, 0)
    each(stride) { x in
      let y = sineCosine(radians: x)
      for lane in 0..<4 {
        let exact = x[lane].isFinite ? (sin(Double(x[lane])), cos(Double(x[lane]))) : (.nan, .nan)
        worst = max(worst, (steps(y.sine[lane], Float(exact.0)), x[lane]), by: \.0)
        worst = max(worst, (steps(y.cosine[lane], Float(exact.1)), x[lane]), by: \.0)
      }
    }
    #expect(worst.0 <= 2, "\(worst)")
  }

  @Test func sineAndCosineOfDegreesAreWithinTwoSteps() {
    var worst: (UInt64, Float) = (0, 0)
    each(stride) { x in
      let y = sineCosine(degrees: x)
      for lane in 0..<4 {
        let exact = exactDegrees(Double(x[lane]))
        worst = max(worst, (steps(y.sine[lane], Float(exact.0)), x[lane]), by: \.0)
        worst = max(worst, (steps(y.cosine[lane], Float(exact.1)), x[lane]), by: \.0)
      }
    }
    #expect(worst.0 <= 2, "\(worst)")
  }

  /// As the acceptance test: np.sin(np.radians(x.astype(float64))).astype(float32) with rtol = atol = 2e-6.
  @Test func degreesAgreeWithNumPyWithinACourse() {
    var random = SeededGenerator(state: 7)
    for _ in 0..<25_000 {
      let x = FloatVector((0..<4).map { _ in Float.random(in: -1e6...1e6, using: &random) })
      let y = sineCosine(degrees: x)
      for lane in 0..<4 {
        let radians = Double(x[lane]) * (Double.pi / 180)
        #expect(abs(Double(y.sine[lane]) - sin(radians)) <= 2e-6 * (1 + abs(sin(radians))))
        #expect(abs(Double(y.cosine[lane]) - cos(radians)) <= 2e-6 * (1 + abs(cos(radians))))
      }
    }
  }

  @Test func quarterTurnsAreExact() {
    let sines: [Float] = [0, 1, 0, -1]
    let cosines: [Float] = [1, 0, -1, 0]
    for turn in [0, 1, 2, 3, 4, 5, 6, 7, 8, 4000, 46_602, 46_603, 186_412, 1 << 22] {
      let x = Float(turn) * 90
      let (up, down) = (sineCosine(degrees: FloatVector(repeating: x)), sineCosine(degrees: FloatVector(repeating: -x)))
      #expect(up.sine[0] == sines[turn & 3] && up.cosine[0] == cosines[turn & 3], "\(x)")
      #expect(down.sine[0] == -sines[turn & 3] && down.cosine[0] == cosines[turn & 3], "\(-x)")
      // No negative zeros for positive angles.
      #expect(up.sine[0] != 0 || up.sine[0].sign == .plus)
      #expect(up.cosine[0] != 0 || up.cosine[0].sign == .plus)
      let double = sineCosine(degrees: Double(turn) * 90)
      #expect(double.sine == Double(sines[turn & 3]) && double.cosine == Double(cosines[turn & 3]))
    }
  }

  @Test func infiniteAnglesAreNaN() {
    let x = FloatVector(.infinity, -.infinity, .nan, -.nan)
    for y in [sineCosine(degrees: x), sineCosine(radians: x)] {
      #expect(y.sine.bits == FloatBits(repeating: 0x7FC0_0000))
      #expect(y.cosine.bits == FloatBits(repeating: 0x7FC0_0000))
    }
    #expect(sineCosine(degrees: Double.infinity).sine.isNaN && sineCosine(radians: -Double.infinity).cosine.isNaN)
  }

  @Test func doublesAreWithinTwoSteps() {
    var random = SeededGenerator(state: 42)
    var worst: (UInt64, Double) = (0, 0)
    for round in 0..<200_000 {
      // A third each: any bit pattern, usual sizes, near a multiple of a quarter turn.
      let pattern = Double(bitPattern: random.next())
      let usual = Double.random(in: -1000...1000, using: &random)
      let near = Double(Int.random(in: -1_000_000...1_000_000, using: &random)) * (Double.pi / 2)
      let x = [pattern, usual, near][round % 3]
      guard x.isFinite else { continue }
      let y = sineCosine(radians: x)
      worst = max(worst, (steps(y.sine, sin(x)), x), by: \.0)
      worst = max(worst, (steps(y.cosine, cos(x)), x), by: \.0)
      worst = max(worst, (steps(TensorPrograms.log1p(x), Glibc.log1p(x)), x), by: \.0)
    }
    // Glibc is itself up to one step from the exact value.
    #expect(worst.0 <= 2, "\(worst)")
  }

  @Test func doubleDegreesAreWithinTwoSteps() {
    var random = SeededGenerator(state: 43)
    var worst: (UInt64, Double) = (0, 0)
    for round in 0..<100_000 {
      let x = round % 2 == 0 ? Double.random(in: -45...45, using: &random) : Double.random(in: -1e9...1e9, using: &random)
      // An exact remainder, then a product in extended precision (x86) or a double's: one more step.
      let exact = exactDegrees(x)
      let y = sineCosine(degrees: x)
      worst = max(worst, (steps(y.sine, exact.0), x), by: \.0)
      worst = max(worst, (steps(y.cosine, exact.1), x), by: \.0)
    }
    #expect(worst.0 <= 3, "\(worst)")
  }

  /// The promise that a path's bytes are the same everywhere: a changed bit anywhere changes these.
  @Test func bitsOfTheKernels() {
    var hashes: [UInt64] = [14_695_981_039_346_656_037, 14_695_981_039_346_656_037, 14_695_981_039_346_656_037]
    func mix(_ index: Int, _ bits: FloatBits) {
      for lane in 0..<4 { hashes[index] = (hashes[index] ^ UInt64(bits[lane])) &* 1_099_511_628_211 }
    }
    each(39_989) { x in
      mix(0, log1p(x).bits)
      let degrees = sineCosine(degrees: x)
      mix(1, degrees.sine.bits)
      mix(1, degrees.cosine.bits)
      let radians = sineCosine(radians: x)
      mix(2, radians.sine.bits)
      mix(2, radians.cosine.bits)
    }
    #expect(hashes == [3_557_080_777_202_386_298, 17_364_738_255_244_917_296, 17_601_616_619_668_934_175])
    var random = SeededGenerator(state: 44)
    var hash: UInt64 = 14_695_981_039_346_656_037
    for _ in 0..<20_000 {
      let x = Double(bitPattern: random.next())
      guard x.isFinite else { continue }
      let (degrees, radians) = (sineCosine(degrees: x), sineCosine(radians: x))
      for value in [TensorPrograms.log1p(x), degrees.sine, degrees.cosine, radians.sine, radians.cosine] {
        hash = (hash ^ (value.isNaN ? 1 : value.bitPattern)) &* 1_099_511_628_211
      }
    }
    #expect(hash == 16_131_014_093_897_990_601)
  }
}

private func max<Value>(_ a: Value, _ b: Value, by key: KeyPath<Value, UInt64>) -> Value { b[keyPath: key] > a[keyPath: key] ? b : a }

/// Sine and cosine of degrees in extended double arithmetic: the remainder after quarter turns is exact.
private func exactDegrees(_ x: Double) -> (Double, Double) {
  guard x.isFinite else { return (.nan, .nan) }
  let turn = fmod(x, 360)
  let quarter = (turn / 90).rounded()
  let rest = turn - quarter * 90
  // The error of the product, put back.
  let high = rest * (Double.pi / 180)
  let low = (-high).addingProduct(rest, Double.pi / 180) + rest * 2.9486522708701687e-19
  let (s, c) = (sin(high) + cos(high) * low, cos(high) - sin(high) * low)
  switch Int(quarter) & 3 {
  case 0: return (s, c)
  case 1: return (c, -s)
  case 2: return (-s, -c)
  default: return (-c, s)
  }
}
