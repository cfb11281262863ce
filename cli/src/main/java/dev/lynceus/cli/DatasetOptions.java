package dev.lynceus.cli;

import dev.lynceus.lab.data.DataFormat;
import dev.lynceus.lab.data.DataOptions;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.DataSets;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.Selection;
import dev.lynceus.lab.data.Split;
import dev.lynceus.lab.data.Where;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a data set is read, and which of its rows are used.
final class DatasetOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "The data set's format, where its contents are not to decide; see docs/reference/data.md.")
  @Nullable String format;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "Where the pictures of the data set lie. Default: its own folder.")
  @Nullable String images;

  @Option(
      names = "--annotations",
      paramLabel = "FILE",
      description = {
        "What belongs to the data set and stands in another file: annotations of VQAv2, instances",
        "of RefCOCO and COCO."
      })
  List<String> annotations = List.of();

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Only rows of this split, where the data set tells splits.")
  String split = "";

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description = {
        "Only rows for which it holds: FIELD=VALUE, or with !=, <, <=, >, >=, ~ (contains).",
        "Given several times, all must hold."
      })
  List<String> where = List.of();

  @Option(
      names = "--part",
      paramLabel = "PART",
      description = {
        "Only one side of the data: train:0.8 or test:0.8, so that no picture is on both. By a",
        "field in place of the picture: train:0.8:FIELD; with another seed: train:0.8@3."
      })
  @Nullable String part;

  @Option(
      names = "--shuffle",
      paramLabel = "SEED",
      description = "Take the rows in an order that this seed decides.")
  @Nullable Long shuffle;

  @Option(
      names = "--images-anywhere",
      description = {
        "Pictures of a file of questions may lie outside of its folder; give it for files of your",
        "own only."
      })
  boolean anywhere;

  /// The rows that are asked for. What looks like a slip of the pen in them is noted on stderr.
  ///
  /// @param limit most of them
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST as [DataSets#open], and for options
  ///   that mean nothing
  DataSet open(Path file, int limit, Console console) {
    Selection selection = selection(limit);
    boolean first = selection.keepsFaults() && shuffle == null;
    DataSet data = selection.of(DataSets.open(file, first ? data().withLimit(limit) : data()));
    data.slips().forEach(slip -> console.err().println("note: " + data.name() + ": " + slip));
    return data;
  }

  /// The examples of a data set of which every row is wanted.
  ///
  /// @throws dev.lynceus.error.LynceusException as [#open], and what is wrong with the first broken
  ///   row
  List<Example> examples(Path file, int limit, Console console) {
    DataSet data = open(file, limit, console);
    data.faults().stream()
        .findFirst()
        .ifPresent(broken -> {
          throw broken.fault();
        });
    return data.examples();
  }

  /// How it is read.
  DataOptions data() {
    return DataOptions.DEFAULT
        .withFormat(format == null ? null : DataFormat.parse(format))
        .withImages(images == null ? null : InputFile.REQUEST.path(images))
        .withBeside(annotations.stream().map(InputFile.REQUEST::path).toList())
        .withSplit(split)
        .withAnywhere(anywhere);
  }

  /// Which rows are used.
  Selection selection(int limit) {
    return new Selection(
        where.stream().map(Where::parse).toList(),
        part == null ? null : Split.parse(part),
        shuffle,
        limit);
  }
}
