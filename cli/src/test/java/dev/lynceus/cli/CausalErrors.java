package dev.lynceus.cli;

import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The rows of docs/reference/errors.md about the commands that change a model while it runs.
final class CausalErrors {
  private CausalErrors() {}

  static void add(Map<String, ErrorsTest.Case> cases) {
    cases.put(
        "a slope is asked for where there is none", f -> quiet("attribute", "--metric=divergence"));
    cases.put("every neuron shall be patched", f -> quiet("trace", "--site=neuron"));
    cases.put(
        "the replaced word has another number of tokens",
        f -> quiet("trace", "--replace=car=umbrellas"));
    cases.put(
        "the replaced word is not in the question", f -> quiet("trace", "--replace=truck=car"));
    cases.put("a replacement has one word", f -> quiet("trace", "--replace=truck"));
    cases.put("a head shall be severed", f -> quiet("trace", "--site=head", "--sever=attention"));
    cases.put(
        "squares and superpixels are hidden at once",
        f -> quiet("occlude", "--group=2", "--superpixels=9"));
    cases.put("tokens shall be inpainted", f -> quiet("occlude", "--fill=inpaint"));
    cases.put(
        "a mask shows nothing",
        f -> quiet("occlude", "--mask=" + Fixtures.png(f.resolve("m.png"), 9, 9)));
    cases.put("no region is named", f -> quiet("region"));
    cases.put("a region is named twice", f -> quiet("region", "--box=9,9,20,20", "--mask=m.png"));
    cases.put("a region is the whole picture", f -> quiet("region", "--box=0,0,112,112"));
    cases.put("a region lies outside", f -> quiet("region", "--box=90,90,140,140"));
    cases.put(
        "a region has nothing to be hidden by",
        f -> quiet("region", "--box=9,9,20,20", "--fill=none", "--draws=0"));
    cases.put("a receiver does not exist", f -> quiet("paths", "--receiver=9.0"));
    cases.put("neurons are compared with nothing", f -> quiet("neurons"));
    cases.put(
        "a word and a whole answer are measured",
        f -> quiet("ablate", "--whole", "--target=brown"));
    cases.put(
        "masks of a picture that is not there",
        f -> quiet("occlude", "--of=1", "--mask=" + Fixtures.PICTURE));
    cases.put("a picture of masks without a mask", f -> quiet("occlude", "--of=1"));
    cases.put("the answer to measure is empty", f -> quiet("ablate", "--answer= "));
    cases.put(
        "a ledger is another sweep's",
        f -> {
          written(f, "attention");
          return quiet("ablate", "--next-token", "--site=layer", "--ledger=" + f.resolve("led"));
        });
    cases.put(
        "a ledger is of an older version",
        f ->
            quiet(
                "ablate",
                "--ledger="
                    + Files.writeString(f.resolve("led"), "lynceus-sweep-1 ablate\n0 1\n")));
    cases.put(
        "a line of a ledger was altered",
        f -> {
          written(f, "layer");
          Path ledger = f.resolve("led");
          Files.writeString(ledger, Files.readString(ledger).replaceFirst("\n0 ", "\n7 "));
          return quiet("ablate", "--next-token", "--site=layer", "--ledger=" + ledger);
        });
    cases.put(
        "a direction has another shape",
        f -> {
          Path file = f.resolve("d.safetensors");
          String revision;
          try (Checkpoint pupil = Checkpoint.open(Checkpoints.locate("pupil"))) {
            revision = pupil.fingerprint();
          }
          new SafetensorsWriter()
              .metadata("point", "blocks.1.hook_resid_post")
              .metadata("revision", revision)
              .add("direction", StoredTensor.of(new float[] {1}, 1))
              .write(file);
          return quiet("steer", "--next-token", "--direction=" + file);
        });
    cases.put(
        "a dataset names a picture elsewhere",
        f -> {
          Path data = Files.createDirectories(f.resolve("data"));
          Path file =
              Files.writeString(
                  data.resolve("q.jsonl"),
                  "{\"image\": \"../cat.png\", \"question\": \"What?\"}\n");
          return new String[] {"compare", "--quiet", "--dataset=" + file};
        });
    cases.put(
        "a data set is of no known format",
        f ->
            new String[] {
              "data", "show", Files.writeString(f.resolve("q.txt"), "Dear diary\n").toString()
            });
    cases.put("a split is asked for that is not there", f -> shown(f, "--split=test"));
    cases.put("a condition about a field that is not there", f -> shown(f, "--where=colour=red"));
    cases.put("a part of a data set that is none", f -> shown(f, "--part=half"));
    cases.put("a box lies outside of the picture", f -> quiet("compare", "--box=0,0,999,9"));
    cases.put(
        "weights are kept somewhere unknown",
        f -> new String[] {"ask", "--weights=heap", Fixtures.PICTURE, Fixtures.QUESTION});
    cases.put("a query shall be silenced", f -> quiet("ablate", "--site=query"));
  }

  /// A small data set with a split, shown with an option.
  private static String[] shown(Path folder, String option) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("q.jsonl"),
            "{\"image\": \"a.png\", \"question\": \"What?\", \"split\": \"train\"}\n");
    return new String[] {"data", "show", file.toString(), option};
  }

  /// Writes the ledger `led` of a sweep.
  private static void written(Path folder, String site) {
    Shell.lynceus(
        quiet("ablate", "--next-token", "--site=" + site, "--ledger=" + folder.resolve("led")));
  }

  /// A command without progress, so that nothing but the error is on stderr.
  static String[] quiet(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command, "--quiet"));
    line.addAll(List.of(more));
    line.addAll(List.of(Fixtures.PICTURE, Fixtures.QUESTION));
    return line.toArray(String[]::new);
  }
}
