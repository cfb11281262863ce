package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Progress;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorldFilesTest {
  private static final Exam EXAM = new Exam(new World(5, SceneRecipe.FREE.withItems(2, 3)));

  @TempDir private Path folder;

  @Test
  void boxesMasksAndColoursAreThoseOfThePicture() throws IOException {
    new WorldFiles(EXAM, folder).write(4, Progress.NONE);

    List<String> lines = Files.readAllLines(folder.resolve(WorldFiles.LIST));
    assertThat(lines).hasSize(4);
    for (String line : lines) {
      JsonNode scene = JsonMapper.shared().readTree(line);
      BufferedImage image = ImageIO.read(folder.resolve(scene.path("image").asString()).toFile());
      assertThat(image.getWidth()).isEqualTo(World.SIZE);
      assertThat(scene.path("objects").size()).isBetween(2, 3);
      for (JsonNode thing : scene.path("objects")) {
        BufferedImage mask = ImageIO.read(folder.resolve(thing.path("mask").asString()).toFile());
        int rgb = Integer.parseInt(thing.path("rgb").asString().substring(1), 16);
        JsonNode box = thing.path("box");
        int inside = 0;
        for (int y = 0; y < World.SIZE; y++) {
          for (int x = 0; x < World.SIZE; x++) {
            int cover = mask.getRaster().getSample(x, y, 0);
            if (cover == 255) {
              assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(rgb);
            }
            if (cover >= 128) {
              inside++;
              assertThat(x).isBetween(box.get(0).asInt(), box.get(2).asInt() - 1);
              assertThat(y).isBetween(box.get(1).asInt(), box.get(3).asInt() - 1);
            }
          }
        }
        assertThat(inside).isGreaterThan(50);
      }
    }
  }

  @Test
  void answersFollowFromTheEvidence() throws IOException {
    new WorldFiles(EXAM, folder).write(6, Progress.NONE);

    int colours = 0;
    for (String line : Files.readAllLines(folder.resolve(WorldFiles.LIST))) {
      JsonNode scene = JsonMapper.shared().readTree(line);
      for (JsonNode question : scene.path("questions")) {
        if (question.path("kind").asString().equals("colour")) {
          colours++;
          JsonNode thing = scene.path("objects").get(question.path("evidence").get(0).asInt());
          assertThat(question.path("key").asString()).isEqualTo(thing.path("colour").asString());
          assertThat(question.path("text").asString()).contains(thing.path("noun").asString());
        }
      }
    }
    assertThat(colours).isEqualTo(6);
  }

  @Test
  void aFolderWithFilesIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");

    assertThatThrownBy(() -> new WorldFiles(EXAM, folder).write(1, Progress.NONE))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("is not empty");
    assertThat(folder).isDirectoryContaining(file -> file.endsWith("mine.txt"));
  }
}
