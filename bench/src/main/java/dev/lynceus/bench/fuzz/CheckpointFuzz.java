package dev.lynceus.bench.fuzz;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Torch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checkpoints of all families with their configs, indexes, headers and weight bytes changed;
/// loaded, and asked for two tokens.
final class CheckpointFuzz implements FuzzKind {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> SETTINGS =
      List.of("config.json", "generation_config.json", "preprocessor_config.json");

  private final List<Path> folders;

  CheckpointFuzz() {
    Torch.setThreads(1);
    this.folders =
        Fuzz.seeds("config.json").stream()
            .map(Path::getParent)
            .filter(CheckpointFuzz::hasWeights)
            .toList();
  }

  /// Some tests keep settings alone.
  private static boolean hasWeights(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.anyMatch(file -> file.toString().endsWith(".safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "checkpoints";
  }

  @Override
  public String about() {
    return "configs, indexes, headers and weights, changed";
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    List<String> done = new ArrayList<>();
    Path from = Fuzz.pick(random, folders);
    done.add(from.getName(from.getNameCount() - 2) + "/" + from.getFileName());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(from)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.add(Files.copy(file, folder.resolve(file.getFileName().toString())));
      }
    }
    List<Path> weights = ending(files, ".safetensors");
    List<Path> indexes = ending(files, ".index.json");
    switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> {
        List<Path> settings =
            files.stream().filter(f -> SETTINGS.contains(f.getFileName().toString())).toList();
        // The config twice as often as the others together.
        Path file =
            random.nextInt(3) > 0 ? folder.resolve("config.json") : Fuzz.pick(random, settings);
        json(random, file, 1 + random.nextInt(3), done);
      }
      case 4 ->
          json(
              random,
              Fuzz.pick(random, indexes.isEmpty() ? files(folder) : indexes),
              1 + random.nextInt(3),
              done);
      case 5, 6 -> header(random, Fuzz.pick(random, weights), done);
      default -> {
        Path file = Fuzz.pick(random, weights);
        done.add(file.getFileName().toString());
        Files.write(
            file,
            TextMutation.mutate(random, Files.readAllBytes(file), 1 + random.nextInt(4), done));
      }
    }
    return new FuzzCase(String.join("; ", done), () -> ask(folder));
  }

  private static List<Path> files(Path folder) {
    return List.of(folder.resolve("config.json"));
  }

  private static List<Path> ending(List<Path> files, String end) {
    return files.stream().filter(f -> f.toString().endsWith(end)).toList();
  }

  private static void json(RandomGenerator random, Path file, int changes, List<String> done)
      throws IOException {
    done.add(file.getFileName().toString());
    JsonNode changed =
        JsonMutation.mutate(random, JSON.readTree(Files.readAllBytes(file)), changes, done);
    Files.writeString(file, JSON.writeValueAsString(changed));
  }

  /// A header with changes, its true length before it, and the data as it was.
  private static void header(RandomGenerator random, Path file, List<String> done)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    done.add("header of " + file.getFileName());
    byte[] header =
        JSON.writeValueAsString(
                JsonMutation.mutate(
                    random,
                    JSON.readTree(new String(bytes, 8, length, StandardCharsets.UTF_8)),
                    1 + random.nextInt(3),
                    done))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer whole =
        ByteBuffer.allocate(8 + header.length + bytes.length - 8 - length)
            .order(ByteOrder.LITTLE_ENDIAN);
    whole.putLong(header.length).put(header).put(bytes, 8 + length, bytes.length - 8 - length);
    Files.write(file, whole.array());
  }

  private static void ask(Path folder) {
    try (LoadedModel model = LoadedModel.load(folder, LoadOptions.DEFAULT)) {
      byte[] samples = new byte[48 * 40 * 3];
      Arrays.fill(samples, (byte) 90);
      Prompt prompt =
          model.processor().isPresent()
              ? model.raw("<image> what is it", model.picture("p", RgbImage.of(48, 40, samples)))
              : model.raw("what is it");
      model.generate(prompt, GenerationOptions.greedy(2), Capture.NONE).close();
    }
  }
}
