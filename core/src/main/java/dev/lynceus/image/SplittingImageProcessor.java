package dev.lynceus.image;

import java.util.ArrayList;
import java.util.List;

/// The processor of Idefics3 and SmolVLM: the picture is enlarged or shrunk until its longer side
/// has a given length, then to whole tiles, and cut into them; the whole picture, squeezed into one
/// tile, comes last. A picture of one tile is not cut. Source: Idefics3ImageProcessor of
/// transformers 5.18, Pillow backend.
public final class SplittingImageProcessor implements ImageProcessor {
  private final ImageProcessorSettings settings;
  private final Finish finish;
  private final Cutting.Split split;

  SplittingImageProcessor(ImageProcessorSettings settings, Cutting.Split split) {
    this.settings = settings;
    this.finish = Finish.of(settings);
    this.split = split;
  }

  @Override
  public ImageProcessorSettings settings() {
    return settings;
  }

  @Override
  public ViewLayout layout(Extent picture, InPrompt place) {
    if (!split.on()) {
      return new ViewLayout.Whole();
    }
    ImageProcessorSettings.Resizing resizing = settings.resizing();
    Extent resized =
        resizing.on() ? resizing.size().target(picture.height(), picture.width()) : picture;
    return layout(sheet(resized));
  }

  private ViewLayout layout(Extent sheet) {
    int rows = sheet.height() / split.side();
    int columns = sheet.width() / split.side();
    return rows == 1 && columns == 1
        ? new ViewLayout.Whole()
        : new ViewLayout.Tiles(rows, columns, ViewLayout.Tiles.Side.LAST);
  }

  @Override
  public ProcessedPicture process(RgbImage image, InPrompt place) {
    ImageProcessorSettings.Resizing resizing = settings.resizing();
    Frame frame = Frame.whole(image);
    if (resizing.on()) {
      frame = frame.resized(resizing.size(), resizing.filter());
    }
    Extent one = new Extent(split.side(), split.side());
    if (!split.on()) {
      return one(frame.resized(one, resizing.filter()));
    }
    Extent size = sheet(new Extent(frame.pixels().height(), frame.pixels().width()));
    Frame sheet = frame.resized(size, resizing.filter());
    return switch (layout(size)) {
      case ViewLayout.Tiles tiles -> {
        List<ProcessedImage> views = new ArrayList<>();
        for (Frame tile : sheet.tiles(tiles.rows(), tiles.columns())) {
          views.add(finish.unchanged(tile));
        }
        views.add(finish.unchanged(sheet.resized(one, resizing.filter())));
        yield new ProcessedPicture(views, tiles);
      }
      case ViewLayout.Whole _, ViewLayout.Crops _, ViewLayout.Frames _, ViewLayout.Patched _ ->
          one(sheet);
    };
  }

  private ProcessedPicture one(Frame frame) {
    return new ProcessedPicture(List.of(finish.unchanged(frame)), new ViewLayout.Whole());
  }

  /// The size in whole tiles: the longer side rounded up, the other by the aspect ratio and then
  /// rounded up.
  private Extent sheet(Extent picture) {
    double ratio = (double) picture.width() / picture.height();
    if (picture.width() >= picture.height()) {
      int width = up(picture.width());
      return new Extent(up((int) (width / ratio)), width);
    }
    int height = up(picture.height());
    return new Extent(height, up((int) (height * ratio)));
  }

  private int up(int length) {
    return Math.max(1, Math.ceilDiv(length, split.side())) * split.side();
  }
}
