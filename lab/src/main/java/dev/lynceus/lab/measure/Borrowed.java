package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;

/// What a model says of the colour of things that are not there, on scenes whose things have
/// different colours: a named colour belongs to one thing at most, its owner.
///
/// @param seed of the scenes
/// @param scenes how many, each asked once
/// @param named answers that name the colour of a thing of the picture
/// @param elsewhere answers that would, if each were held against the picture of the next scene:
///   what chance and a liking for some colours give
/// @param maps where maps of the colour point, on the scenes of `named`
/// @param blanks what becomes of the answer, on the same scenes
/// @param passed of the answers that change without the owner, those that then name the colour of
///   another thing of the picture
/// @param examples to look at
public record Borrowed(
    long seed,
    int scenes,
    Share named,
    Share elsewhere,
    List<Pointed> maps,
    List<Blank> blanks,
    Share passed,
    List<Shown> examples) {

  /// Where one kind of map points.
  ///
  /// @param method its name
  /// @param owner whether the strongest patch belongs to the thing whose colour is named
  /// @param other whether it belongs to another thing of the picture, the mean over all others
  /// @param chance part of the patches that belong to the owner
  public record Pointed(String method, Estimate owner, Estimate other, Estimate chance) {}

  /// Answers that change when patches are replaced by the mean visual token.
  ///
  /// @param patches `owner`; `another thing`; `background`, as many as the owner touches; `where
  ///   the map points`, the region that `evidence` would test; `that shape elsewhere`
  public record Blank(String patches, Share changed) {}

  /// A scene to look at.
  ///
  /// @param scene its number
  /// @param question for the colour of what is not there
  /// @param answer the colour that was said
  /// @param owner the thing that has it
  /// @param after the colour that is said without the owner
  /// @param box of the owner: left, top, right, bottom in pixels
  /// @param map of the best heads, row by row
  public record Shown(
      long scene,
      String question,
      String answer,
      String owner,
      String after,
      List<Integer> box,
      int rows,
      int columns,
      List<Double> map) {}

  public Borrowed {
    maps = List.copyOf(maps);
    blanks = List.copyOf(blanks);
    examples = List.copyOf(examples);
  }
}
