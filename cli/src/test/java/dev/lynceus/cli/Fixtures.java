package dev.lynceus.cli;

import dev.lynceus.model.Checkpoints;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Files that commands are tried on, good ones and broken ones.
final class Fixtures {
  static final String PICTURE = "../samples/frog-umbrella-car.png";
  static final String QUESTION = "What is the color of the car?";
  static final String ANSWER = "The color of the car is brown.";

  private Fixtures() {}

  /// A copy of the bundled model.
  static Path model(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(Checkpoints.locate("pupil"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  /// The language model of the bundled model alone.
  static Path textOnly(Path folder) throws IOException {
    Path pupil = Checkpoints.locate("pupil");
    Files.createDirectories(folder);
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(pupil.resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("config.json"),
        JsonMapper.shared().readTree(pupil.resolve("config.json")).path("text_config").toString());
    Files.copy(pupil.resolve("generation_config.json"), folder.resolve("generation_config.json"));
    try (Checkpoint checkpoint = Checkpoint.open(pupil)) {
      SafetensorsWriter writer = new SafetensorsWriter();
      for (String name : checkpoint.names()) {
        if (name.startsWith("language_model.")) {
          TensorInfo info = checkpoint.info(name);
          writer.add(
              name.substring("language_model.".length()),
              info.dtype(),
              info.shape(),
              checkpoint.segment(name));
        }
      }
      writer.write(folder.resolve("model.safetensors"));
    }
    return folder;
  }

  /// Changes the config of a model.
  static Path withConfig(Path folder, String key, String value) throws IOException {
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(file);
    config.put(key, value);
    Files.writeString(file, config.toString());
    return folder;
  }

  /// Cuts a file short.
  static Path cut(Path file, long bytes) throws IOException {
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), Math.toIntExact(bytes)));
    return file;
  }

  /// A valid PNG of zeros, with a size that fits into a few hundred kilobytes however large it is.
  static Path png(Path file, int width, int height) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 0, 0, 0, 0});
    chunk(png, "IHDR", header.toByteArray());
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(rows)) {
      byte[] row = new byte[1 + width];
      for (int y = 0; y < height; y++) {
        deflater.write(row);
      }
    }
    chunk(png, "IDAT", rows.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return Files.write(file, png.toByteArray());
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    DataOutputStream out = new DataOutputStream(png);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }

  /// Questions about two articles, in the format of SQuAD; one has no answer in its passage.
  static final String PASSAGES =
      """
      {"version": "1.1", "data": [
        {"title": "Balls", "paragraphs": [{"context": "The ball was red. The dog was brown.", "qas": [
          {"id": "1", "question": "What color was the ball?", "answers": [{"text": "red", "answer_start": 13}]},
          {"id": "2", "question": "What color was the dog?", "answers": [{"text": "brown", "answer_start": 30}]},
          {"id": "3", "question": "What color was the cat?", "answers": []}]}]},
        {"title": "Cats", "paragraphs": [{"context": "The cat sat on a mat.", "qas": [
          {"id": "4", "question": "Where did the cat sit?", "answers": [{"text": "on a mat", "answer_start": 12}]}]}]}]}
      """;
}
