package dev.lynceus.pupil;

import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.ChartDomain;
import dev.lynceus.pupil.world.WorldDomain;
import dev.lynceus.run.Domain;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// What the bundled models were made for. They are known by what is in their files, so that a copy
/// of them is known, too.
public final class PupilDomain implements Domain.Known {
  /// More bytes than the weights of a bundled model take: larger ones need not be read.
  private static final long MOST_BYTES = 1 << 25;

  static final String PUPIL = "0f05c3aea1dc5a5e9af70ad093d53a4d0c37225a91e1d501f62ef5b6bbe1a903";
  static final String BASE = "ce280c6e571ff0e1dcaa54f8a205ee38725513837333ba2fa95652a54347b722";

  static final String BLIP = "f196118f2ae2cec1275ab84bbbfc5ff3e94b894ea037552163047fab1b5c5d3b";

  static final String SKILLED = "a427d490d1c4f2cdd940bfb5605a8dcc108dd1aa705c5342ef1e0cb0750c36b1";

  static final String CHARTS = "01b4789507ea135dd9cce6fcb6bf78ce5a366e5525f129a914b2a8f735ba71a1";

  private static final String DESCRIBE = "Describe the image.";
  private static final String OUTSIDE = "outside of what this model was made for: ";

  @Override
  public Optional<Domain> of(Checkpoint checkpoint) {
    if (checkpoint.bytes() > MOST_BYTES) {
      return Optional.empty();
    }
    return switch (checkpoint.fingerprint()) {
      case PUPIL ->
          Optional.of(
              new Ruled(
                  (asked, seen) -> WorldDomain.outside(asked, seen, true), WorldDomain::knows));
      case SKILLED -> Optional.of(new Ruled(WorldDomain::outsideOfSkills, WorldDomain::knows));
      case CHARTS -> Optional.of(new Ruled(ChartDomain::outside, word -> false));
      case BLIP -> Optional.of(new Ruled(PupilDomain::answering, WorldDomain::knows));
      case BASE ->
          Optional.of(
              new Ruled(
                  (asked, seen) -> WorldDomain.outside(asked, seen, false), WorldDomain::knows));
      default -> Optional.empty();
    };
  }

  /// What a model was made for, as a rule of the world tells it.
  ///
  /// @param known whether a word names something that it was taught
  private record Ruled(
      BiFunction<List<Message>, List<RgbImage>, List<String>> rule, Predicate<String> known)
      implements Domain {
    @Override
    public List<String> outside(List<Message> messages, List<RgbImage> pictures) {
      return rule.apply(messages, pictures).stream().map(reason -> OUTSIDE + reason).toList();
    }

    @Override
    public boolean knows(String word) {
      return known.test(word);
    }
  }

  /// The world of a model that sees and answers with a word or two.
  private static List<String> answering(List<Message> messages, List<RgbImage> pictures) {
    List<String> outside = new ArrayList<>(WorldDomain.outside(messages, pictures, true));
    if (messages.getLast().text().equals(DESCRIBE)) {
      outside.add("it answers with a word or two, and was never taught to describe");
    }
    return outside;
  }
}
