package dev.lynceus.run;

/// How long the prompt of a run took: the unit of what replays of it will cost.
///
/// @param encodeSeconds pictures and words to the input of the first layer
/// @param passSeconds the decoder's layers and the logits
/// @param layerPositions positions of all rows, times layers
/// @param layers layers of the decoder
/// @param overhead what the calls and the reading of the weights of one layer cost, in positions: a
///   pass of few positions is not as much shorter as it has fewer
record Pace(
    double encodeSeconds, double passSeconds, long layerPositions, int layers, double overhead) {

  /// The overhead by which passes are planned, so that the same sweep is always cut the same way.
  /// Between a pupil and a 7B shape the true one differs by the shape and the machine.
  static final int PLANNED_OVERHEAD = 24;

  /// The same with another time for the decoder.
  Pace lasting(double seconds) {
    return new Pace(encodeSeconds, seconds, layerPositions, layers, overhead);
  }

  /// The same with the overhead that a pass of one position tells of.
  ///
  /// @param oneSeconds how long a pass of one position of each row through all layers takes
  Pace measured(double oneSeconds, int rows) {
    double positions = (double) layerPositions / layers;
    double each = (passSeconds - oneSeconds) / (positions - rows);
    if (!(each > 0)) {
      return this;
    }
    return new Pace(
        encodeSeconds, passSeconds, layerPositions, layers, Math.max(0, oneSeconds / each - rows));
  }

  /// Seconds of a pass.
  ///
  /// @param positions positions of all rows
  double seconds(long positions, int passLayers) {
    return passSeconds * passLayers * (positions + overhead) / (layerPositions + overhead * layers);
  }
}
