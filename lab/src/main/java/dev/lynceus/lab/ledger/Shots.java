package dev.lynceus.lab.ledger;

import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.picture.Operation;
import dev.lynceus.lab.strategy.Transcript;
import dev.lynceus.request.StrategyRequest;
import dev.lynceus.request.StrategyResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/// The pictures of a transcript, each once.
final class Shots {
  /// Larger pictures are made smaller for the ledger; the model sees them as they are.
  private static final int SIDE = 384;

  private final Map<RgbImage, StrategyResult.Shot> known = new LinkedHashMap<>();

  private Shots() {}

  static StrategyResult result(
      StrategyRequest request, Transcript transcript, StrategyLedgers.Found found) {
    Shots shots = new Shots();
    List<StrategyResult.Step> steps = new ArrayList<>();
    for (Transcript.Turn turn : transcript.turns()) {
      steps.add(
          new StrategyResult.Step(
              turn.number(),
              found.names().apply(turn),
              StrategyResult.Answering.valueOf(turn.answering().name()),
              turn.images().stream().map(image -> shots.of(image).sha256()).toList(),
              turn.words(),
              turn.answer(),
              turn.choice()
                  .map(choice ->
                      IntStream.range(0, choice.labels().size())
                          .mapToObj(i ->
                              new StrategyResult.Option(
                                  choice.labels().get(i), choice.probabilities().get(i)))
                          .toList())
                  .orElse(List.of()),
              turn.edited()));
    }
    return new StrategyResult(
        request.strategy().name().toLowerCase(Locale.ROOT),
        request.question().text(),
        found.conclusion(),
        found.prompts(),
        steps,
        found.ways(),
        List.copyOf(shots.known.values()),
        found.notes());
  }

  private StrategyResult.Shot of(RgbImage image) {
    return known.computeIfAbsent(image, Shots::made);
  }

  private static StrategyResult.Shot made(RgbImage image) {
    int longer = Math.max(image.width(), image.height());
    RgbImage small =
        longer <= SIDE
            ? image
            : new Operation.Resize(
                    Math.max(1, image.width() * SIDE / longer),
                    Math.max(1, image.height() * SIDE / longer),
                    ResampleFilter.BICUBIC)
                .apply(image);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(small.toBufferedImage(), "png", bytes);
      return new StrategyResult.Shot(
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray())),
          small.width(),
          small.height(),
          Base64.getEncoder().encodeToString(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
