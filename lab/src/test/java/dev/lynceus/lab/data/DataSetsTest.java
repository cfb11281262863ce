package dev.lynceus.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each format is told from its contents, and gives the examples that it holds, no more and no
/// fewer, each with where it stands.
class DataSetsTest {
  @TempDir private Path folder;

  private static DataSet open(Path file) {
    return DataSets.open(file, DataOptions.DEFAULT);
  }

  private static List<String> faults(DataSet data) {
    return data.faults().stream().map(one -> String.valueOf(one.fault().getMessage())).toList();
  }

  private static int rgb(Example example, int picture) {
    var image = example.images().get(picture).read();
    return image.sample(0, 0, 0) << 16 | image.sample(0, 0, 1) << 8 | image.sample(0, 0, 2);
  }

  @Test
  void linesOfOurOwn() throws IOException {
    Path file = Fixtures.lines(folder);
    DataSet data = open(file);

    assertThat(data.format()).isEqualTo("lines");
    assertThat(data.name()).isEqualTo("lines.jsonl");
    assertThat(data.items()).hasSize(7);
    Example first = data.examples().getFirst();
    assertThat(first.id()).isEqualTo("17");
    assertThat(first.origin()).isEqualTo(new Origin(file, 1));
    assertThat(first.question()).isEqualTo("What color is it?");
    assertThat(first.answers()).containsExactly("red");
    assertThat(first.choices()).containsExactly("red", "blue");
    assertThat(first.kind()).isEqualTo("colour");
    assertThat(first.regions()).containsExactly(LabelledRegion.box(0, "", 1, 1, 4, 5));
    assertThat(first.fields())
        .contains(
            entry("id", "17"),
            entry("expected", "red"),
            entry("present", "[\"red car\"]"),
            entry("right", "true"));
    assertThat(rgb(first, 0)).isEqualTo(0xff0000);
    Example second = data.examples().get(1);
    assertThat(second.answers()).as("of annotators all").containsExactly("no", "no", "yes");
    assertThat(second.id()).isEqualTo("2");
    assertThat(data.examples().get(2).origin().row()).as("the line, blanks count").isEqualTo(4);
    assertThat(rgb(data.examples().get(2), 1)).isEqualTo(0x0000ff);
    assertThat(data.examples().get(3).passage()).isEqualTo("The cat sat.");
    assertThat(faults(data))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("line 5 of " + file + " is no question"),
            one -> assertThat(one).isEqualTo("line 7 of " + file + " lacks image"),
            one -> assertThat(one).contains("image ../c.png lies outside of " + folder));
    assertThat(data.digest()).hasSize(64);
    assertThat(open(file).digest()).isEqualTo(data.digest());
  }

  @Test
  void pope() throws IOException {
    DataSet data = open(Fixtures.pope(folder));
    assertThat(data.format()).isEqualTo("pope");
    Example two = data.examples().get(1);
    assertThat(two.id()).isEqualTo("2");
    assertThat(two.question()).isEqualTo("Is there a car in the image?");
    assertThat(two.answers()).containsExactly("no");
    assertThat(two.choices()).containsExactly("yes", "no");
    assertThat(rgb(two, 0)).as("found in val2014").isEqualTo(0x00ff00);
  }

  @Test
  void cocoInstances() throws IOException {
    Path file = Fixtures.coco(folder);
    DataSet data = open(file);
    assertThat(data.format()).isEqualTo("coco");
    Example first = data.examples().getFirst();
    assertThat(first.id()).isEqualTo("139");
    assertThat(rgb(first, 0)).isEqualTo(0x123456);
    assertThat(first.fields()).containsEntry("present", "[\"potted plant\",\"person\"]");
    LabelledRegion plant = first.regions().getFirst();
    assertThat(plant.label()).isEqualTo("potted plant");
    assertThat(List.of(plant.x0(), plant.y0(), plant.x1(), plant.y1()))
        .as("left, top, right, bottom")
        .containsExactly(1.5, 1., 4., 3.);
    assertThat(plant.outline()).containsExactly(List.of(1.5, 1., 4., 1., 4., 3.));
    // Runs of 7 out, 4 in, 2 out, … down columns of 6: rows 1 to 4 of columns 1 to 3.
    assertThat(first.regions().get(1).outline())
        .containsExactly(List.of(1., 1., 4., 1., 4., 5., 1., 5.));
    assertThat(data.examples().get(1).id()).isEqualTo("285");
    assertThat(faults(data))
        .satisfiesExactly(
            one -> assertThat(one).contains("image 3 of ").contains("lacks id or file_name"),
            one -> assertThat(one).contains("annotation 3 of ").contains("polygon"),
            one -> assertThat(one).contains("about image 7, which is not in its list"));
  }

  @Test
  void cocoCaptionsWithInstancesBeside() throws IOException {
    Path instances = Fixtures.coco(folder);
    Path captions = Fixtures.captions(folder);
    Example alone = open(captions).examples().getFirst();
    assertThat(alone.answers()).containsExactly("A room.", "A plant in a room.");
    assertThat(alone.regions()).isEmpty();
    Example both =
        DataSets.open(captions, DataOptions.DEFAULT.withBeside(List.of(instances)))
            .examples()
            .getFirst();
    assertThat(both.answers()).hasSize(2);
    assertThat(both.regions()).hasSize(2);
  }

  @Test
  void vqa() throws IOException {
    Path file = Fixtures.vqa(folder);
    DataSet data = open(file);
    assertThat(data.format()).isEqualTo("vqav2");
    Example first = data.examples().getFirst();
    assertThat(first.id()).isEqualTo("262148000");
    assertThat(first.answers()).hasSize(10).startsWith("down").endsWith("table");
    assertThat(first.answers().stream().filter("down"::equals)).hasSize(7);
    assertThat(first.kind()).isEqualTo("other");
    assertThat(first.fields()).containsEntry("question_type", "where is");
    assertThat(rgb(first, 0)).isEqualTo(0xabcdef);
    assertThat(data.examples().get(1).answers()).as("not annotated").isEmpty();
    assertThat(faults(data)).singleElement().asString().contains("lacks image_id");

    Path other =
        Files.move(folder.resolve("v2_mscoco_val2014_annotations.json"), folder.resolve("an.json"));
    assertThat(open(file).examples().getFirst().answers()).isEmpty();
    assertThat(
            DataSets.open(file, DataOptions.DEFAULT.withBeside(List.of(other)))
                .examples()
                .getFirst()
                .answers())
        .hasSize(10);
    assertThatThrownBy(() -> open(other)).hasMessageContaining("an.json has no rows");
  }

  @Test
  void gqa() throws IOException {
    DataSet data = open(Fixtures.gqa(folder));
    assertThat(data.format()).isEqualTo("gqa");
    Example first = data.examples().getFirst();
    assertThat(first.id()).isEqualTo("05515938");
    assertThat(first.answers()).containsExactly("parrot");
    assertThat(first.kind()).isEqualTo("query");
    assertThat(first.fields())
        .contains(
            entry("fullAnswer", "This is a parrot."),
            entry("groups.global", "bird"),
            entry("types.semantic", "cat"),
            entry("isBalanced", "true"));
    assertThat(rgb(first, 0)).isEqualTo(0x010203);
    assertThat(faults(data)).singleElement().asString().contains("lacks question");
  }

  @Test
  void refCoco() throws IOException {
    Path file = Fixtures.refcoco(folder);
    DataSet data = open(file);
    assertThat(data.format()).isEqualTo("refcoco");
    assertThat(data.examples()).hasSize(2);
    Example second = data.examples().get(1);
    assertThat(second.question()).isEqualTo("lady in blue");
    assertThat(second.id()).isEqualTo("1");
    assertThat(second.regions().getFirst().label()).isEqualTo("person");
    assertThat(second.regions().getFirst().x1()).isEqualTo(4);
    assertThat(rgb(second, 0)).isEqualTo(0x0f0f0f);
    assertThat(faults(data)).singleElement().asString().contains("not among the instances");
    Files.delete(folder.resolve("instances.json"));
    assertThat(open(file).examples()).hasSize(3).allMatch(one -> one.regions().isEmpty());
    assertThat(DataSets.open(file, DataOptions.DEFAULT.withSplit("testA")).examples())
        .singleElement()
        .satisfies(one -> assertThat(one.question()).isEqualTo("who"));
    assertThatThrownBy(() -> DataSets.open(file, DataOptions.DEFAULT.withSplit("x")))
        .hasMessageContaining("has no split 'x': it has testA, train");
  }

  @Test
  void cocoQa() throws IOException {
    DataSet data = open(Fixtures.cocoQa(folder));
    assertThat(data.format()).isEqualTo("coco-qa");
    assertThat(data.examples()).hasSize(2);
    assertThat(data.examples().getFirst().answers()).containsExactly("brown");
    assertThat(rgb(data.examples().getFirst(), 0)).isEqualTo(0x333333);
    assertThat(data.examples().get(1).question())
        .isEqualTo("what is the color of the \"character\", here");
    assertThat(data.examples().get(1).fields()).containsEntry("image_id", "220218");
    assertThat(faults(data)).singleElement().asString().contains("row 3 of").contains("'x'");
  }

  @Test
  void vlmEvalKit() throws IOException {
    DataSet data = open(Fixtures.vlmeval(folder));
    assertThat(data.format()).isEqualTo("table");
    List<Example> all = data.examples();
    assertThat(all).hasSize(4);
    Example first = all.getFirst();
    assertThat(first.id()).isEqualTo("241");
    assertThat(first.choices()).containsExactly("red", "blue", "green");
    assertThat(first.answers()).as("the choice behind the letter").containsExactly("red");
    assertThat(first.fields()).containsEntry("answer", "A").containsEntry("split", "dev");
    assertThat(first.passage()).isEqualTo("Look.");
    assertThat(first.kind()).isEqualTo("colour");
    assertThat(rgb(first, 0)).isEqualTo(0xff0000);
    assertThat(rgb(all.get(1), 0)).as("the picture of row 241").isEqualTo(0xff0000);
    assertThat(all.get(1).answers()).containsExactly("blue");
    assertThat(all.get(2).question()).isEqualTo("Both\tof them?");
    assertThat(rgb(all.get(2), 0)).isEqualTo(0xff0000);
    assertThat(rgb(all.get(2), 1)).isEqualTo(0x00ff00);
    assertThat(rgb(all.get(3), 0)).isEqualTo(0x0000ff);
    assertThat(faults(data)).singleElement().asString().contains("row 5 of").contains("'999'");
    DataSet two =
        DataSets.open(folder.resolve("MMBench_DEV_EN.tsv"), DataOptions.DEFAULT.withLimit(2));
    assertThat(two.items()).hasSize(2);
  }

  @Test
  void squadInAllItsKinds() throws IOException {
    DataSet data = open(Fixtures.squad(folder));
    assertThat(data.format()).isEqualTo("squad");
    Example first = data.examples().getFirst();
    assertThat(first.passage()).isEqualTo("The cat sat on the red mat.");
    assertThat(first.answers()).containsExactly("The cat", "cat");
    assertThat(first.fields()).contains(entry("answer_start", "[0, 4]"), entry("title", "Cats"));
    assertThat(first.images()).isEmpty();
    Example none = data.examples().get(1);
    assertThat(none.answers()).isEmpty();
    assertThat(none.fields()).containsEntry("is_impossible", "true");
    assertThat(faults(data)).singleElement().asString().contains("question a3 has no text");

    DataSet chinese = open(Fixtures.cmrc(folder));
    assertThat(chinese.format()).isEqualTo("squad");
    assertThat(chinese.examples().getFirst().id()).isEqualTo("TRIAL_800_QUERY_0");
    assertThat(chinese.examples().getFirst().answers()).containsExactly("猫", "猫", "猫");
  }

  @Test
  void chartsOfReVisit() throws IOException {
    Path full = Fixtures.vlat(folder.resolve("full"), "vlat");
    DataSet data = open(full);
    assertThat(data.format()).isEqualTo("vlat");
    assertThat(data.items()).hasSize(53);
    assertThat(data.faults()).isEmpty();
    Example first = data.examples().getFirst();
    assertThat(first.id()).isEqualTo("line-value");
    assertThat(first.choices()).containsExactly("$57.36", "$47.82", "$50.24", "$39.72");
    assertThat(first.answers()).containsExactly("$50.24");
    assertThat(first.kind()).isEqualTo("Retrieve Value");
    assertThat(first.fields())
        .contains(entry("omit", "Skip"), entry("chartType", "line"), entry("P", "0.95"));
    assertThat(first.images().getFirst().name()).isEqualTo("VLAT1.png");
    // The formats that are known of the test: 34 of four options, 3 of three, 16 of two.
    for (int[] count : new int[][] {{4, 34}, {3, 3}, {2, 16}}) {
      assertThat(data.examples().stream().filter(one -> one.choices().size() == count[0]))
          .hasSize(count[1]);
    }
    assertThat(data.examples()).allMatch(one -> one.choices().containsAll(one.answers()));
    DataSet mini = open(Fixtures.vlat(folder.resolve("mini"), "mini-vlat"));
    assertThat(mini.items()).hasSize(12);
    Fixtures.picture(folder, "mini/assets/TreeMap.png", 0x998877);
    assertThat(mini.examples().getFirst().kind()).isEqualTo("treemap");
    assertThat(rgb(mini.examples().getFirst(), 0)).isEqualTo(0x998877);
  }

  @Test
  void archivesOfSamples() throws IOException {
    for (Path file : List.of(Fixtures.tar(folder), Fixtures.tarGz(folder))) {
      DataSet data = open(file);
      assertThat(data.format()).isEqualTo("webdataset");
      List<Example> all = data.examples();
      assertThat(all.stream().map(Example::id)).containsExactly("000000", "sub/000001", "000002");
      assertThat(all.getFirst().question()).isEqualTo("What color?");
      assertThat(all.getFirst().answers()).containsExactly("red");
      assertThat(all.getFirst().fields()).containsEntry("n", "1");
      assertThat(rgb(all.getFirst(), 0)).isEqualTo(0xff0000);
      assertThat(all.get(1).answers()).as("a caption").containsExactly("Two pictures.");
      assertThat(rgb(all.get(1), 1)).isEqualTo(0x0000ff);
      assertThat(all.get(2).answers()).containsExactly("7");
      assertThat(all.get(2).fields()).containsEntry("emb.npy", "2 bytes");
      assertThat(faults(data))
          .satisfiesExactly(
              one -> assertThat(one).contains("'../evil.png' leads out of the archive"),
              one -> assertThat(one).contains("is a link or a device"),
              one -> assertThat(one).contains("'000005' of").contains("has no picture"));
    }
    DataSet both = open(folder);
    assertThat(both.examples()).as("all archives of a folder").hasSize(6);
    assertThat(both.examples().stream().map(Example::id)).doesNotHaveDuplicates();
  }

  @Test
  void parquetOfTheHub() throws IOException {
    for (String compression : List.of("snappy", "zstd", "gzip", "uncompressed")) {
      Path file =
          Fixtures.parquet(
              folder.resolve(compression), "train-00000-of-00001.parquet", compression);
      DataSet data = open(file);
      assertThat(data.format()).isEqualTo("parquet");
      List<Example> all = data.examples();
      assertThat(all).hasSize(3);
      Example first = all.getFirst();
      assertThat(first.id()).isEqualTo("11");
      assertThat(first.answers()).containsExactly("red", "crimson");
      assertThat(first.images()).hasSize(2);
      assertThat(first.images().getFirst().name()).isEqualTo("r.png");
      assertThat(rgb(first, 0)).isEqualTo(0xff0000);
      assertThat(rgb(first, 1)).isEqualTo(0x00ff00);
      assertThat(rgb(all.get(1), 0)).isEqualTo(0x0000ff);
      assertThat(all.get(2).images()).isEmpty();
      assertThat(open(folder.resolve(compression)).examples().getFirst().fields())
          .as("the split by the file's name")
          .containsEntry("split", "train");
    }
    Path other = Fixtures.parquet(folder.resolve("lz4"), "x.parquet", "lz4_raw");
    assertThatThrownBy(() -> open(other)).hasMessageContaining("packed with LZ4_RAW");
  }

  @Test
  void foldersOfPictures() throws IOException {
    DataSet data = open(Fixtures.imageFolder(folder));
    assertThat(data.format()).isEqualTo("image-folder");
    Example blue = data.examples().getFirst();
    assertThat(blue.answers()).containsExactly("Blue");
    assertThat(blue.regions()).containsExactly(LabelledRegion.box(0, "thing", 1, 2, 4, 4));
    assertThat(blue.fields()).containsEntry("split", "test");
    Example red = data.examples().get(1);
    assertThat(red.answers()).containsExactly("A red, square picture");
    assertThat(rgb(red, 0)).isEqualTo(0xff0000);
    assertThatThrownBy(() -> data.examples().get(3).images().getFirst().read())
        .hasMessageContaining("does not exist");
    assertThat(faults(data))
        .satisfiesExactly(
            one -> assertThat(one).contains("x.png lies outside of"),
            one -> assertThat(one).contains("no metadata tells of test/untold.png"));
    assertThat(DataSets.open(folder, DataOptions.DEFAULT.withSplit("train")).examples()).hasSize(3);
    assertThat(open(folder.resolve("train/metadata.csv")).examples()).hasSize(3);
  }

  @Test
  void foldersOfClasses() throws IOException {
    DataSet data = open(Fixtures.classFolder(folder));
    assertThat(data.examples().stream().map(one -> one.id() + " " + one.answers()))
        .containsExactly("test/dog/3.png [dog]", "train/cat/1.png [cat]", "train/dog/2.png [dog]");
    assertThat(DataSets.open(folder, DataOptions.DEFAULT.withSplit("test")).examples()).hasSize(1);
  }

  @Test
  void aListOfRowsIsReadAsLinesAre() throws IOException {
    Fixtures.lines(folder);
    Path file =
        Fixtures.write(
            folder,
            "list.json",
            "[{\"image\": \"a.png\", \"question\": \"What?\"}, 7, {\"image\": \"b.png\", \"question\": \"Who?\"}]");
    DataSet data = open(file);
    assertThat(data.format()).isEqualTo("lines");
    assertThat(data.examples()).hasSize(2);
    assertThat(faults(data)).singleElement().asString().startsWith("row 2 of " + file);
  }
}
