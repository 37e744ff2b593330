// What `drop_last` leaves out altogether.

internal import BatchAssembly
internal import FileTree
internal import MountConfiguration
internal import Platform
internal import SampleOrder

enum DropLastWarnings {
  /// Warns of views, their ranks and their groups that have samples, and not one full batch of them.
  static func warnings(_ folders: [ViewFolder], _ configuration: Configuration) -> [ConfigurationProblem] {
    zip(folders, configuration.views).compactMap { folder, view in
      guard view.dropLast else { return nil }
      let plans = folder.leaves.compactMap { if case .batches(let plan) = $0, plan.numbering.sampleCount > 0 { plan } else { nil } }
      let batch = "a batch of \(ItemCount.text(view.batchSize.value, "sample"))"
      let ofRanks = view.ranks.flatMap { ranks in
        message(plans, view, less: "\(batch) for each of \(ItemCount.text(ranks.value, "rank"))") { $0.batchCount(ofRank: 0, worldSize: ranks.value) }
      }
      return (message(plans, view, less: batch) { $0.batchCount } ?? ofRanks).map { ConfigurationProblem(view.batchSize.place, $0) }
    }
  }

  /// - Parameter plans: of the view, or of its groups.
  private static func message(_ plans: [ViewPlan], _ view: ViewConfiguration, less whole: String, _ batchCount: (ViewPlan) -> Int) -> String? {
    let empty = plans.filter { batchCount($0) == 0 }
    guard let first = empty.first else { return nil }
    let place = view.groupBy.isEmpty ? ItemCount.text(first.numbering.sampleCount, "sample") : "\(empty.count) of \(ItemCount.text(plans.count, "group"))"
    return "there is nothing to read in \(place): less than \(whole), which drop_last leaves out; lower batch_size, or leave drop_last out"
  }
}
