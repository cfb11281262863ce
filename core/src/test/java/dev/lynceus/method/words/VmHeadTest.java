package dev.lynceus.method.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A head for visual words finds the words that patches were made of, and has no part in answers.
class VmHeadTest {
  private static final int WORDS = 40;
  private static final int WIDTH = 32;
  private static final int PATCHES = 600;

  @TempDir Path folder;

  /// Share of patches, embeddings of words with noise, whose word a head finds that was fitted to
  /// labels.
  private static double found(double noise, boolean shuffled) {
    try (Scope scope = Scope.open()) {
      Tensor embeddings = Torch.randn(1, WORDS, WIDTH);
      Random random = new Random(2);
      List<Integer> words =
          new ArrayList<>(
              IntStream.range(0, 2 * PATCHES).mapToObj(i -> random.nextInt(WORDS)).toList());
      int[] truth = words.stream().mapToInt(Integer::intValue).toArray();
      Tensor patches =
          embeddings
              .indexSelect(0, Tensor.indices(truth))
              .add(Torch.randn(3, 2L * PATCHES, WIDTH).mul(noise));
      if (shuffled) {
        Collections.shuffle(words, new Random(4));
      }
      float[] target = new float[PATCHES * WORDS];
      for (int i = 0; i < PATCHES; i++) {
        target[i * WORDS + words.get(i)] = 20;
      }
      Tensor weight = Torch.zeros(DType.FLOAT32, WORDS, WIDTH);
      try (VmHeadFit.Learner learner = new VmHeadFit.Learner(weight)) {
        for (int step = 0; step < 300; step++) {
          learner.learn(patches.narrow(0, 0, PATCHES), Tensor.of(target, PATCHES, WORDS), .03);
        }
      }
      int[] said =
          Torch.linear(patches.narrow(0, PATCHES, PATCHES), weight, null).argmax(1).toInts();
      return IntStream.range(0, PATCHES).filter(i -> said[i] == truth[PATCHES + i]).count()
          / (double) PATCHES;
    }
  }

  @Test
  void aFittedHeadFindsTheWordsOfOtherPatches() {
    assertThat(found(.1, false)).isGreaterThan(.95);
  }

  @Test
  void withShuffledLabelsItFindsThemByChance() {
    assertThat(found(.1, true)).isLessThan(3.0 / WORDS);
  }

  private static List<Prompt> prompts(LoadedModel model, int seed) {
    return IntStream.range(0, 4)
        .mapToObj(i -> TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is it", seed + i))
        .toList();
  }

  @Test
  void aHeadFittedToAModelSaysMoreOfOtherPicturesThanNoneAndIsReadBackAsItWas() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        VmHead none = VmHead.zero(model);
        VmHead head = new VmHeadFit(300, .01, 1).fit(model, prompts(model, 1), Progress.NONE)) {
      VmHeadFit.Fit before = VmHeadFit.tried(model, none, prompts(model, 50), Progress.NONE);
      VmHeadFit.Fit after = VmHeadFit.tried(model, head, prompts(model, 50), Progress.NONE);
      assertThat(before.perplexity())
          .isCloseTo(before.uniform(), org.assertj.core.data.Percentage.withPercentage(.01));
      assertThat(after.divergence()).isLessThan(before.divergence() * .9);
      assertThat(after.perplexity()).isGreaterThan(Math.exp(after.entropy()) - 1e-9);
      Path file = folder.resolve("head.safetensors");
      head.save(file);
      try (VmHead again = VmHead.load(file, model);
          Scope scope = Scope.open()) {
        Tensor states = Torch.randn(7, 5, head.weight().size(1));
        assertThat(again.logits(states).toFloats()).isEqualTo(head.logits(states).toFloats());
      }
    }
  }

  @Test
  void aFileOfAnotherModelIsRefused() {
    Path file = folder.resolve("head.safetensors");
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP);
        VmHead head = VmHead.zero(model)) {
      head.save(file);
    }
    try (LoadedModel other = TinyModels.load(folder, Family.LLAVA_SIGLIP)) {
      assertThatThrownBy(() -> VmHead.load(file, other))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("was fitted for");
    }
  }

  @Test
  void aHeadInACheckpointIsReadAndChangesNoAnswer() throws Exception {
    Path plain = TinyModels.write(folder.resolve("plain"), Family.LLAVA_CLIP, 3);
    Path with = TinyModels.write(folder.resolve("with"), Family.LLAVA_CLIP, 3);
    Path weights = with.resolve("model.safetensors");
    Path kept = Files.move(weights, folder.resolve("weights"));
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors old = Safetensors.open(kept);
        Scope scope = Scope.open()) {
      for (String name : old.names()) {
        writer.add(name, old.tensor(name));
      }
      try (LoadedModel model = LoadedModel.load(plain, LoadOptions.DEFAULT)) {
        long vocabulary = model.model().decoder().config().vocabulary();
        long width = model.model().decoder().config().width();
        writer.add("vm_head.weight", Torch.randn(9, vocabulary, width));
      }
      writer.write(weights);
    }
    try (LoadedModel without = LoadedModel.load(plain, LoadOptions.DEFAULT);
        LoadedModel model = LoadedModel.load(with, LoadOptions.DEFAULT)) {
      assertThat(VmHead.of(without)).isEmpty();
      try (VmHead head = VmHead.of(model).orElseThrow()) {
        assertThat(head.weight().shape()).hasSize(2);
      }
      assertThat(answer(model)).isEqualTo(answer(without));
    }
  }

  private static int[] answer(LoadedModel model) {
    try (var made =
        model.generate(
            TinyModels.prompt(model, Family.LLAVA_CLIP, "what is it", 5),
            GenerationOptions.greedy(8),
            Capture.NONE)) {
      return made.answer().ids();
    }
  }
}
