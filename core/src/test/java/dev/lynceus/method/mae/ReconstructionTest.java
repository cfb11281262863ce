package dev.lynceus.method.mae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.model.mae.Mask;
import dev.lynceus.model.mae.Patches;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedMae;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.MaeRun;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.verify.Goldens;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of any masked autoencoder: removed patches are not seen, errors are those of removed
/// patches, masks are permutations, and every place fires.
class ReconstructionTest {
  @TempDir private Path folder;

  private static LoadedMae load() {
    return LoadedMae.load(Goldens.checkpoint("vit-mae"), LoadOptions.DEFAULT);
  }

  private static byte[] samples(int seed) {
    byte[] samples = new byte[48 * 48 * 3];
    new Random(seed).nextBytes(samples);
    return samples;
  }

  private static Picture picture(LoadedMae model, byte[] samples) {
    return model.picture("noise", RgbImage.of(48, 48, samples));
  }

  /// Paints over patches of eight pixels to a side.
  private static byte[] painted(byte[] samples, int[] patches) {
    byte[] copy = samples.clone();
    for (int patch : patches) {
      for (int y = 0; y < 8; y++) {
        int start = ((patch / 6 * 8 + y) * 48 + patch % 6 * 8) * 3;
        Arrays.fill(copy, start, start + 24, (byte) 77);
      }
    }
    return copy;
  }

  @Test
  void whatIsRemovedIsNotSeen() {
    try (LoadedMae model = load()) {
      Mask mask = model.mask(5);
      byte[] samples = samples(1);
      double[][] plain = made(model, samples, mask);
      assertThat(made(model, painted(samples, mask.removed()), mask)).isDeepEqualTo(plain);
      int[] one = {mask.kept()[3]};
      assertThat(Arrays.deepEquals(made(model, painted(samples, one), mask), plain)).isFalse();
    }
  }

  private static double[][] made(LoadedMae model, byte[] samples, Mask mask) {
    try (MaeRun run = model.run(picture(model, samples), mask, Capture.NONE, List.of())) {
      return run.made();
    }
  }

