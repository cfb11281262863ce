package dev.lynceus.lab.measure;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.score.Share;
import dev.lynceus.report.StaticPage;
import dev.lynceus.report.StaticPage.Section;
import dev.lynceus.report.StaticPage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The findings as one page: what was asked, what came out, how sure it is, and what the published
/// figures are.
public final class FindingsPage {
  private FindingsPage() {}

  /// The page.
  ///
  /// @param command that made it
  public static String html(FindingsReport report, String command) {
    return new StaticPage(
            "Does a small model that sees work as large ones do?",
            lead(report),
            List.of(
                inShort(report),
                Examples.section(report),
                sameHeads(report),
                ControlSections.kinds(report),
                looks(report),
                words(report),
                ControlSections.readings(report),
                inherited(report),
                checks(report),
                ControlSections.rivals(report),
                BorrowPage.section(report),
                paper(report)),
            command)
        .html();
  }

  private static String lead(FindingsReport report) {
    return "Yu and Ananiadou (arXiv 2411.10950) reported three things about LLaVA-1.5-7B: it answers questions about"
        + " pictures with the heads that answer questions about texts; its visual tokens can be read as words; and"
        + " those heads were there before it could see. Here the same is measured on %s and its text-only base %s,"
            .formatted(report.model(), report.base())
        + " on %d scenes of two to four objects that neither was trained on. Every scene exists as a picture and as a"
            .formatted(report.scenes())
        + " text that states the same facts, and both are asked the same question: the colour of one object."
        + " Beside these (d): what the model says where the object is not there, and whose colour that is."
        + " Brackets are 95 % intervals.";
  }

  private static Section inShort(FindingsReport report) {
    Agreement same = report.agreements().get(0);
    Agreement kept = report.agreements().get(2);
    FindingsReport.PatchWords best = bestDepth(report);
    return new Section(
        "In short",
        "Each finding in one line, with the change to the model that tests it.",
        List.of(
            new Table(
                "",
                List.of("finding", "measured", "compared with", "tested by a change"),
                List.of(
                    List.of(
                        "(a) pictures and texts: the same heads?",
                        "%s of the 10 best heads shared".formatted(one(same.shared().value())),
                        one(same.within()) + " by chance in the same layers",
                        ablated(report, "texts")),
                    List.of(
                        "(b) can visual tokens be read as words?",
                        "mean 1 / rank of the colour: %s, best depth (%s)"
                            .formatted(Share.plain(best.colour().value()), depth(best.depth())),
                        "%s on the background, %s for an absent colour"
                            .formatted(
                                Share.plain(best.background().value()),
                                Share.plain(best.otherColour().value())),
                        erased(report)),
                    List.of(
                        "(c) pictures and base: the same heads?",
                        "%s of the 10 best heads shared".formatted(one(kept.shared().value())),
                        one(kept.within()) + " by chance in the same layers",
                        ablated(report, "base")),
                    BorrowPage.inShort(report)))),
        "");
  }

  private static String ablated(FindingsReport report, String chosen) {
    String task = "tuned, pictures";
    double whole = right(report, task, "none", 0);
    int count = 5;
    return "pictures, the 5 best heads %s silenced: %s right instead of %s; 5 others of the same layers: %s"
        .formatted(
            chosen.equals("base") ? "of the base" : "for " + chosen,
            Share.plain(right(report, task, chosen, count)),
            Share.plain(whole),
            Share.plain(right(report, task, "same layers", count)));
  }

  private static String erased(FindingsReport report) {
    List<FindingsReport.Erasure> rows = report.erasures();
    return "the object's tokens blanked: %s right instead of %s; as many of the background: %s"
        .formatted(
            Share.plain(rows.get(1).right().share()),
            Share.plain(rows.get(0).right().share()),
            Share.plain(rows.get(3).right().share()));
  }

  static double right(FindingsReport report, String task, String chosen, int count) {
    return report.ablations().stream()
        .filter(a -> a.task().equals(task) && a.chosen().equals(chosen) && a.count() == count)
        .filter(a -> a.how().equals(Silencing.ZERO.label()))
        .mapToDouble(a -> a.right().share())
        .findFirst()
        .orElse(Double.NaN);
  }

  private static FindingsReport.PatchWords bestDepth(FindingsReport report) {
    return report.patches().stream()
        .max(java.util.Comparator.comparingDouble(p -> p.colour().value()))
        .orElseThrow();
  }

