package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.edit.EditReport;
import dev.lynceus.method.edit.EditTrial;
import dev.lynceus.method.edit.EditTrial.Answers;
import java.util.ArrayList;
import java.util.List;

/// An edit as one page: whether it took, what it reaches, what it breaks, and how it was found.
public final class EditPage {
  private static final int SHOWN = 60;

  private EditPage() {}

  /// The page.
  ///
  /// @param model its name
  /// @param command that makes the page again; may be empty
  public static String html(String model, EditReport found, String command) {
    List<StaticPage.Section> sections = new ArrayList<>();
    sections.add(
        new StaticPage.Section(
            "In short",
            "",
            List.of(
                new StaticPage.Finding(found.conclusion(), "image", ""),
                new StaticPage.Table(
                    "",
                    List.of(
                        "questions",
                        "say “%s” before".formatted(found.said()),
                        "after",
                        "after random changes",
                        "as before",
                        "after random changes"),
                    found.groups().stream().map(EditPage::row).toList())),
            "Shares with 95 % intervals after Wilson. A random change writes a value of the same"
                + " length for the same key."));
    answers(sections, "Answers that changed", found.answers(), true);
    answers(sections, "Answers that stayed", found.answers(), false);
    if (!found.losses().isEmpty()) {
      sections.add(made(found));
    }
    return new StaticPage(
            found.question(),
            "%s, edited in layer %d so that of “%s” it says “%s”."
                .formatted(model, found.layer(), found.subject(), found.said()),
            sections,
            command)
        .html();
  }

  private static List<String> row(EditTrial.Tally one) {
    return List.of(
        "%s (%d)".formatted(one.group().label(), one.before().of()),
        one.before().text(),
        one.after().text(),
        one.random().text(),
        one.kept().text(),
        one.randomKept().text());
  }

  private static void answers(
      List<StaticPage.Section> sections, String title, List<Answers> answers, boolean changed) {
    List<Answers> some =
        answers.stream().filter(one -> one.after().equals(one.before()) != changed).toList();
    if (some.isEmpty()) {
      return;
    }
    StaticPage.Table table =
        new StaticPage.Table(
            "",
            changed
                ? List.of("question", "what it is", "before", "after")
                : List.of("question", "what it is", "answer"),
            some.stream()
                .limit(SHOWN)
                .map(one ->
                    changed
                        ? List.of(one.question(), one.group().label(), one.before(), one.after())
                        : List.of(one.question(), one.group().label(), one.before()))
                .toList());
    sections.add(
        new StaticPage.Section(
            title,
            some.size() > SHOWN
                ? "The first %d of %d.".formatted(SHOWN, some.size())
                : "All %d of them.".formatted(some.size()),
            changed ? List.of(table) : List.of(new StaticPage.Closed("Show them", List.of(table))),
            ""));
  }

  private static StaticPage.Section made(EditReport found) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < found.losses().size(); i++) {
      rows.add(List.of(Integer.toString(i), Spoken.number(found.losses().get(i))));
    }
    return new StaticPage.Section(
        "How it was found",
        ("The value that layer %d writes at the last token of “%s” was sought in %d text%s; what was"
                + " added is %s times as long as the value that was written before. The key's direction"
                + " was made of %d keys. Changed is %s, by one outer product.")
            .formatted(
                found.layer(),
                found.subject(),
                found.texts(),
                found.texts() == 1 ? "" : "s",
                Spoken.number(found.length()),
                found.keys(),
                found.tensor()),
        List.of(
            new StaticPage.Closed(
                "Loss before each step, nats",
                List.of(new StaticPage.Table("", List.of("step", "loss"), rows)))),
        "");
  }
}