  /// Patches see each other in no order: the order of the draw changes nothing but itself.
  @Test
  void theOrderOfKeptPatchesIsNone() {
    try (LoadedMae model = load()) {
      double[] noise = new double[36];
      for (int i = 0; i < 36; i++) {
        noise[i] = i * 7 % 36;
      }
      double[] other = noise.clone();
      int[] kept = Mask.of(noise, .75).kept();
      other[kept[0]] = noise[kept[8]];
      other[kept[8]] = noise[kept[0]];
      Mask turned = Mask.of(other, .75);
      assertThat(turned.kept()).isNotEqualTo(kept).containsExactlyInAnyOrder(kept);
      double[][] plain = made(model, samples(1), Mask.of(noise, .75));
      double[][] again = made(model, samples(1), turned);
      for (int patch = 0; patch < 36; patch++) {
        for (int i = 0; i < plain[patch].length; i++) {
          assertThat(again[patch][i]).isCloseTo(plain[patch][i], within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.75,36,9", "0.5,37,18", "0.9,10,0", "0,4,4", "0.33,9,6"})
  void masksArePermutations(double ratio, int patches, int kept) {
    Mask mask = Mask.drawn(patches, ratio, 3);
    assertThat(mask.kept()).hasSize(kept).doesNotHaveDuplicates();
    assertThat(mask.removed()).hasSize(patches - kept);
    assertThat(mask.restore()).containsExactlyInAnyOrder(IntStream.range(0, patches).toArray());
    for (int i = 0; i < kept; i++) {
      assertThat(mask.restore()[mask.kept()[i]]).isEqualTo(i);
      assertThat(mask.removes(mask.kept()[i])).isFalse();
    }
    assertThat(Mask.drawn(patches, ratio, 3).restore()).isEqualTo(mask.restore());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -.1, Double.NaN})
  void sharesThatCannotBeAreRefused(double ratio) {
    assertThatThrownBy(() -> Mask.drawn(9, ratio, 0))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
  }

  @Test
  void patchesArePicturesAgain() {
    try (Scope scope = Scope.open()) {
      float[] values = new float[3 * 12 * 12];
      for (int i = 0; i < values.length; i++) {
        values[i] = i;
      }
      Tensor pixels = Tensor.of(values, 1, 3, 12, 12);
      Tensor patches = Patches.of(pixels, 4);
      assertThat(patches.shape()).isEqualTo(new long[] {1, 9, 48});
      // The second number of a patch is the second colour of its first pixel.
      assertThat(patches.select(0, 0).select(0, 4).select(0, 1).item()).isEqualTo(144 + 4 * 12 + 4);
      assertThat(Patches.together(patches, 4).sub(pixels).abs().max().item()).isZero();
      Tensor normal = Patches.normalised(patches);
      assertThat(normal.mean(-1).abs().max().item()).isLessThan(1e-5);
      assertThat(
              normal.square().sum(-1).div(47).sub(Tensor.of(new float[] {1}, 1)).abs().max().item())
          .isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void errorsAreThoseOfRemovedPatches(boolean normalised) {
    Path copy =
        Goldens.copy("vit-mae")
            .json("config.json", json -> json.put("norm_pix_loss", normalised))
            .write(folder.resolve("copy" + normalised));
    try (LoadedMae model = LoadedMae.load(copy, LoadOptions.DEFAULT)) {
      Picture picture = picture(model, samples(2));
      Reconstruction made = Reconstruction.of(model, picture, .5, 4);
      double sum = 0;
      int removed = 0;
      for (int patch = 0; patch < 36; patch++) {
        if (!made.saw(patch)) {
          sum += made.patchLoss()[patch];
          removed++;
          assertThat(made.composite()[patch]).isEqualTo(made.made()[patch]);
        } else {
          assertThat(made.composite()[patch]).isEqualTo(made.own()[patch]);
        }
      }
      assertThat(removed).isEqualTo(18);
      assertThat(made.loss()).isCloseTo(sum / removed, within(1e-9));
      if (normalised) {
        // Of numbers with a spread of one, by one number less than there are, nothing is left out.
        assertThat(made.plain()).isCloseTo(191. / 192, within(1e-4));
        for (int patch = 0; patch < 36; patch++) {
          double loss = MaeRun.loss(made.made()[patch], made.own()[patch]);
          double spread = made.patchLoss()[patch];
          assertThat(loss / spread).isPositive();
        }
      }
      assertThat(Reconstruction.conclusion(List.of(made))).contains("18 of 36 patches");
      assertThatThrownBy(() -> Reconstruction.of(model, picture, 0, 4))
          .isInstanceOfSatisfying(
              LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST))
          .hasMessageContaining("removes none");
    }
  }

  /// The mean colour of the kept patches is the best plain guess of a picture of one colour.
  @Test
  void aPlainPictureNeedsNoLook() {
    try (LoadedMae model = load()) {
      byte[] plain = new byte[48 * 48 * 3];
      Arrays.fill(plain, (byte) 90);
      assertThat(Reconstruction.of(model, picture(model, plain), .75, 1).plain())
          .isCloseTo(0, within(1e-9));
    }
  }

  @Test
  void everyPlaceFires() {
    try (LoadedMae model = load()) {
      Mask mask = model.mask(1);
      Picture picture = picture(model, samples(1));
      double[][] plain = made(model, samples(1), mask);
      for (Point point : Point.all()) {
        if (!model.model().has(point)) {
          continue;
        }
        try (MaeRun run = model.run(picture, mask, Capture.of(Capture.request(point)), List.of())) {
          int last = point.perLayer() ? model.model().layers(point.stack()) - 1 : 0;
          assertThat(run.captured().has(point, last)).as(point.template()).isTrue();
          assertThat(run.made()).as("a look at " + point.template()).isDeepEqualTo(plain);
        }
        if (point.writable()) {
          assertThat(changed(model, picture, mask, point, new Op.Scale(1)))
              .as("an edit of nothing at " + point.template())
              .isDeepEqualTo(plain);
          assertThat(
                  Arrays.deepEquals(
                      changed(model, picture, mask, point, new Op.Noise(1, .5)), plain))
              .as("an edit at " + point.template())
              .isFalse();
        }
      }
    }
  }

  private static double[][] changed(
      LoadedMae model, Picture picture, Mask mask, Point point, Op op) {
    try (MaeRun run =
        model.run(picture, mask, Capture.NONE, List.of(Intervention.at(point, 0, op)))) {
      return run.made();
    }
  }

  @Test
  void whatItIsForIsTold() {
    assertThatThrownBy(() -> LoadedModel.load(Goldens.checkpoint("vit-mae"), LoadOptions.DEFAULT))
        .isInstanceOfSatisfying(
            LynceusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL);
              assertThat(e.nextStep()).contains("lynceus reconstruct");
            })
        .hasMessageContaining("masked autoencoder");
    assertThatThrownBy(() -> LoadedMae.load(Goldens.checkpoint("blip-itm"), LoadOptions.DEFAULT))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.nextStep()).contains("ViTMAEForPreTraining"));
    LoadedMae model = load();
    Picture picture = picture(model, samples(1));
    Mask wrong = Mask.drawn(9, .5, 0);
    assertThatThrownBy(() -> model.run(picture, wrong, Capture.NONE, List.of()))
        .hasMessageContaining("a mask of 9 patches");
    Mask mask = model.mask(1);
    model.close();
    assertThatThrownBy(() -> model.run(picture, mask, Capture.NONE, List.of()))
        .hasMessageContaining("closed");
  }
}
