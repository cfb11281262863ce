package dev.lynceus.cli;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Selection;
import dev.lynceus.report.StaticPage;
import dev.lynceus.tensor.file.InputFile;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus data show`: a data set as it is read.
@Command(
    name = "show",
    header =
        "Tell the format of a data set, how many rows and kinds it has, its faults, and examples.",
    description = {
      "",
      "Reads a file or a folder of any format that is known, as other commands read it for --dataset.",
      "No model is needed.",
      ""
    },
    sortOptions = false)
final class DataShowCommand implements Callable<Integer> {
  /// The longer side of a picture on the sheet, in pixels.
  private static final int SIDE = 224;

  private final Console console;

  @Parameters(
      paramLabel = "FILE",
      description = "A file or a folder; see docs/reference/data.md for what is read.")
  String source = "";

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N rows.")
  @Nullable Integer limit;

  @Option(
      names = "--examples",
      defaultValue = "3",
      paramLabel = "N",
      description = "How many rows are shown. Default: ${DEFAULT-VALUE}.")
  int examples;

  @Written(Written.As.FILE)
  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "A page with the pictures of the rows that are shown.")
  @Nullable String sheet;

  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  DataShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int rows = limit == null ? Integer.MAX_VALUE : limit;
    OutputFile page = sheet == null ? null : OutputFile.checked(sheet, result.force, console);
    Selection selection = datasets.selection(rows);
    DataSet data = datasets.open(InputFile.REQUEST.path(source), rows, console);
    DataFacts facts = DataFacts.of(data, selection, examples);
    if (page != null) {
      page.write(page(data, facts));
    }
    result.give(
        console,
        () -> facts.text() + (page == null ? "" : "sheet: " + page.path() + "\n"),
        () -> facts);
    return 0;
  }

  private String page(DataSet data, DataFacts facts) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    List<Example> shown = data.examples().stream().limit(examples).toList();
    List<String> unread = new ArrayList<>();
    for (Example one : shown) {
      for (ImageSource image : one.images()) {
        try {
          shots.add(
              new StaticPage.Shot(
                  one.id() + (one.question().isEmpty() ? "" : ": " + one.question()),
                  String.join(" · ", one.answers().stream().distinct().limit(5).toList()),
                  small(image.read().toBufferedImage())));
        } catch (LynceusException e) {
          unread.add(one.id() + ": " + e.getMessage());
        }
      }
    }
    return new StaticPage(
            data.name(),
            facts.lead(),
            List.of(
                new StaticPage.Section(
                    "Rows",
                    "The first rows that are selected: their pictures, questions and answers.",
                    List.of(
                        new StaticPage.Gallery(shots),
                        new StaticPage.Text(
                            unread.isEmpty()
                                ? ""
                                : "Not read: " + String.join("; ", unread) + ".")),
                    "")),
            console.commandLine())
        .html();
  }

  private static BufferedImage small(BufferedImage image) {
    double scale = Math.min(1., (double) SIDE / Math.max(image.getWidth(), image.getHeight()));
    int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return small;
  }
}
