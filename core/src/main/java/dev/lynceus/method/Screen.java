package dev.lynceus.method;

import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// The first look at an answer: what every position brings to each of its tokens, first order.
///
/// @param aims tokens of the answer
/// @param positions one row for each aim, `[T]`; none where there is no picture to look for
/// @param shares of the picture, one for each aim
// Plain numbers on their way; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record Screen(List<Target.Aim> aims, double[][] positions, double[] shares) {

  /// Looks at the words of an answer.
  ///
  /// @param step told how many tokens are done
  static Screen of(Run run, AnswerWords words, IntConsumer step) {
    List<Target.Aim> aims =
        words.groups().stream().flatMap(group -> words.target(group).aims().stream()).toList();
    int[] image = run.tokens().positions(TokenMap.Role.IMAGE);
    if (image.length == 0) {
      return new Screen(aims, new double[0][], new double[aims.size()]);
    }
    double[][] positions = FirstOrder.positions(run, aims, step);
    double[] shares =
        IntStream.range(0, aims.size())
            .mapToDouble(i -> IntStream.of(image).mapToDouble(p -> positions[i][p]).sum())
            .toArray();
    return new Screen(aims, positions, shares);
  }

  /// What every position brings to an aim, if the aim is one of these; a copy.
  Optional<double[]> positions(Target.Aim aim) {
    int at = positions.length == 0 ? -1 : aims.indexOf(aim);
    return at < 0 ? Optional.empty() : Optional.of(positions[at].clone());
  }
}
