package dev.lynceus.lab.measure;

import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.World;
import dev.lynceus.report.MapPicture;
import dev.lynceus.report.Outline;
import dev.lynceus.report.StaticPage.Gallery;
import dev.lynceus.report.StaticPage.Part;
import dev.lynceus.report.StaticPage.Section;
import dev.lynceus.report.StaticPage.Shot;
import dev.lynceus.report.StaticPage.Table;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/// Whose colour is named where a thing is not there: the part of the findings about it.
final class BorrowPage {
  private BorrowPage() {}

  /// The card.
  static Section section(FindingsReport report) {
    List<Borrowed> all = report.borrowed();
    List<Part> parts = new ArrayList<>();
    parts.add(new Gallery(all.stream().flatMap(BorrowPage::shots).toList()));
    parts.add(
        table(
            all,
            "What it says",
            "answers",
            Stream.concat(
                Stream.of(
                    row(all, "name the colour of a thing of the picture", one -> one.named()),
                    row(all, "the same held against another picture", one -> one.elsewhere())),
                Stream.of(
                    row(
                        all,
                        "changed without the owner: then another present thing’s colour",
                        one -> one.passed())))));
    parts.add(maps(all));
    List<List<String>> blanks = new ArrayList<>();
    for (int i = 0; i < all.getFirst().blanks().size(); i++) {
      int at = i;
      blanks.add(
          row(
              all,
              all.getFirst().blanks().get(i).patches(),
              one -> one.blanks().get(at).changed()));
    }
    parts.add(table(all, "Answers that change without", "blanked patches", blanks.stream()));
    return new Section(
        "(d) Asked for the colour of what is not there: whose colour is named?",
        "The model is asked for the colour of a thing that the picture does not show. Things of a scene have different"
            + " colours, so a named colour has one owner. Maps are the log increase of every patch for the named colour;"
            + " the outline is the owner, which no method was told.",
        parts,
        "Points at: the strongest patch has its centre in the owner’s box. Another thing: the mean over the other things"
            + " of the scene. Blanked patches are replaced by the mean visual token of other scenes; background: as many"
            + " random patches that touch no thing as the owner touches.");
  }

  /// The finding in one line, for the summary.
  static List<String> inShort(FindingsReport report) {
    List<Borrowed> all = report.borrowed();
    Borrowed.Pointed map = all.getFirst().maps().getFirst();
    return List.of(
        "(d) an absent thing’s colour: whose is it?",
        "%s name the colour of a present thing; the map points at it in %s"
            .formatted(
                each(all, one -> one.named().share()),
                each(all, one -> one.maps().getFirst().owner().value())),
        "%s in another picture; %s of the patches are its own"
            .formatted(
                each(all, one -> one.elsewhere().share()), Share.plain(map.chance().value())),
        "its owner blanked: %s of the answers change; another thing: %s; background: %s"
            .formatted(
                each(all, one -> one.blanks().get(0).changed().share()),
                each(all, one -> one.blanks().get(1).changed().share()),
                each(all, one -> one.blanks().get(2).changed().share())));
  }

  private static String each(List<Borrowed> all, Function<Borrowed, Double> value) {
    return String.join(" and ", all.stream().map(one -> Share.plain(value.apply(one))).toList());
  }

  private static List<String> row(
      List<Borrowed> all, String name, Function<Borrowed, Share> share) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    for (Borrowed one : all) {
      cells.add(share.apply(one).text());
      cells.add(Integer.toString(share.apply(one).of()));
    }
    return cells;
  }

  private static Table table(
      List<Borrowed> all, String title, String name, Stream<List<String>> rows) {
    List<String> head = new ArrayList<>();
    head.add(name);
    for (Borrowed one : all) {
      head.add("seed " + one.seed());
      head.add("of");
    }
    return new Table(title, head, rows.toList());
  }

  private static Table maps(List<Borrowed> all) {
    List<List<String>> rows = new ArrayList<>();
    for (int m = 0; m < all.getFirst().maps().size(); m++) {
      for (Borrowed one : all) {
        Borrowed.Pointed map = one.maps().get(m);
        rows.add(
            List.of(
                name(map.method()),
                Long.toString(one.seed()),
                map.owner().text(),
                map.other().text(),
                Share.plain(map.chance().value()),
                Integer.toString(map.owner().of())));
      }
    }
    return new Table(
        "Where maps of the named colour point",
        List.of("map", "seed", "points at its owner", "at another thing", "by chance", "scenes"),
        rows);
  }

  private static String name(String method) {
    PatchMethod known = PatchMethod.named(method).getFirst();
    return known.name().replace('-', ' ');
  }

  private static Stream<Shot> shots(Borrowed borrowed) {
    Exam exam = Twin.exam(borrowed.seed());
    return borrowed.examples().stream()
        .map(shown -> {
          BufferedImage picture = exam.scene(shown.scene()).image().toBufferedImage();
          BufferedImage map =
              MapPicture.over(
                  picture,
                  shown.map().stream().mapToDouble(Double::doubleValue).toArray(),
                  shown.rows(),
                  shown.columns());
          List<Integer> box = shown.box();
          double size = World.SIZE;
          return new Shot(
              shown.question(),
              String.format(
                  Locale.ROOT,
                  "“%s”. The %s is %s; without it: “%s”.",
                  shown.answer(),
                  shown.owner(),
                  shown.answer(),
                  shown.after()),
              Outline.box(
                  map, box.get(0) / size, box.get(1) / size, box.get(2) / size, box.get(3) / size));
        });
  }
}
