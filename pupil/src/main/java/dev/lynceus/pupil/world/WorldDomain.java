package dev.lynceus.pupil.world;

import dev.lynceus.image.RgbImage;
import dev.lynceus.text.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells prompts of this world from others: one question of a taught form about known things, about
/// one picture of flat silhouettes or about a text that states facts.
///
/// Of questions of every kind about 300 scenes and 500 texts none is called strange. Of photographs
/// the size tells nearly all; cut to the world's size, two in three have no flat thing, and the
/// others, with clipped shadows or sky in them, pass for pictures of this world.
public final class WorldDomain {
  private static final QuestionForms PICTURES =
      new QuestionForms(Silhouette.names(), QuestionForms.WORLD);
  private static final QuestionForms SKILLS =
      new QuestionForms(Silhouette.names(), QuestionForms.SKILLS);

  /// Pictures of one question that a model of further skills was taught.
  private static final int MOST_PICTURES = 3;

  private static final QuestionForms TEXTS = new QuestionForms(Story.nouns(), QuestionForms.WORLD);

  private WorldDomain() {}

  /// Why a conversation is not of this world, a sentence each; empty where it is.
  ///
  /// @param messages the last one is the question
  /// @param pictures of all messages
  /// @param sees whether the model takes pictures
  public static List<String> outside(
      List<Message> messages, List<RgbImage> pictures, boolean sees) {
    List<String> outside = conversation(messages);
    if (pictures.size() > 1) {
      outside.add("it was made for one picture, and is asked about " + pictures.size());
    }
    for (int i = 0; i < pictures.size(); i++) {
      picture(pictures.get(i), pictures.size() > 1 ? "picture " + (i + 1) : "the picture")
          .ifPresent(outside::add);
    }
    String question = messages.getLast().text();
    if (!pictures.isEmpty()) {
      outside.addAll(PICTURES.strange(question));
    } else {
      Optional<String> asked = QuestionForms.afterStory(question);
      if (asked.isPresent()) {
        outside.addAll(TEXTS.strange(asked.get()));
      } else {
        outside.add(
            (sees
                    ? "there is no picture, and the question begins with no text that states facts"
                    : "the question begins with no text that states facts")
                + ", such as \u201cThe dog is brown.\u201d");
      }
    }
    return List.copyOf(outside);
  }

  /// The same for a model of further skills: up to three pictures of any size, marked or not, and
  /// more forms of questions. A picture needs a flat spot, which nearly all photographs have, too.
  public static List<String> outsideOfSkills(List<Message> messages, List<RgbImage> pictures) {
    if (pictures.isEmpty()) {
      return outside(messages, pictures, true);
    }
    List<String> outside = conversation(messages);
    if (pictures.size() > MOST_PICTURES) {
      outside.add(
          "it was made for up to %d pictures, and is asked about %d"
              .formatted(MOST_PICTURES, pictures.size()));
    }
    for (int i = 0; i < pictures.size(); i++) {
      if (!FlatThings.spot(pictures.get(i))) {
        outside.add(
            (pictures.size() > 1 ? "picture " + (i + 1) : "the picture")
                + " shows no flat silhouette, which is all that it was made for");
      }
    }
    outside.addAll(SKILLS.strange(messages.getLast().text()));
    return List.copyOf(outside);
  }

  /// Whether more is asked than one question; a list that can grow.
  static List<String> conversation(List<Message> messages) {
    List<String> outside = new ArrayList<>();
    if (messages.stream().filter(message -> message.role().equals("user")).count() > 1) {
      outside.add("it was made for one question at a time, and knows no conversation");
    }
    return outside;
  }

  /// Whether a word, in small letters, names a thing or a colour of this world, be there one or
  /// several.
  public static boolean knows(String word) {
    return PICTURES.knows(word) || TEXTS.knows(word);
  }

  private static Optional<String> picture(RgbImage image, String name) {
    if (image.width() != World.SIZE || image.height() != World.SIZE) {
      return Optional.of(
          "%s has %d x %d pixels; it was made for silhouettes in pictures of %d x %d"
              .formatted(name, image.width(), image.height(), World.SIZE, World.SIZE));
    }
    return FlatThings.in(image)
        ? Optional.empty()
        : Optional.of(name + " shows no flat silhouette, which is all that it was made for");
  }
}
