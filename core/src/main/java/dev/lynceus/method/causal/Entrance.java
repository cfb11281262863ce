package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Inputs;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where some of what a model is given enters it: at positions of the decoder; or, where it reads
/// pictures by cross-attention (BLIP), a picture by all features of the tower, words of the
/// question by their embeddings, before positions are added and the sum is normed.
///
/// @param run that it enters
/// @param point null for the decoder: the input of its first layer, and what is added later
/// @param places among the positions of the point
record Entrance(Run run, @Nullable Point point, Places places) {

  /// The entrance that a text means: `image`, `question`, another label, or numbers.
  ///
  /// @throws LynceusException BAD_REQUEST if that is not in the prompt
  static Entrance of(Run run, String where) {
    var seen = Inputs.seen(run.model().model(), run.batch().prompts().getFirst());
    if (seen.isEmpty()) {
      return new Entrance(run, null, Places.of(run, where));
    }
    Point features = Point.vision(Site.FEATURES);
    if (where.equals("image")) {
      // The class token is of the picture, too, and read like its patches.
      int[] all = IntStream.range(0, seen.get().length()).toArray();
      return new Entrance(run, features, new Places(where, all));
    }
    if (where.startsWith("image")) {
      return new Entrance(run, features, Places.of(seen.get(), where));
    }
    TokenMap words = run.batch().prompts().getFirst().beside();
    if (words.length() == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' is not corrupted: this model reads nothing but the picture".formatted(where),
          "Use image, or a part of it such as image[0].row[1].");
    }
    return new Entrance(run, Point.of(Stack.ENCODER, Site.EMBED), Places.of(words, where));
  }

  /// The changes, one for each that enters.
  ///
  /// @param op by the number of what enters, see [Inputs#at]
  List<Intervention> changes(IntFunction<Op> op) {
    Positions at = places.at();
    return point == null
        ? Inputs.entering(run, at, op::apply)
        : List.of(Intervention.at(point, 0, op.apply(0)).at(at));
  }

  /// What entered, `[batch, pos, width]`.
  Tensor own(int input) {
    return of(run, input);
  }

  /// What entered another run there.
  Tensor of(Run other, int input) {
    return point == null ? Inputs.input(other, input) : other.get(point, 0);
  }
}
