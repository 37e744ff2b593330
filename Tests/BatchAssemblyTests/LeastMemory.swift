// What views of batches alone need.

import BatchAssembly

extension BatchAssembler {
  static func leastByteCount(views: [ViewPlan]) -> Int { AssemblyWork(views: views).leastByteCount }

  static func workingByteCount(views: [ViewPlan], threadCount: Int, capByteCount: Int) -> Int {
    AssemblyWork(views: views).workingByteCount(threadCount: threadCount, capByteCount: capByteCount)
  }
}
