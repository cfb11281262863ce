package dev.lynceus.lab.literacy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.strategy.Speaker;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// An item as it is put to a model: a generated one, or one of a file.
///
/// @param id unique in its suite
/// @param chart kind of the chart, as the suite or the file calls it
/// @param task two letters, for example `RV`; empty where a file names another
/// @param variant as the suite has it; empty for items of files
/// @param options what can be answered, the option that passes over not among them
/// @param key number of the right one
/// @param omit what that option is called
/// @param made the generated item; empty for items of files
/// @param side width and height of pictures of generated items
/// @param picture of items of files, where it is there
/// @param difficulty share of people who answer it rightly (P), where a file tells it
public record LiteracyItem(
    String id,
    String chart,
    String task,
    String variant,
    String question,
    List<String> options,
    int key,
    String omit,
    Optional<ChartItem> made,
    int side,
    Optional<ImageSource> picture,
    OptionalDouble difficulty) {
  private static final String OMIT = "Omit";

  public LiteracyItem {
    options = List.copyOf(options);
  }

  /// A generated item as a picture of that side.
  public static LiteracyItem of(ChartItem item, int side) {
    return new LiteracyItem(
        item.id(),
        item.place().chart().label(),
        item.place().task().code(),
        item.place().variant().label(),
        item.question(),
        item.options(),
        item.key(),
        OMIT,
        Optional.of(item),
        side,
        Optional.empty(),
        OptionalDouble.empty());
  }

  /// The items of a file: rows whose options have the answer among them. A picture that is not
  /// there leaves an item without one.
  public static List<LiteracyItem> of(DataSet data) {
    List<LiteracyItem> items = new ArrayList<>();
    for (Example example : data.examples()) {
      int key =
          example.answers().isEmpty()
              ? -1
              : example.choices().indexOf(example.answers().getFirst());
      if (key >= 0 && example.choices().size() > 1) {
        items.add(of(example, key));
      }
    }
    return items;
  }

  private static LiteracyItem of(Example example, int key) {
    Optional<ImageSource> picture =
        example.images().stream()
            .filter(source -> source.file().isEmpty() || Files.exists(source.file().get()))
            .findFirst();
    return new LiteracyItem(
        example.id(),
        example.fields().getOrDefault("chartType", example.kind()),
        ChartTask.named(example.fields().getOrDefault("task", example.kind()))
            .map(ChartTask::code)
            .orElse(""),
        "",
        example.question(),
        example.choices(),
        key,
        example.fields().getOrDefault("omit", OMIT),
        Optional.empty(),
        0,
        picture,
        number(example.fields().getOrDefault("P", "")));
  }

  private static OptionalDouble number(String text) {
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /// Whether it can be shown so.
  public boolean has(Seen seen) {
    return switch (seen) {
      case NONE -> true;
      case OWN, BLANK -> made.isPresent() || picture.isPresent();
      case SWAPPED -> made.isPresent();
      case NO_LEGEND -> made.map(item -> !item.chart().legend().isEmpty()).orElse(false);
    };
  }

  /// What is shown; empty for no picture.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_IMAGE for a file that is none
  public Optional<RgbImage> image(Seen seen) {
    return switch (seen) {
      case NONE -> Optional.empty();
      case OWN ->
          made.map(item -> drawn(item.chart()).image()).or(() -> picture.map(ImageSource::read));
      case BLANK -> image(Seen.OWN).map(Speaker::blank);
      case SWAPPED -> made.map(item -> drawn(item.swapped()).image());
      case NO_LEGEND -> made.map(item -> drawn(item.chart()).withoutLegend());
    };
  }

  /// The chart of a generated item.
  public Optional<Drawn> drawn() {
    return made.map(item -> drawn(item.chart()));
  }

  private Drawn drawn(Chart chart) {
    return ChartPainter.draw(chart, side, side);
  }

  /// The option that is right of what is shown; -1 where that is not known.
  public int right(Seen seen) {
    return switch (seen) {
      case OWN, NO_LEGEND -> key;
      case SWAPPED -> made.map(ChartItem::swappedKey).orElse(-1);
      case NONE, BLANK -> -1;
    };
  }

  /// Chance of a right answer by guessing.
  public double chance() {
    return 1.0 / options.size();
  }

  /// A few words for tables, for example `bar RV`.
  public String place() {
    return (chart
            + " "
            + task
            + (variant.isEmpty() || variant.equals("plain") ? "" : " " + variant))
        .strip();
  }
}
