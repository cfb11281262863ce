package dev.lynceus.run;

/// How long the prompt of a run took: the unit of what replays of it will cost.
///
/// @param encodeSeconds pictures and words to the input of the first layer
/// @param passSeconds the decoder's layers and the logits
/// @param layerPositions positions of all rows, times layers
/// @param layers layers of the decoder
record Pace(double encodeSeconds, double passSeconds, long layerPositions, int layers) {

  /// What the calls and the reading of the weights of one layer cost, in positions: a pass of few
  /// positions is not as much shorter as it has fewer. Measured on pupil and medium shapes on two
  /// cores, see `bench/run sweep`.
  static final int LAYER_OVERHEAD = 24;

  /// Seconds of a pass.
  ///
  /// @param positions positions of all rows
  double seconds(long positions, int passLayers) {
    double unit = passSeconds / (layerPositions + (double) LAYER_OVERHEAD * layers);
    return unit * passLayers * (positions + LAYER_OVERHEAD);
  }
}
