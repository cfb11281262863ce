package dev.lynceus.lab.strategy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.ArrayList;
import java.util.List;

/// How a question and its pictures become a prompt.
///
/// @param model that is asked
/// @param name of the picture
/// @param raw whether the question is the whole prompt, with a placeholder for each picture
/// @param start words that answers begin with; may be empty
public record Asking(LoadedModel model, String name, boolean raw, String start) {

  /// In the chat template of the model.
  public static Asking of(LoadedModel model) {
    return new Asking(model, "picture", false, "");
  }

  /// A prompt.
  public Prompt prompt(String question, List<RgbImage> images) {
    List<Picture> pictures = new ArrayList<>();
    for (RgbImage image : images) {
      pictures.add(model.picture(name, image));
    }
    return raw
        ? model.raw(question + start, pictures.toArray(Picture[]::new))
        : model.prompt(question, pictures, start);
  }
}
