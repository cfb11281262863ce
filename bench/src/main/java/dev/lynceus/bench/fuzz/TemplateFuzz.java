package dev.lynceus.bench.fuzz;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.text.ChatTemplate;
import dev.lynceus.text.Message;
import dev.lynceus.text.jinja.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chat templates of all families with parts dropped, doubled and put in, and programs that are
/// made of the language's own words; rendered for conversations.
final class TemplateFuzz implements FuzzKind {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<List<Message>> CONVERSATIONS =
      List.of(
          List.of(Message.user(1, "What is it?")),
          List.of(Message.user("Hello"), Message.assistant("Hi"), Message.user(2, "And now?")),
          List.of(Message.system("Be brief."), Message.user("x".repeat(500))));

  private final List<String> seeds = new ArrayList<>();

  TemplateFuzz() {
    try {
      for (Path file : Fuzz.seeds("templates.json")) {
        JSON.readTree(Files.readString(file))
            .path("templates")
            .forEach(template -> seeds.add(template.asString("")));
      }
      for (Path file : Fuzz.seeds("chat_template.jinja")) {
        seeds.add(Files.readString(file));
      }
      for (Path file : Fuzz.seeds("expressions.json")) {
        for (JsonNode one : JSON.readTree(Files.readString(file)).path("cases")) {
          seeds.add(one.path("source").asString(""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "templates";
  }

  @Override
  public String about() {
    return "chat templates, changed and made up";
  }

  @Override
  public FuzzCase make(long seed, int index, Path folder) throws IOException {
    RandomGenerator random = Fuzz.random(name(), seed, index);
    List<String> done = new ArrayList<>();
    String source;
    List<String> alone = new ArrayList<>();
    if (random.nextInt(2) == 0) {
      List<String> statements = new TemplateProgram(random).statements();
      source = TemplateProgram.BEGIN + String.join("", statements);
      statements.forEach(statement -> alone.add(TemplateProgram.BEGIN + statement));
      done.add("a program of " + source.length() + " characters: " + source);
    } else {
      source =
          TextMutation.mutate(
              random, Fuzz.pick(random, seeds), TemplateProgram.WORDS, 1 + random.nextInt(4), done);
    }
    Files.writeString(folder.resolve("chat_template.jinja"), source);
    Files.writeString(
        folder.resolve("config.json"),
        random.nextInt(3) == 0 ? "{\"model_type\": \"llama\"}" : "{\"vision_config\": {}}");
    List<Message> conversation = Fuzz.pick(random, CONVERSATIONS);
    boolean prompt = random.nextBoolean();
    return new FuzzCase(
        String.join("; ", done),
        () -> {
          // A statement that fails hides those after it, so each is run alone as well.
          alone.forEach(TemplateFuzz::runAlone);
          ChatTemplate.of(folder).render(conversation, prompt);
        });
  }

  private static void runAlone(String source) {
    try {
      Template.parse("statement", source)
          .render(Map.of("messages", List.of(Map.of("role", "user", "content", "What is it?"))));
    } catch (LynceusException e) {
      if (e.code() != ErrorCode.BAD_CHECKPOINT && e.code() != ErrorCode.BAD_REQUEST) {
        throw e;
      }
    }
  }
}
