package dev.lynceus.text;

import java.util.ArrayList;
import java.util.List;

/// One message of a conversation.
///
/// @param role `user`, `assistant` or `system`, as templates name them
/// @param content its parts in order
public record Message(String role, List<Content> content) {
  public Message {
    content = List.copyOf(content);
  }

  /// A question without a picture.
  public static Message user(String text) {
    return user(0, text);
  }

  /// A question after some pictures.
  public static Message user(int images, String text) {
    List<Content> content = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      content.add(new Content.Image());
    }
    content.add(new Content.Text(text));
    return new Message("user", content);
  }

  /// An earlier answer.
  public static Message assistant(String text) {
    return new Message("assistant", List.of(new Content.Text(text)));
  }

  /// An instruction before the conversation.
  public static Message system(String text) {
    return new Message("system", List.of(new Content.Text(text)));
  }

  /// Number of videos in the message.
  public int videos() {
    return (int) content.stream().filter(Content.Video.class::isInstance).count();
  }

  /// Number of pictures in the message.
  public int images() {
    return (int) content.stream().filter(Content.Image.class::isInstance).count();
  }

  /// The texts of the message, in order.
  public List<String> texts() {
    return content.stream()
        .filter(Content.Text.class::isInstance)
        .map(part -> ((Content.Text) part).text())
        .toList();
  }

  /// All text of the message, joined as it is.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Content part : content) {
      switch (part) {
        case Content.Text written -> text.append(written.text());
        case Content.Image _, Content.Video _ -> {
          // A picture has no text.
        }
      }
    }
    return text.toString();
  }
}