  private static Section sameHeads(FindingsReport report) {
    return new Section(
        "(a) Are pictures and texts answered by the same heads?",
        "Log increase of every head: how much it alone, added to its layer’s input, raises the log probability of the"
            + " right colour; mean over %d scenes that were answered right in every form. Orange raises it, blue"
                .formatted(report.right())
            + " lowers it; one scale for all three. There are %d heads in all, so ten are a large part of them."
                .formatted(report.visual().length),
        List.of(
            new StaticPage.Charts(FindingsPlots.headMaps(report)),
            new Table(
                "Best heads",
                List.of("form", "heads, best first, with their increase"),
                List.of(
                    List.of("tuned, pictures", best(report, report.visual())),
                    List.of("tuned, texts", best(report, report.textual())),
                    List.of("base, texts", best(report, report.baseline())))),
            agreements(report)),
        "Shared: how many of the ten (five) best heads of the one form are among the ten (five) best of the other. By"
            + " chance in layers: mean over 2,000 random pairings of the heads inside their layers, and what 95 % of them stay"
            + " at or below; anywhere: pairings over the whole model, a weaker control, since the best heads of any question"
            + " lie in few layers. p: part of the pairings inside layers with a rank correlation as large. Increases are correlations; the checks by change are"
            + " further down.");
  }

  private static Table agreements(FindingsReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (Agreement pair : report.agreements()) {
      rows.add(
          List.of(
              pair.first() + " / " + pair.second(),
              "%s [%s, %s]"
                  .formatted(
                      one(pair.shared().value()),
                      one(pair.shared().low()),
                      one(pair.shared().high())),
              "%s (95 %%: %s)".formatted(one(pair.within()), one(pair.withinHigh())),
              one(pair.chance()),
              "%s [%s, %s]"
                  .formatted(
                      one(pair.sharedFive().value()),
                      one(pair.sharedFive().low()),
                      one(pair.sharedFive().high())),
              pair.spearman().text(),
              pair.withinP() < .001 ? "under 0.001" : Share.plain(pair.withinP())));
    }
    return new Table(
        "How far the forms agree",
        List.of(
            "forms",
            "of 10 shared",
            "by chance in layers",
            "anywhere",
            "of 5 shared",
            "rank correlation",
            "p"),
        rows);
  }

  private static String best(FindingsReport report, double[] values) {
    List<String> names = new ArrayList<>();
    int[] ranking = Ranks.ranking(values);
    for (int i = 0; i < Math.min(10, ranking.length); i++) {
      names.add(report.head(ranking[i]) + " " + Spoken.signed(values[ranking[i]]));
    }
    return String.join(" · ", names);
  }

  private static Section looks(FindingsReport report) {
    List<List<String>> shifts = new ArrayList<>();
    for (FindingsReport.Shift shift : report.attention()) {
      shifts.add(List.of(shift.form(), shift.asked().text(), shift.other().text()));
    }
    List<List<String>> values = new ArrayList<>();
    for (FindingsReport.ValueWords row : report.values()) {
      values.add(
          List.of(
              row.form() + ", " + row.vector(),
              row.colour().text(),
              Share.plain(row.colourElsewhere().value()),
              row.noun().text(),
              Share.plain(row.nounElsewhere().value())));
    }
    return new Section(
        "(a) Do they look at what is asked, and move its colour?",
        "The three best heads of each form, at the position that predicts the colour.",
        List.of(
            new Table(
                "Attention on the patches, or the sentence, of one object",
                List.of("form", "when it is asked about", "when another one is"),
                shifts),
            new Table(
                "Words, as mean of 1 / rank over the vocabulary of %d tokens"
                    .formatted(report.vocabulary()),
                List.of(
                    "form, vector",
                    "colour, best positions",
                    "random positions",
                    "object’s word, best positions",
                    "random positions"),
                values)),
        "Best positions: the five patches, or two words, with the largest log increase through the head. Value output:"
            + " what the head moves from there into the predicting position. Layer input: all that is there. Both are"
            + " read through the unembedding with frozen variance. 1 is the top word everywhere, %s the mean of a random"
                .formatted(Share.plain(harmonic(report.vocabulary())))
            + " rank.");
  }

  /// Mean of 1 / rank where all ranks are equally likely.
  static double harmonic(int count) {
    double sum = 0;
    for (int rank = 1; rank <= count; rank++) {
      sum += 1.0 / rank;
    }
    return sum / count;
  }

  private static Section words(FindingsReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (FindingsReport.PatchWords row : report.patches()) {
      rows.add(
          List.of(
              depth(row.depth()),
              row.colour().text(),
              Share.plain(row.otherColour().value()),
              Share.plain(row.background().value()),
              rank(row.medianColour()),
              row.noun().text(),
              Share.plain(row.otherNoun().value()),
              Share.plain(row.nounBackground().value()),
              rank(row.medianNoun())));
    }
    return new Section(
        "(b) Can visual tokens be read as words?",
        "Patches of which the asked object covers at least half, read at every depth as if the model had to speak there."
            + " Mean of 1 / rank of a word over the vocabulary of %d tokens; mean over scenes."
                .formatted(report.vocabulary()),
        List.of(
            new StaticPage.Charts(FindingsPlots.depths(report)),
            new Table(
                "",
                List.of(
                    "read from",
                    "its colour",
                    "a colour not in the picture",
                    "its colour, on the background",
                    "median rank",
                    "its word",
                    "a word for nothing there",
                    "its word, on the background",
                    "median rank"),
                rows)),
        "The first row multiplies visual tokens with the input embeddings, as published. The others use the logit lens:"
            + " the model’s last norm and unembedding on the residual stream. An unreadable depth does not mean that"
            + " nothing is known there.");
  }

