package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.words.VmHeadFit;
import java.util.List;

/// How well views of visual tokens read what patches show, where that is known, and how much of the
/// answers their words hold.
///
/// @param model the model
/// @param scenes that were read
/// @param texts of the contextual lens
/// @param head how well the fitted head says what the decoder predicts in the place of patches
/// @param rows one for each view
/// @param places one for each replacement of patches
public record ViewReport(
    String model,
    Scenes scenes,
    int texts,
    VmHeadFit.Fit head,
    List<Row> rows,
    List<Place> places) {
  public ViewReport {
    rows = List.copyOf(rows);
    places = List.copyOf(places);
  }

  /// One view, at patches of which the thing that is asked about covers at least half. All are
  /// shares of patches, averaged over scenes.
  ///
  /// @param view its name, with its depth
  /// @param colour the right colour is the best of all ten; 0.1 by chance
  /// @param noun the right thing is the best of all twenty; 0.05 by chance
  /// @param first the best word of all is the thing or its colour
  /// @param five one of them is among the best five
  /// @param other the same for a thing of another scene, of another kind and colour
  /// @param ground the same for the thing at patches that show no thing
  public record Row(
      String view,
      Estimate colour,
      Estimate noun,
      Estimate first,
      Estimate five,
      Estimate other,
      Estimate ground) {}

  /// What stood in the place of patches, and what became of answers that were right.
  ///
  /// @param name what it was
  /// @param control whether it is one that should take the picture away
  /// @param same share of answers that stayed the model's own
  /// @param change mean change of the log probability of the answer, nats
  public record Place(String name, boolean control, Estimate same, Estimate change) {}
}
