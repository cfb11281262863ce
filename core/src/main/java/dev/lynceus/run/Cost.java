package dev.lynceus.run;

/// What a sweep will cost, known before it starts.
///
/// @param replays replays that are not done yet
/// @param passes passes through the decoder that serve them
/// @param encodings of them the replays that encode the pictures again
/// @param layerPositions positions times layers that are computed, those that are only carried
///   along in a batch included
/// @param fullLayerPositions the same if each replay was a run from the beginning
/// @param seconds an estimate from the time that the clean run took
public record Cost(
    int replays,
    int passes,
    int encodings,
    long layerPositions,
    long fullLayerPositions,
    double seconds) {

  /// One line for a reader, for example `168 replays in 12 passes, 0.21 of the work of full runs,
  /// about 3.4 s`.
  public String text() {
    double share = fullLayerPositions == 0 ? 0 : (double) layerPositions / fullLayerPositions;
    return String.format(
        java.util.Locale.ROOT,
        "%d replays in %d passes, %.2f of the work of full runs, about %.1f s",
        replays,
        passes,
        share,
        seconds);
  }

  /// The cost of both.
  public Cost plus(Cost other) {
    return new Cost(
        replays + other.replays,
        passes + other.passes,
        encodings + other.encodings,
        layerPositions + other.layerPositions,
        fullLayerPositions + other.fullLayerPositions,
        seconds + other.seconds);
  }

  /// The cost of several times as much of the same.
  public Cost times(double factor) {
    return new Cost(
        (int) Math.round(replays * factor),
        (int) Math.ceil(passes * factor),
        (int) Math.round(encodings * factor),
        Math.round(layerPositions * factor),
        Math.round(fullLayerPositions * factor),
        seconds * factor);
  }
}
