package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Resample;
import dev.lynceus.image.ResampleFilter;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Where;
import dev.lynceus.lab.procedure.Procedures;
import dev.lynceus.studio.Route.Body;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a client can ask about data sets.
final class DataRoutes {
  private static final int MOST_LISTED = 200;
  private static final int MOST_CONDITIONS = 20;
  private static final int THUMB = 96;

  private final DataShelf data;
  private final PictureShelf pictures;
  private final Trials trials;
  private @Nullable Shown last;

  DataRoutes(DataShelf data, PictureShelf pictures, Trials trials) {
    this.data = data;
    this.pictures = pictures;
    this.trials = trials;
  }

  /// The grid that was shown last.
  private record Shown(DataSet data, Optional<String> run, Grid grid) {}

  /// What can be done with a row.
  record ProcedureInfo(String name, String what) {}

  /// Data sets that may be opened, and what can be done with their rows.
  record DataList(List<DataShelf.Known> sets, List<ProcedureInfo> procedures) {}

  List<Route> all() {
    return List.of(
        Route.get(
            "/api/data",
            "The data sets that may be opened, and the procedures of the lab.",
            Body.json("DataList"),
            call -> Reply.json(list())),
        Route.get(
                "/api/data/rows",
                "Rows of a data set, filtered and sorted.",
                Body.json("Page"),
                this::rows)
            .query("set", "its name, or world:SEED:SCENES")
            .query("where", "a condition, `kind=colour`; lines of several, all of which must hold")
            .query("sort", "a column; with - before it from the greatest")
            .query("from", "the first row, from 0")
            .query("most", "rows in a page, at most " + MOST_LISTED)
            .query("run", "a run over this data set, whose findings stand beside the rows"),
        Route.get(
                "/api/data/runs",
                "Runs of procedures over a data set, the newest first.",
                Body.json("RunInfo[]"),
                call -> Reply.json(trials.over(set(call))))
            .query("set", "its name"),
        Route.get(
                "/api/data/picture",
                "A picture of a row, small.",
                Body.of("image/png"),
                this::picture)
            .query("set", "name of the data set")
            .query("row", "its number, from 0")
            .query("image", "which picture of the row, from 0"),
        Route.post(
                "/api/data/pictures",
                "Takes the pictures of a row into the library, to ask about them.",
                Body.NONE,
                Body.json("PictureInfo[]"),
                201,
                this::take)
            .query("set", "name of the data set")
            .query("row", "its number, from 0"));
  }

  private DataList list() {
    return new DataList(
        data.all(),
        Arrays.stream(Procedures.values())
            .map(one -> new ProcedureInfo(one.word(), one.what()))
            .toList());
  }

  private static String set(Call call) {
    return call.query("set").orElseThrow(() -> bad("set is not given"));
  }

  private static int whole(Call call, String name, int otherwise) {
    try {
      int number = call.query(name).map(Integer::parseInt).orElse(otherwise);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw bad(name + " is no whole number");
  }

  private synchronized Grid grid(String name, Optional<String> run) {
    DataSet set = data.open(name);
    Shown known = last;
    if (known != null && known.data().digest().equals(set.digest()) && known.run().equals(run)) {
      return known.grid();
    }
    Grid grid =
        new Grid(set, run.<Map<String, Map<String, String>>>map(trials::cells).orElse(Map.of()));
    last = new Shown(set, run, grid);
    return grid;
  }

  private Reply rows(Call call) {
    List<Where> where =
        call.query("where").stream()
            .flatMap(String::lines)
            .filter(line -> !line.isBlank())
            .limit(MOST_CONDITIONS)
            .map(Where::parse)
            .toList();
    int most = whole(call, "most", 100);
    if (most < 1 || most > MOST_LISTED) {
      throw bad("most is not between 1 and " + MOST_LISTED);
    }
    return Reply.json(
        grid(set(call), call.query("run"))
            .page(where, call.query("sort"), whole(call, "from", 0), most));
  }

  private Example row(Call call) {
    return grid(set(call), Optional.empty()).example(whole(call, "row", 0));
  }

  private Reply picture(Call call) {
    List<ImageSource> images = row(call).images();
    int number = whole(call, "image", 0);
    if (number >= images.size()) {
      throw Problem.notFound("the row has no such picture");
    }
    byte[] small = pictures.made(() -> PictureShelf.png(thumb(images.get(number).read())));
    return new Reply.Whole(
        200, "image/png", small, Map.of("Cache-Control", "private, max-age=3600"));
  }

  private static RgbImage thumb(RgbImage image) {
    double scale = Math.min(1, (double) THUMB / Math.max(image.width(), image.height()));
    return scale == 1
        ? image
        : Resample.resize(
            image,
            (int) Math.max(1, Math.round(scale * image.width())),
            (int) Math.max(1, Math.round(scale * image.height())),
            ResampleFilter.BICUBIC);
  }

  private Reply take(Call call) {
    return Reply.json(
        201,
        row(call).images().stream()
            .map(one ->
                Objects.requireNonNull(
                    pictures.made(
                        () -> pictures.keep(one.read(), one.name().replaceAll(".*/", "")))))
            .toList());
  }

  private static LynceusException bad(String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST, what, "/openapi.json tells what is expected.");
  }
}
