package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.words.ContextBank;
import dev.lynceus.method.words.VmHead;
import dev.lynceus.method.words.WordView;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.pupil.world.WorldTexts;
import dev.lynceus.run.Domain;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which ways to read words from visual tokens, and what they need.
final class WordViewOptions {
  private static final int WORLD_TEXTS = 400;
  private static final long WORLD_SEED = 7;
  private static final int SHALLOW = 8;

  /// The kinds of views.
  enum Kind {
    EMBEDDING,
    LENS,
    NEXT,
    HEAD,
    CONTEXT
  }

  @Option(
      names = "--view",
      split = ",",
      defaultValue = "all",
      paramLabel = "NAMES",
      description = {
        "embedding, lens, next, head, context; with commas between, or all. Default: all that the",
        "model has."
      })
  List<String> views = List.of("all");

  @Option(
      names = "--depth",
      split = ",",
      paramLabel = "N",
      description = {
        "Depths at which lens and context read: 0 is what enters the first layer. Default: all of up to",
        "8 layers, else 0 and the quarters."
      })
  List<Integer> depths = List.of();

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = {
        "Texts of the contextual lens, one a line. Default: those of its world for the bundled model;",
        "others have none."
      })
  @Nullable String texts;

  @Option(
      names = "--head",
      paramLabel = "FILE",
      description =
          "A head that tune-words fitted for this model. Default: that of the checkpoint, if it has one.")
  @Nullable String head;

  /// Views with what they read from; closed with them.
  ///
  /// @param views in order
  /// @param contexts those of them that are contextual lenses
  /// @param words the best distribution over words there is: of a head, else the lens at the input
  /// @param notes what was left out, and why
  record Opened(
      List<WordView> views,
      List<WordView.Context> contexts,
      WordView.Distribution words,
      List<String> notes,
      Optional<VmHead> head,
      Optional<ContextBank> bank)
      implements AutoCloseable {
    Opened {
      views = List.copyOf(views);
      contexts = List.copyOf(contexts);
      notes = List.copyOf(notes);
    }

    @Override
    public void close() {
      head.ifPresent(VmHead::close);
      bank.ifPresent(ContextBank::close);
    }
  }

  /// Whether all were asked for that the model has.
  boolean all() {
    return views.contains("all");
  }

  /// The kinds that were asked for.
  ///
  /// @throws LynceusException BAD_REQUEST for a name that there is not
  List<Kind> kinds() {
    if (all()) {
      return List.of(Kind.values());
    }
    return views.stream().distinct().map(WordViewOptions::kind).toList();
  }

  private static Kind kind(String name) {
    try {
      return Kind.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no view '" + name + "'",
          "Use embedding, lens, next, head, context, or all.",
          e);
    }
  }

  /// Opens them for a model.
  ///
  /// @throws LynceusException BAD_REQUEST for a view that was asked for by name and needs a file
  Opened open(LoadedModel model, Progress progress) {
    List<Kind> kinds = kinds();
    boolean all = all();
    List<String> notes = new ArrayList<>();
    Optional<VmHead> opened =
        head == null
            ? VmHead.of(model)
            : Optional.of(VmHead.load(InputFile.REQUEST.path(head), model));
    if (kinds.contains(Kind.HEAD) && opened.isEmpty()) {
      missing(
          all,
          notes,
          "head: the checkpoint has no head for visual words",
          "Fit one: `lynceus tune-words --output FILE`, then --head FILE.");
    }
    Optional<ContextBank> bank = Optional.empty();
    try {
      if (kinds.contains(Kind.CONTEXT)) {
        List<String> lines = lines(model);
        if (lines.isEmpty()) {
          missing(
              all,
              notes,
              "context: the contextual lens needs texts",
              "Give a file of them, one a line: --texts FILE.");
        } else {
          bank = Optional.of(ContextBank.of(model, lines, ContextBank.Limits.DEFAULT, progress));
        }
      }
      return opened(model.model().decoder().config(), kinds, opened, bank, notes);
    } catch (RuntimeException failure) {
      opened.ifPresent(VmHead::close);
      throw failure;
    }
  }

  private Opened opened(
      TextConfig config,
      List<Kind> kinds,
      Optional<VmHead> opened,
      Optional<ContextBank> bank,
      List<String> notes) {
    List<WordView> chosen = new ArrayList<>();
    List<WordView.Context> contexts = new ArrayList<>();
    for (Kind kind : kinds) {
      switch (kind) {
        case EMBEDDING -> chosen.add(new WordView.Embedding());
        case LENS -> depths(config).forEach(depth -> chosen.add(new WordView.Lens(depth)));
        case NEXT -> chosen.add(new WordView.Next());
        case HEAD -> opened.ifPresent(one -> chosen.add(new WordView.Head(one)));
        case CONTEXT ->
            bank.ifPresent(states ->
                depths(config).forEach(depth -> contexts.add(new WordView.Context(states, depth))));
      }
    }
    chosen.addAll(contexts);
    WordView.Distribution words =
        opened.<WordView.Distribution>map(WordView.Head::new).orElse(new WordView.Lens(0));
    return new Opened(chosen, contexts, words, notes, opened, bank);
  }

  private static void missing(boolean all, List<String> notes, String what, String next) {
    if (!all) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, what, next);
    }
    notes.add(what + ". " + next);
  }

  private List<String> lines(LoadedModel model) {
    if (texts != null) {
      return InputFile.REQUEST.lines(InputFile.REQUEST.path(texts));
    }
    return Domain.of(model.checkpoint()).isPresent()
        ? WorldTexts.lines(WORLD_SEED, WORLD_TEXTS)
        : List.of();
  }

  private List<Integer> depths(TextConfig config) {
    if (!depths.isEmpty()) {
      return depths.stream().distinct().sorted().toList();
    }
    if (config.layers() <= SHALLOW) {
      return IntStream.rangeClosed(0, config.layers()).boxed().toList();
    }
    TreeSet<Integer> some = new TreeSet<>(ContextBank.depths(config));
    some.add(0);
    return List.copyOf(some);
  }
}
