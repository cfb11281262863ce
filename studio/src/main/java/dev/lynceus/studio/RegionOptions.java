package dev.lynceus.studio;

import dev.lynceus.request.Measure;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.RegionRequest;
import dev.lynceus.request.Requests;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The options of `lynceus region` that ask what a request does.
record RegionOptions(RegionRequest request) {

  /// The same region with all else at its default.
  static RegionRequest plain(RegionRequest like) {
    return Requests.usual(like, "model", "question", "region");
  }

  /// What no option says.
  ///
  /// @param path the name of a picture
  /// @param options to which those are added that say the rest
  RegionRequest rest(Function<PictureRef, String> path, List<String> options) {
    RegionRequest plain = plain(request);
    switch (request.region()) {
      case RegionRequest.Rectangle(int left, int top, int right, int bottom) ->
          options.add("--box %d,%d,%d,%d".formatted(left, top, right, bottom));
      case RegionRequest.Mask(PictureRef mask) ->
          options.add("--mask " + Commands.quoted(path.apply(mask)));
    }
    Measure measure = Commands.measured(request.measure(), options);
    number("--of", request.of(), plain.of(), options);
    if (request.space() != plain.space()) {
      options.add("--space " + word(request.space()));
    }
    if (!request.fills().equals(plain.fills())) {
      options.add(
          "--fill "
              + (request.fills().isEmpty()
                  ? "none"
                  : request.fills().stream()
                      .map(RegionOptions::word)
                      .collect(Collectors.joining(","))));
    }
    number("--draws", request.draws(), plain.draws(), options);
    number("--controls", request.controls(), plain.controls(), options);
    number("--seed", request.seed(), plain.seed(), options);
    return Requests.with(plain, "measure", measure);
  }

  private static String word(Object choice) {
    return choice.toString().toLowerCase(Locale.ROOT);
  }

  private static void number(String option, long value, long usual, List<String> options) {
    if (value != usual) {
      options.add(option + " " + value);
    }
  }
}
