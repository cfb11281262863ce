package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.AskRequest;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus ask`: answers, word by word as the words come.
@Command(
    name = "ask",
    header = "Answer a question about pictures, or without any for a text-only model.",
    description = {
      "",
      "With --chat the conversation goes on: one question a line, from the terminal or from a",
      "pipe, until the input ends. Pictures belong to the first question, which may stand on the",
      "command line too.",
      ""
    },
    sortOptions = false)
final class AskCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(names = "--chat", description = "Go on with further questions from stdin.")
  boolean chat;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin SamplingOptions sampling = new SamplingOptions();

  @Option(
      names = "--weigh",
      description = {
        "Also tell how probable each token is where nothing may look at the pictures. Takes twice as",
        "long."
      })
  boolean weigh;

  @Option(
      names = "--json",
      description = "Each answer as one line of JSON, with the log probability of every token.")
  boolean json;

  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  AskCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = chat ? arguments.begin() : arguments.read();
    AskRequest request = sampling.request(models.spec(), arguments.question(asked), weigh);
    if (chat && written.file != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--request is about one question, and --chat goes on",
          "Leave one of them out.");
    }
    if (written.wrote(request, false, console)) {
      return 0;
    }
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Answers answers = new Answers(console, progress, json);
      if (chat) {
        new Conversation(console, answers, model, request, asked.pictures(model)).hold();
      } else {
        answers.give(Task.of(model, request, asked.from()));
      }
    }
    return 0;
  }
}
