package dev.lynceus.method.score;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Says which of several maps to trust, and how sure that is, as [AdviserFit] learnt it on
/// questions whose truth is known. It holds for one model and for questions like those.
///
/// The chance that a method's strongest patch is right is first a logistic sum of what needs no
/// truth, its signs on this picture and how the question begins:
///
/// ```text
/// p = 1 / (1 + exp(-(bias + form + sum of weight * (sign - mean) / scale)))
/// ```
///
/// and then what held-out questions with such a `p` came to.
///
/// @param revision checkpoint that it was fitted on
/// @param steps points of the curves that it was fitted with
/// @param choice how it chooses: by the picture or the form only where that was shown to pay
/// @param judges of the methods, which must be compared together; the first is right most often
/// @param forms for each beginning of a question the number of the method that was right most
///   often, and how many questions began so
/// @param groups held-out questions by how sure it was of what it chose, the least sure first
/// @param tried how good it was on questions that it was not fitted on
public record Adviser(
    String revision,
    int steps,
    Advice.Choice choice,
    List<JudgeOf> judges,
    Map<String, Form> forms,
    List<Group> groups,
    Tried tried) {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// No sign counts by more than this many of its scales.
  private static final double FARTHEST = 4;

  /// What a number tells.
  ///
  /// @param name of the sign
  /// @param mean over the questions that were fitted on
  /// @param scale their deviation, above 0
  /// @param weight of the sign, in deviations
  /// @param low least value among them
  /// @param high largest value
  public record Weighed(
      String name, double mean, double scale, double weight, double low, double high) {
    double of(double value) {
      return weight * Math.clamp((value - mean) / scale, -FARTHEST, FARTHEST);
    }
  }

  /// How sure a method is.
  ///
  /// @param hit share of the questions that were fitted on in which its strongest patch was right
  /// @param bias of the sum
  /// @param signs in the order of the signs
  /// @param forms what each beginning of a question adds
  public record JudgeOf(
      String method, double hit, double bias, List<Weighed> signs, Map<String, Double> forms) {
    public JudgeOf {
      signs = List.copyOf(signs);
      forms = ordered(forms);
    }

    double sure(String form, double[] values) {
      double sum = bias + forms.getOrDefault(form, 0.);
      for (int s = 0; s < signs.size(); s++) {
        sum += signs.get(s).of(values[s]);
      }
      return 1 / (1 + Math.exp(-sum));
    }
  }

  /// A beginning of questions.
  ///
  /// @param best number of the method that was right most often where questions begin so
  /// @param questions how many did
  public record Form(int best, int questions) {}

  /// Held-out questions about as sure as each other.
  ///
  /// @param from the least probability that the sum gives in it; it ends where the next begins
  /// @param right share of them in which the chosen map was right
  public record Group(double from, Estimate right) {}

  /// How good ways to choose were on questions that nothing was fitted on.
  ///
  /// @param questions how many
  /// @param pictures that they are about; questions of one picture were never on both sides
  /// @param ways each way to choose, that which takes one method always first
  /// @param brier mean square of what its probability, after the groups, was off, 0 to 1
  /// @param plain the same for one share told for every question
  public record Tried(int questions, int pictures, List<Way> ways, double brier, double plain) {
    public Tried {
      ways = List.copyOf(ways);
    }

    /// A way to choose by its name.
    public Way way(String name) {
      return ways.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }
  }

  /// A way to choose a map.
  ///
  /// @param name of it
  /// @param what it is
  /// @param hit share of the questions in which the chosen map's strongest patch was right
  /// @param gain of it over taking one method always, picture by picture
  /// @param p probability, 0 to 1, two-sided, of such a gain by chance
  /// @param holm the same, corrected for the ways that are candidates (Holm 1979); 1 for the others
  public record Way(String name, String what, Estimate hit, Estimate gain, double p, double holm) {}

  public Adviser {
    judges = List.copyOf(judges);
    forms = ordered(forms);
    groups = List.copyOf(groups);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// Which map to trust; empty where not all of its methods are compared, or deletion and insertion
  /// were not measured.
  public Optional<Advice> advise(Comparison found) {
    int[] places = places(found, judges.stream().map(JudgeOf::method).toList());
    if (places.length == 0) {
      return Optional.empty();
    }
    Signs signs = Signs.of(found, places);
    if (!signs.known()) {
      return Optional.empty();
    }
    double[] sure = sure(signs);
    int chosen = chosen(signs, sure);
    List<Advice.Sign> own = new ArrayList<>();
    JudgeOf judge = judges.get(chosen);
    for (int s = 0; s < judge.signs().size(); s++) {
      Weighed one = judge.signs().get(s);
      own.add(new Advice.Sign(one.name(), signs.values()[chosen][s], one.low(), one.high()));
    }
    List<Advice.Sure> others =
        IntStream.range(0, sure.length)
            .filter(i -> i != chosen)
            .mapToObj(i -> new Advice.Sure(judges.get(i).method(), sure[i]))
            .sorted(Comparator.comparingDouble((Advice.Sure one) -> -one.sure()))
            .toList();
    return Optional.of(
        new Advice(
            judge.method(),
            group(groups, sure[chosen]).right(),
            choice,
            paying(),
            own,
            others,
            doubts(found, signs.form(), own)));
  }

  private List<String> doubts(Comparison found, String form, List<Advice.Sign> own) {
    List<String> doubts = new ArrayList<>();
    if (!forms.containsKey(form)) {
      doubts.add("no question that it was fitted on begins “%s”".formatted(form));
    }
    for (Advice.Sign one : own) {
      if (one.outside()) {
        doubts.add(
            "%s %s is outside of what it was fitted on (%s to %s)"
                .formatted(
                    one.name(),
                    Spoken.number(one.value()),
                    Spoken.number(one.low()),
                    Spoken.number(one.high())));
      }
    }
    int points = found.methods().getFirst().curves().orElseThrow().parts().length - 1;
    if (points != steps) {
      doubts.add("curves have %d points, not %d".formatted(points, steps));
    }
    return doubts;
  }

  /// Whether choosing pays, as it was tried.
  private String paying() {
    Way always = tried.way(AdviserTrial.ALWAYS);
    Way picture = tried.way(AdviserTrial.PICTURE);
    return switch (choice) {
      case ALWAYS ->
          "It is taken always: on %d held-out questions it was right in %s, and choosing by the picture, %s, is not shown to pay."
              .formatted(tried.questions(), always.hit().text(), picture.hit().text());
      case FORM ->
          "It is chosen by how the question begins: on %d held-out questions such a choice was right in %s, one method taken always in %s."
              .formatted(
                  tried.questions(),
                  tried.way(AdviserTrial.FORM).hit().text(),
                  always.hit().text());
      case PICTURE ->
          "It is chosen by the picture: on %d held-out questions such a choice was right in %s, one method taken always in %s."
              .formatted(tried.questions(), picture.hit().text(), always.hit().text());
    };
  }

  /// The group of a probability.
  static Group group(List<Group> groups, double sure) {
    Group found = groups.getFirst();
    for (Group one : groups) {
      found = sure >= one.from() ? one : found;
    }
    return found;
  }

  /// How sure each method is, by the sum alone.
  double[] sure(Signs signs) {
    return IntStream.range(0, judges.size())
        .mapToDouble(i -> judges.get(i).sure(signs.form(), signs.values()[i]))
        .toArray();
  }

  private int chosen(Signs signs, double[] sure) {
    return switch (choice) {
      case ALWAYS -> 0;
      case FORM -> byForm(signs.form());
      case PICTURE -> best(sure);
    };
  }

  int byForm(String form) {
    Form known = forms.get(form);
    return known == null ? 0 : known.best();
  }

  /// The place of the largest, the first of equals.
  static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /// Where methods are in a comparison; empty unless all are there, with curves.
  static int[] places(Comparison found, List<String> methods) {
    int[] places =
        methods.stream()
            .mapToInt(name ->
                IntStream.range(0, found.methods().size())
                    .filter(i -> found.methods().get(i).method().equals(name))
                    .filter(i -> found.methods().get(i).curves().isPresent())
                    .findFirst()
                    .orElse(-1))
            .toArray();
    return IntStream.of(places).anyMatch(place -> place < 0) ? new int[0] : places;
  }

  /// Checks that this is for a model.
  ///
  /// @throws LynceusException BAD_REQUEST
  public Adviser fitting(String itsRevision) {
    if (!revision.equals(itsRevision)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the adviser was fitted on %s, and knows nothing of %s".formatted(revision, itsRevision),
          "Fit one on this model (--fit-adviser), or leave --adviser out.");
    }
    return this;
  }

  /// As JSON.
  public String json() {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /// Reads JSON.
  ///
  /// @param name what messages call it
  /// @throws LynceusException BAD_REQUEST
  public static Adviser parse(String json, String name) {
    Adviser read;
    try {
      read = MAPPER.readValue(json, Adviser.class);
    } catch (JacksonException | NullPointerException e) {
      throw none(name, e);
    }
    if (read == null || !read.isSane()) {
      throw none(name, null);
    }
    return read;
  }

  private static LynceusException none(String name, @Nullable Exception e) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        name + " holds no adviser",
        "Make such a file with `lynceus compare --dataset FILE --fit-adviser FILE`.",
        e);
  }

  private boolean isSane() {
    return !judges.isEmpty()
        && !groups.isEmpty()
        && !revision.isBlank()
        && judges.size() == new HashSet<>(judges.stream().map(JudgeOf::method).toList()).size()
        && judges.stream().allMatch(Adviser::isSane)
        && forms.values().stream().allMatch(one -> one.best() >= 0 && one.best() < judges.size())
        && tried.ways().stream()
            .map(Way::name)
            .toList()
            .containsAll(List.of(AdviserTrial.ALWAYS, AdviserTrial.FORM, AdviserTrial.PICTURE));
  }

  private static boolean isSane(JudgeOf judge) {
    return Double.isFinite(judge.bias())
        && judge.signs().stream().map(Weighed::name).toList().equals(Signs.NAMES)
        && judge.signs().stream()
            .allMatch(
                one -> one.scale() > 0 && Double.isFinite(one.mean() + one.weight() + one.scale()));
  }
}
