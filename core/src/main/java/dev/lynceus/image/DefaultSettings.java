package dev.lynceus.image;

import dev.lynceus.image.ImageProcessorSettings.Normalisation;
import dev.lynceus.image.ImageProcessorSettings.Resizing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the reference processors do where their settings say nothing (transformers 5.18).
final class DefaultSettings {
  private static final double A_255TH = 1.0 / 255;
  private static final Normalisation CLIP_COLOURS =
      new Normalisation(
          true,
          A_255TH,
          true,
          List.of(0.48145466, 0.4578275, 0.40821073),
          List.of(0.26862954, 0.26130258, 0.27577711));
  private static final Normalisation HALF =
      new Normalisation(true, A_255TH, true, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
  private static final Cutting UNCUT = new Cutting.Uncut();

  private DefaultSettings() {}

  static ImageProcessorSettings of(ImageProcessorType type) {
    Resizing shorter = bicubic(new SizeRule.ShortestEdge(224));
    Extent crop = new Extent(224, 224);
    return switch (type) {
      case CLIP, LLAVA -> settings(type, shorter, crop, CLIP_COLOURS, UNCUT);
      case LLAVA_NEXT ->
          settings(
              type,
              shorter,
              crop,
              CLIP_COLOURS,
              new Cutting.Pinpoints(
                  List.of(
                      new Extent(336, 672),
                      new Extent(672, 336),
                      new Extent(672, 672),
                      new Extent(1008, 336),
                      new Extent(336, 1008)),
                  224,
                  false));
      case LLAVA_ONEVISION ->
          settings(
              type,
              square(384),
              null,
              CLIP_COLOURS,
              new Cutting.Pinpoints(upToSixBySix(384), 384, true));
      case SIGLIP -> settings(type, square(224), null, HALF, UNCUT);
      case BLIP -> settings(type, square(384), null, CLIP_COLOURS, UNCUT);
      case VIT -> settings(type, bilinear(224), null, HALF, UNCUT);
      case IDEFICS3, SMOLVLM ->
          settings(
              type,
              new Resizing(true, new SizeRule.LongestEdge(4 * 364), ResampleFilter.LANCZOS),
              null,
              HALF,
              new Cutting.Split(true, 364));
      case GOT_OCR2 ->
          settings(type, square(384), null, CLIP_COLOURS, new Cutting.BestGrid(false, 1, 12));
      case GEMMA3 ->
          settings(type, bilinear(224), null, HALF, new Cutting.PanAndScan(false, 256, 4, 1.2));
      case QWEN2_VL -> {
        Cutting.Patches patches = new Cutting.Patches(14, 2, 2);
        yield settings(
            type,
            bicubic(new SizeRule.PixelRange(56 * 56, 28 * 28 * 1280, patches.unit())),
            null,
            CLIP_COLOURS,
            patches);
      }
    };
  }

  static VideoProcessorSettings of(VideoProcessorType type) {
    return switch (type) {
      case LLAVA_ONEVISION, INTERNVL ->
          new VideoProcessorSettings(type, square(384), null, CLIP_COLOURS, null);
      case QWEN2_VL ->
          patched(
              type,
              128 * 28 * 28,
              28 * 28 * 768,
              CLIP_COLOURS,
              new Cutting.Patches(14, 2, 2),
              128_000);
      case QWEN3_VL ->
          patched(type, 128 * 32 * 32, 32 * 32 * 768, HALF, new Cutting.Patches(16, 2, 2), 768);
    };
  }

  private static VideoProcessorSettings patched(
      VideoProcessorType type,
      long least,
      long most,
      Normalisation colours,
      Cutting.Patches patches,
      int tokens) {
    return new VideoProcessorSettings(
        type,
        bicubic(new SizeRule.PixelRange(least, most, patches.unit())),
        null,
        colours,
        new VideoProcessorSettings.Patching(patches, false, tokens));
  }

  private static ImageProcessorSettings settings(
      ImageProcessorType type,
      Resizing resizing,
      @Nullable Extent crop,
      Normalisation colours,
      Cutting cutting) {
    return new ImageProcessorSettings(type, false, resizing, crop, colours, cutting);
  }

  private static Resizing bicubic(SizeRule size) {
    return new Resizing(true, size, ResampleFilter.BICUBIC);
  }

  private static Resizing square(int side) {
    return bicubic(new SizeRule.Exact(side, side));
  }

  private static Resizing bilinear(int side) {
    return new Resizing(true, new SizeRule.Exact(side, side), ResampleFilter.BILINEAR);
  }

  private static List<Extent> upToSixBySix(int side) {
    List<Extent> all = new ArrayList<>();
    for (int rows = 1; rows <= 6; rows++) {
      for (int columns = 1; columns <= 6; columns++) {
        all.add(new Extent(rows * side, columns * side));
      }
    }
    return all;
  }
}
