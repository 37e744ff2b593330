// The configuration that comes with a sample data set, with comments for its first reader.

enum ConfigurationText {
  static func text(of dataSet: SampleDataSet) -> String {
    let channels = TrackWindow.channels.joined(separator: ", ")
    let features = TrackWindow.channels.count
    return """
      # Made by `epochfs sample` (seed \(dataSet.seed)): \(dataSet.totalSampleCount) windows of \(TrackWindow.positionCount) positions from the tracks of vessels that never sailed.
      # Mount it with `epochfs mount epochfs.yaml MOUNTPOINT`; see what there would be with `epochfs tree epochfs.yaml`.
      version: 1
      name: ais-sample

      sources:
        windows:
          format: mds
          path: ./mds                       # worker_00, worker_01, ...; relative to this file
          columns:
            # The shards hold plain bytes: this says what they mean.
            features: {dtype: float32, shape: [\(TrackWindow.positionCount), \(features)], channels: [\(channels)]}

        # \(dataSet.validationSampleCount) windows that no shard holds.
        validation:
          format: parquet
          path: ./materialized/validation.parquet
          columns:
            # The file knows its type and its \(TrackWindow.positionCount * features) values a row; not how they are meant.
            features: {shape: [\(TrackWindow.positionCount), \(features)], channels: [\(channels)]}

      views:
        # Ready for training: train/epoch-0/batch-0000.input.npy is (64, 128, \(features + 1)), batch-0000.target.npy is (64, 800, 2).
        train:
          source: windows
          batch_size: 64
          epochs: 10                        # so many are listed; epoch-10 and later open all the same
          ranks: 2                          # rank-0-of-2 and rank-1-of-2 in each epoch, for two processes
          order: {algorithm: window, seed: 42}   # another order each epoch, the same on every machine
          tensors:
            input:
              column: features
              slice: ":128"                 # the first 128 positions of each window
              transform:                    # channel: what is done to it, in turn
                lat: [{divide: 90}]
                lon: [{divide: 180}]
                sog: [{clamp: [0, 30]}, {divide: 30}]
                cog: [{sin_cos: degrees}]   # becomes two channels, cog_sin and cog_cos
                dt_seconds: [log1p, {divide: 10}]
            target: {column: features, slice: "128:", channels: [lat, lon]}

        # Other questions about the same shards, without another copy of them; no epochs: in stored order.
        tasks:
          source: windows
          batch_size: 64
          tensors:
            input: {column: features, slice: ":128"}
            next: {column: features, slice: "128, :2"}                          # the next position: (64, 2)
            steps: {column: features, slice: "128:228", channels: [lat, lon]}   # the next hundred: (64, 100, 2)

        # val/batch-0000.npy is (64, \(TrackWindow.positionCount), \(features)): what was set aside, in stored order.
        val: {source: validation, batch_size: 64}

        # The windows as they are stored: windows/batch-0000.npy is (64, \(TrackWindow.positionCount), \(features)).
        windows: {source: windows, batch_size: 64}

      """
  }
}