  static String depth(int depth) {
    return switch (depth) {
      case -1 -> "input embeddings";
      case 0 -> "layer 0’s input";
      default -> "after layer " + (depth - 1);
    };
  }

  private static String rank(double rank) {
    return String.format(Locale.ROOT, "%.0f", rank);
  }

  private static Section inherited(FindingsReport report) {
    return new Section(
        "(c) Are the heads those of the base?",
        "Mean log increase of each head in the text-only base against the tuned model. On the dashed line nothing has"
            + " changed; above it the tuned model uses the head more. The five best heads of the tuned model are named.",
        List.of(new StaticPage.Charts(FindingsPlots.scatters(report))),
        "");
  }

  private static Section checks(FindingsReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (FindingsReport.Erasure row : report.erasures()) {
      rows.add(List.of(row.patches(), row.right().text()));
    }
    return new Section(
        "Checks by change",
        "Heads are silenced (their output is zero at every position), and the share of right colours is counted on other"
            + " scenes than those that the heads were chosen on.",
        List.of(
            new StaticPage.Charts(FindingsPlots.ablations(report)),
            new Table(
                "Visual tokens replaced by the mean token of other pictures",
                List.of("patches", "right"),
                rows)),
        "Random: five draws from heads that are not among the ten best for pictures. Blanked background: as many patches"
            + " as the asked object touches.");
  }

  private static Section paper(FindingsReport report) {
    Agreement seen = report.agreements().get(0);
    Agreement kept = report.agreements().get(1);
    FindingsReport.Shift picture = report.attention().get(0);
    FindingsReport.Shift text = report.attention().get(1);
    FindingsReport.PatchWords embeddings = report.patches().getFirst();
    return new Section(
        "Beside the published figures",
        "What is reported for LLaVA-1.5-7B on 1,000 questions about animals in COCO, as a public review of the paper"
            + " quotes it, and what this model gives.",
        List.of(
            new Table(
                "",
                List.of("quantity", "LLaVA-1.5-7B", report.model()),
                List.of(
                    List.of(
                        "heads of the decoder", "1024", Integer.toString(report.visual().length)),
                    List.of(
                        "10 best heads shared: pictures / texts, tuned",
                        "8",
                        one(seen.shared().value()) + " (by chance " + one(seen.within()) + ")"),
                    List.of(
                        "10 best heads shared: texts, tuned / base",
                        "8",
                        one(kept.shared().value()) + " (by chance " + one(kept.within()) + ")"),
                    List.of(
                        "attention, same object to another, texts", "0.768 to 0.268", shift(text)),
                    List.of(
                        "attention, same object to another, pictures",
                        "0.807 to 0.564",
                        shift(picture)),
                    List.of(
                        "1 / rank of the colour in value output, texts",
                        "0.463",
                        Share.plain(report.values().get(2).colour().value())),
                    List.of(
                        "1 / rank of the colour in value output, pictures",
                        "0.719",
                        Share.plain(report.values().get(0).colour().value())),
                    List.of(
                        "1 / rank of the object in a layer’s input, texts",
                        "0.756",
                        Share.plain(report.values().get(3).noun().value())),
                    List.of(
                        "1 / rank of the object in a layer’s input, pictures",
                        "0.318",
                        Share.plain(report.values().get(1).noun().value())),
                    List.of(
                        "visual tokens on input embeddings, colour / elsewhere",
                        "0.455 / 0.013",
                        Share.plain(embeddings.colour().value())
                            + " / "
                            + Share.plain(embeddings.background().value())),
                    List.of(
                        "visual tokens on input embeddings, object / elsewhere",
                        "0.076 / 0.0003",
                        Share.plain(embeddings.noun().value())
                            + " / "
                            + Share.plain(embeddings.nounBackground().value()))))),
        "Not the same scale: a vocabulary of %d tokens instead of 32,064 makes every rank smaller and 1 / rank larger"
                .formatted(report.vocabulary())
            + " (a random rank gives %s here, 0.0003 there); ten of %d heads are a third or so, ten of 1,024 are one in a"
                .formatted(Share.plain(harmonic(report.vocabulary())), report.visual().length)
            + " hundred. The published attention is that on positions chosen as important; here it is all that lies on the"
            + " object. The published animal figure is at “key positions” of the head; here it is the layer’s input at its"
            + " best positions. The paper changes nothing in the model; the checks above have no counterpart in it.");
  }

  private static String shift(FindingsReport.Shift shift) {
    return Share.plain(shift.asked().value()) + " to " + Share.plain(shift.other().value());
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
