package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.regex.Pattern;

/// The name of a model on the Hugging Face hub: `org/name`, or `name` alone as the oldest models
/// have it, and a revision (branch, tag, commit).
///
/// @param repository `org/name` or `name`
/// @param revision a branch, a tag, or 40 hexadecimal digits; `main` where the user names none
public record ModelReference(String repository, String revision) {

  /// The revision that is meant where none is named.
  public static final String DEFAULT_REVISION = "main";

  static final String FOLDER_PREFIX = "models--";

  private static final String PART = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
  private static final Pattern REPOSITORY = Pattern.compile("(?:" + PART + "/)?" + PART);
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*");

  /// Checks both parts; neither can climb out of the cache folder.
  ///
  /// @throws LynceusException BAD_REQUEST where they are not as the hub has them
  public ModelReference {
    if (!isRepository(repository) || !isRevision(revision)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + repository + "@" + revision + "' is not the name of a model",
          "Write org/name or org/name@revision, or give a folder.");
    }
  }

  /// Reads `org/name[@revision]`.
  ///
  /// @throws LynceusException BAD_REQUEST where the text is not of that form
  public static ModelReference parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new ModelReference(text, DEFAULT_REVISION)
        : new ModelReference(text.substring(0, at), text.substring(at + 1));
  }

  /// Whether a text has the form `org/name[@revision]`.
  public static boolean isReference(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? isRepository(text)
        : isRepository(text.substring(0, at)) && isRevision(text.substring(at + 1));
  }

  /// The command that fetches this model into the cache.
  public String downloadCommand() {
    return "hf download "
        + repository
        + (revision.equals(DEFAULT_REVISION) ? "" : " --revision " + revision);
  }

  /// `org/name`, with the revision unless it is the default.
  @Override
  public String toString() {
    return revision.equals(DEFAULT_REVISION) ? repository : repository + "@" + revision;
  }

  /// The folder in the cache: `models--org--name`.
  String cacheFolder() {
    return FOLDER_PREFIX + repository.replace("/", "--");
  }

  private static boolean isRepository(String text) {
    return REPOSITORY.matcher(text).matches()
        && !text.contains("--")
        && !text.contains("..")
        && !text.endsWith(".git");
  }

  private static boolean isRevision(String text) {
    return REVISION.matcher(text).matches() && !text.contains("..");
  }
}
