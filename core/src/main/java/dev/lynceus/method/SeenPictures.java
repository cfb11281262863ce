package dev.lynceus.method;

import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Explanation.ImageView;
import dev.lynceus.method.Explanation.PatchMap;
import dev.lynceus.method.Explanation.PatchWords;
import dev.lynceus.method.Explanation.Token;
import dev.lynceus.method.Explanation.WordExplanation;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The pictures of a prompt as an explanation tells them: views, patches with their words, and the
/// tokens that stand for them.
///
/// @param listed words in each list
record SeenPictures(
    LoadedModel model, Prompt prompt, ExplainOptions.PatchReading reading, int listed) {

  /// One view for each picture, or for each of its tiles where the model sees tiles.
  ///
  /// @param row the predicting row whose variance the lens takes
  /// @param word whose first maps say which patches are read where not all are
  List<ImageView> views(Run run, int row, WordExplanation word) {
    List<ImageView> images = new ArrayList<>();
    List<SeenView> pixels = model.views(prompt.pictures());
    List<TokenMap.View> views = prompt.tokens().views();
    List<boolean[]> read = read(run, views, word);
    for (int i = 0; i < views.size(); i++) {
      TokenMap.Tile tile = views.get(i).tile();
      RgbImage original = pixels.get(i).original();
      RgbImage seen = pixels.get(i).seen();
      images.add(
          new ImageView(
              views.get(i).label(),
              original.width(),
              original.height(),
              seen.width(),
              seen.height(),
              tile.rows(),
              tile.columns(),
              new double[] {tile.left(), tile.top(), tile.seenWidth(), tile.seenHeight()},
              words(run, views.get(i).positions(), read.get(i), row)));
    }
    return images;
  }

  private List<PatchWords> words(Run run, int[] positions, boolean[] read, int row) {
    return reading == ExplainOptions.PatchReading.NONE
        ? List.of()
        : VisualWords.of(run, positions, read, row, listed);
  }

  /// A patch of a view and the value of the map there.
  private record Place(int view, int patch, double value) {}

  /// Which patches of each view are read.
  private List<boolean[]> read(Run run, List<TokenMap.View> views, WordExplanation word) {
    int all = views.stream().mapToInt(view -> view.positions().length).sum();
    int most =
        switch (reading) {
          case NONE -> 0;
          case SHARE -> VisualWords.affordable(run.model().model().decoder(), prompt.length());
          case ALL -> all;
        };
    List<boolean[]> read =
        views.stream().map(view -> new boolean[view.positions().length]).toList();
    if (most >= all) {
      read.forEach(view -> Arrays.fill(view, true));
      return read;
    }
    IntStream.range(0, views.size())
        .boxed()
        .flatMap(view -> {
          double[] values =
              word.maps().stream()
                  .filter(map -> map.image() == view)
                  .findFirst()
                  .map(PatchMap::values)
                  .orElseThrow();
          return IntStream.range(0, values.length).mapToObj(p -> new Place(view, p, values[p]));
        })
        .sorted(Comparator.comparingDouble((Place place) -> -place.value))
        .limit(most)
        .forEach(place -> read.get(place.view)[place.patch] = true);
    return read;
  }

  /// The tokens of a sequence; image positions with the patch that they stand for.
  List<Token> tokens(TokenMap map) {
    Words words = new Words(model.tokenizer());
    int[] image = new int[map.length()];
    int[] patch = new int[map.length()];
    Arrays.fill(image, -1);
    Arrays.fill(patch, -1);
    List<TokenMap.View> views = map.views();
    for (int v = 0; v < views.size(); v++) {
      int[] positions = views.get(v).tokens();
      for (int token = 0; token < positions.length; token++) {
        image[positions[token]] = v;
        patch[positions[token]] = views.get(v).tile().patch(token);
      }
    }
    List<Token> tokens = new ArrayList<>();
    for (int p = 0; p < map.length(); p++) {
      TokenMap.Spot spot = map.spots().get(p);
      String label = map.label(p);
      boolean visual = spot.role() == TokenMap.Role.IMAGE;
      tokens.add(
          new Token(
              p,
              spot.id(),
              visual ? label : words.text(spot.id()),
              spot.role().name().toLowerCase(Locale.ROOT),
              label,
              image[p],
              patch[p]));
    }
    return tokens;
  }
}
