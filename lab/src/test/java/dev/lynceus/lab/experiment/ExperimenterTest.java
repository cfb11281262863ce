package dev.lynceus.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.data.Item;
import dev.lynceus.lab.data.WorldData;
import dev.lynceus.lab.procedure.Procedures;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.file.Npz;
import dev.lynceus.tensor.file.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExperimenterTest {
  private static LoadedModel model;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    model = LoadedModel.load("pupil", LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static DataSet world(int scenes) {
    return WorldData.of(77, scenes, SceneRecipe.FREE);
  }

  private static Experiment experiment(DataSet data, String procedure, String... settings) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return new Experiment(
        data, "", Procedures.named(procedure, given), List.of(1L), "", List.of("test"), "");
  }

  private RunInfo run(RunStore store, Experiment experiment) {
    return new Experimenter(store, "test", Progress.NONE).run(model, experiment);
  }

  private RunStore store(String name) {
    return new RunStore(folder.resolve(name));
  }

  /// All cells but the seconds, which no two runs share.
  private static List<List<Object>> cells(RunStore store, RunInfo run, Table table) {
    return Duck.ask(
            List.of(),
            "SELECT * %s FROM %s"
                .formatted(
                    table == Table.EXAMPLES ? "EXCLUDE (seconds, run_id)" : "EXCLUDE (run_id)",
                    Duck.quoted(Tables.file(store.folder(run.id()), table))))
        .rows()
        .stream()
        .map(row -> row.stream().map(cell -> (Object) String.valueOf(cell)).toList())
        .toList();
  }

  @Test
  void anExperimentGivesARowForEachExample() {
    RunStore store = store("a");
    DataSet data = world(4);
    RunInfo run = run(store, experiment(data, "answer"));

    assertThat(run.state()).isEqualTo(RunInfo.State.DONE);
    assertThat(run.done()).isEqualTo(data.items().size()).isEqualTo(run.total());
    assertThat(run.failed()).isZero();
    assertThat(run.correct()).isGreaterThan(run.judged() * 8 / 10);
    assertThat(store.find(run.id().substring(0, 9))).isEqualTo(run);
    assertThat(cells(store, run, Table.EXAMPLES)).hasSize(data.items().size());
    Summary summary = Summary.of(store.folder(run.id()));
    Summary.Line correct = summary.of(Measured.CORRECT).getFirst();
    assertThat(correct.mean().value()).isEqualTo(run.correct() / (double) run.judged());
    assertThat(correct.pictures()).isEqualTo(4);
    assertThat(correct.rows()).isEqualTo(run.judged());
  }

  @Test
  void aRunThatWasStoppedGoesOnWithoutLossOrRepetition() {
    RunStore whole = store("whole");
    RunStore cut = store("cut");
    Experiment experiment = experiment(world(3), "answer");
    RunInfo one = run(whole, experiment);
    List<Long> asked = new ArrayList<>();
    Progress impatient =
        new Progress() {
          @Override
          public void at(String stage, long done, long total) {
            asked.add(done);
          }

          @Override
          public boolean cancelled() {
            return asked.size() >= 5;
          }
        };
    RunInfo stopped = new Experimenter(cut, "test", impatient).run(model, experiment);

    assertThat(stopped.state()).isEqualTo(RunInfo.State.STOPPED);
    assertThat(stopped.done()).isEqualTo(5);
    assertThat(cells(cut, stopped, Table.EXAMPLES)).hasSize(5);
    asked.clear();
    List<Long> later = new ArrayList<>();
    RunInfo rest =
        new Experimenter(cut, "test", (stage, done, total) -> later.add(done))
            .run(model, experiment);
    assertThat(later).startsWith(5L).endsWith((long) rest.total());
    assertThat(later).hasSize(rest.total() - 5 + 1);
    assertThat(rest.id()).isEqualTo(one.id());
    for (Table table : List.of(Table.EXAMPLES, Table.UNITS)) {
      assertThat(cells(cut, rest, table)).isEqualTo(cells(whole, one, table));
    }
    later.clear();
    RunInfo again =
        new Experimenter(cut, "test", (stage, done, total) -> later.add(done))
            .run(model, experiment);
    assertThat(again.done()).isEqualTo(rest.total());
    assertThat(later).as("nothing is done twice").hasSize(1);
  }

  /// A data set whose first picture is another one.
  private static DataSet with(DataSet data, ImageSource image) {
    List<Item> items = new ArrayList<>(data.items());
    Example first = ((Item.Good) items.getFirst()).example();
    items.set(
        0,
        new Item.Good(
            new Example(
                first.id(),
                first.origin(),
                List.of(image),
                first.passage(),
                first.question(),
                first.answers(),
                first.choices(),
                first.kind(),
                first.regions(),
                first.fields())));
    return new DataSet(data.name(), data.format(), data.digest(), items);
  }

  /// A picture under a name.
  private record Shown(String name, RgbImage image) implements ImageSource {
    @Override
    public RgbImage read() {
      return image;
    }
  }

  /// A file that is no picture.
  private record Broken(String name) implements ImageSource {
    @Override
    public RgbImage read() {
      throw new LynceusException(ErrorCode.BAD_IMAGE, "no picture at all", "Give another.");
    }
  }

  @Test
  void aBrokenPictureIsARowOfItsOwn() {
    RunStore store = store("broken");
    DataSet data = with(world(1), new Broken("x"));
    RunInfo run = run(store, experiment(data, "answer"));

    assertThat(run.state()).isEqualTo(RunInfo.State.DONE);
    assertThat(run.failed()).isEqualTo(1);
    assertThat(cells(store, run, Table.EXAMPLES).getFirst()).contains("no picture at all");
    assertThat(run.done()).isEqualTo(data.items().size());
  }

  @Test
  void aPictureThatChangedIsNotTakenForTheOldOne() {
    RunStore store = store("changed");
    DataSet data = world(1);
    run(store, experiment(data, "answer"));
    RgbImage other = ((Item.Good) world(2).items().getLast()).example().images().getFirst().read();
    DataSet changed = with(data, new Shown("x", other));

    assertThatThrownBy(() -> run(store, experiment(changed, "answer")))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("a picture of row 1 of world has changed");
  }

  @ParameterizedTest
  @EnumSource(Procedures.class)
  void everyProcedureFillsItsTables(Procedures procedure) {
    RunStore store = store(procedure.word());
    DataSet all = world(1);
    List<Item> few =
        all.items().stream()
            .filter(item -> ((Item.Good) item).example().kind().equals("colour"))
            .toList();
    RunInfo run = run(store, experiment(new DataSet("w", "world", "1", few), procedure.word()));

    assertThat(run.failed()).as(cells(store, run, Table.EXAMPLES).toString()).isZero();
    // A mark disturbs a model that was never shown one.
    if (procedure != Procedures.MARK) {
      assertThat(run.correct()).isEqualTo(run.judged());
    }
    assertThat(Tables.present(store.folder(run.id())))
        .contains(
            switch (procedure) {
              case ANSWER, CHOOSE, HEADS, DESCRIBE, MARK, THINK, VOTE -> "units";
              case MAPS -> "maps";
              case EVIDENCE -> "evidence";
            });
  }

  @Test
  void tablesAreWrittenInEveryForm() throws IOException {
    RunStore store = store("forms");
    RunInfo run =
        run(store, experiment(world(1), "maps", "methods", "top-heads,centre", "steps", "0"));
    Path own = store.folder(run.id());
    for (Tables.Form form : Tables.Form.values()) {
      Tables.export(own, Table.MAPS, form, folder.resolve("maps." + form.ending()));
    }

    int maps = cells(store, run, Table.MAPS).size();
    assertThat(Files.readAllLines(folder.resolve("maps.jsonl"))).hasSize(maps);
    assertThat(Files.readString(folder.resolve("maps.csv")))
        .startsWith("run_id,example,seed,method");
    assertThat(Npz.read(folder.resolve("maps.npz"))).hasSize(maps);
    try (Safetensors arrays = Safetensors.open(folder.resolve("maps.safetensors"))) {
      assertThat(arrays.names()).hasSize(maps);
    }
    assertThatThrownBy(
            () -> Tables.export(own, Table.UNITS, Tables.Form.NPZ, folder.resolve("units.npz")))
        .hasMessageContaining("has none");
    assertThatThrownBy(
            () -> Tables.export(own, Table.EVIDENCE, Tables.Form.CSV, folder.resolve("e.csv")))
        .hasMessageContaining("has no table evidence");
  }

  @Test
  void aRunIsLikeItselfAndDeletedWhole() {
    RunStore store = store("like");
    RunInfo run = run(store, experiment(world(2), "answer"));
    Path own = store.folder(run.id());

    for (Compared.Line line : Compared.of(own, own).lines()) {
      assertThat(line.difference().value()).isZero();
      assertThat(line.p()).isEqualTo(1);
    }
    RunInfo named = store.label(run, "mine", List.of("a", "b"), "a note");
    assertThat(store.find("mine")).isEqualTo(named);
    RunInfo other = store.label(run(store, experiment(world(1), "answer")), "mine", List.of(), "");
    assertThat(store.find("mine").name()).as("a name may be used again").isEqualTo("mine");
    store.delete(other);
    store.delete(named);
    assertThat(store.all()).isEmpty();
    assertThat(own).doesNotExist();
    assertThatThrownBy(() -> store.find("mine")).hasMessageContaining("there is no run 'mine'");
  }
}
