package dev.lynceus.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.CacheFolder;
import dev.lynceus.tensor.file.FileFault;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The seam to the native tokenizers library: one object is one `tokenizer.json` in native memory.
///
/// The library is called below DJL's own `HuggingFaceTokenizer`, because that class truncates to
/// 512 tokens unless told otherwise, rewrites decoded text, and reports its use over the network.
/// Safe for use by several threads: the native object is never changed after construction.
final class NativeTokenizer {
  private static final Cleaner CLEANER = Cleaner.create();

  /// Bytes of heap that one character may need when its tokens come back from the library, which
  /// ends the process where there is no room for them.
  private static final int ROOM = 200;

  private final long handle;
  private final String name;
  private final int longestText;

  private NativeTokenizer(long handle, String name, int longestText) {
    this.handle = handle;
    this.name = name;
    this.longestText = longestText;
    CLEANER.register(this, () -> Library.get().deleteTokenizer(handle));
  }

  /// What one encode call returns, with offsets in code points of the text.
  @SuppressWarnings("ArrayRecordComponent")
  record Raw(long[] ids, String[] pieces, long[] segments, int[] starts, int[] ends) {}

  /// Builds the native tokenizer.
  ///
  /// @param json content of a `tokenizer.json` that was checked
  /// @param name what to call it in an error
  /// @param longestText characters of the longest text that may be encoded
  static NativeTokenizer of(String json, String name, int longestText) {
    TokenizersLibrary library = Library.get();
    try {
      long handle = library.createTokenizerFromString(json);
      library.disableTruncation(handle);
      library.disablePadding(handle);
      return new NativeTokenizer(handle, name, longestText);
    } catch (RuntimeException e) {
      throw unreadable(name, rootMessage(e), e);
    }
  }

  static LynceusException unreadable(String name, String reason, @Nullable Throwable cause) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        name + " is not a tokenizer that can be read: " + reason,
        "Download the file again, or write it anew with save_pretrained of transformers.",
        cause);
  }

  /// Refuses a text that is too long, before the library sees it.
  private void refuseLong(int length) {
    if (length > longestText) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the text has " + length + " characters, this tokenizer takes " + longestText,
          "Shorten the text.");
    }
    if (length > 10_000) {
      byte[] room = new byte[ROOM * length];
      Reference.reachabilityFence(room);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  Raw encode(String text, @Nullable String second, boolean withSpecialTokens) {
    TokenizersLibrary lib = Library.get();
    refuseLong(text.length() + (second == null ? 0 : second.length()));
    long encoding;
    try {
      encoding =
          second == null
              ? lib.encode(handle, wellFormed(text), withSpecialTokens)
              : lib.encodeDual(handle, wellFormed(text), wellFormed(second), withSpecialTokens);
    } catch (RuntimeException e) {
      throw unreadable(name, "a text has no tokens in it: " + rootMessage(e), e);
    }
    try {
      CharSpan[] spans = lib.getTokenCharSpans(encoding);
      int[] starts = new int[spans.length];
      int[] ends = new int[spans.length];
      for (int i = 0; i < spans.length; i++) {
        // A token that the post-processor added stands for no characters and has no span.
        @Nullable CharSpan span = spans[i];
        starts[i] = span == null ? 0 : span.getStart();
        ends[i] = span == null ? 0 : span.getEnd();
      }
      return new Raw(
          lib.getTokenIds(encoding),
          lib.getTokens(encoding),
          lib.getTypeIds(encoding),
          starts,
          ends);
    } finally {
      lib.deleteEncoding(encoding);
      Reference.reachabilityFence(this);
    }
  }

  /// A lone surrogate has no UTF-8 form; the replacement character stands in for it.
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return new String(
            text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
            java.nio.charset.StandardCharsets.UTF_16BE);
      }
    }
    return text;
  }

  /// Loads the native library on first use, and remembers why it could not. The switches must be
  /// set before any DJL class runs: no usage reports, no downloads, the CPU build, and unpacking
  /// inside our own cache folder.
  private static final class Library {
    private static final String WHAT = "the native tokenizers library";
    private static final Loaded LOADED = load();

    /// The library, or why there is none.
    private record Loaded(
        @Nullable TokenizersLibrary library, @Nullable LynceusException failure) {}

    static TokenizersLibrary get() {
      if (LOADED.library != null) {
        return LOADED.library;
      }
      LynceusException first = Objects.requireNonNull(LOADED.failure);
      throw new LynceusException(
          first.code(), String.valueOf(first.getMessage()), first.nextStep(), first);
    }

    private static Loaded load() {
      try {
        return new Loaded(open(CacheFolder.ofProcess().folder("native", WHAT)), null);
      } catch (LynceusException e) {
        return new Loaded(null, e);
      } catch (RuntimeException | LinkageError e) {
        return new Loaded(null, failure(e));
      }
    }

    private static LynceusException failure(Throwable e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof IOException)) {
        cause = cause.getCause();
      }
      if (cause instanceof IOException io) {
        Path folder = CacheFolder.ofProcess().root().resolve("native");
        return CacheFolder.notWritable(folder, WHAT, FileFault.reason(io), e);
      }
      return new LynceusException(
          ErrorCode.INTERNAL,
          WHAT + " cannot be loaded on this system: " + rootMessage(e),
          "It is there for Linux, macOS and Windows; if programs may not be run from the folder of"
              + " caches (mount option noexec), set LYNCEUS_CACHE to another.",
          e);
    }

    private static TokenizersLibrary open(Path folder) {
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("ai.djl.offline", "true");
      setIfAbsent("RUST_FLAVOR", "cpu");
      setIfAbsent("ENGINE_CACHE_DIR", folder.toString());
      setIfAbsent("DJL_CACHE_DIR", folder.toString());
      // DJL logs through SLF4J; where no provider is there SLF4J would warn on stderr.
      setIfAbsent("slf4j.internal.verbosity", "ERROR");
      LibUtils.checkStatus();
      return TokenizersLibrary.LIB;
    }

    private static void setIfAbsent(String key, String value) {
      if (System.getProperty(key) == null) {
        System.setProperty(key, value);
      }
    }
  }
}
