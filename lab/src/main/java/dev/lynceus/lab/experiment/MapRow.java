package dev.lynceus.lab.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A map of a picture: a row of the table `maps`.
///
/// @param example its name in the data set
/// @param seed of what was left to chance
/// @param method that made it
/// @param step which token of the answer, from 0
/// @param tokenId the token that it explains
/// @param tokenText as a reader sees it
/// @param target the word that was asked about
/// @param logProbability of the token, nats
/// @param image which picture, from 0
/// @param view which view of the pictures, from 0
/// @param rows of patches
/// @param columns of patches
/// @param x0 left edge of what the view covers, in pixels of the picture
/// @param y0 upper edge
/// @param x1 right edge
/// @param y1 lower edge
/// @param map one number for each patch, row by row, in the method's own unit
/// @param sum of the map
/// @param max of the map
/// @param score average precision of the patches in order of the map, where the data set tells of
///   regions; null where not
public record MapRow(
    String example,
    long seed,
    String method,
    int step,
    int tokenId,
    String tokenText,
    String target,
    @Nullable Double logProbability,
    int image,
    int view,
    int rows,
    int columns,
    double x0,
    double y0,
    double x1,
    double y1,
    List<Double> map,
    double sum,
    double max,
    @Nullable Double score) {
  public MapRow {
    map = List.copyOf(map);
  }
}
