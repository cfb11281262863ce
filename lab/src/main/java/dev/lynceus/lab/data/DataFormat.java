package dev.lynceus.lab.data;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The formats that are read.
public enum DataFormat {
  /// Lines of JSON with `image` and `question`; Lynceus' own.
  LINES("lines", "lines of JSON with image and question"),
  /// A folder of pictures, described by a metadata file or by the names of their folders.
  IMAGE_FOLDER(
      "image-folder",
      "a folder of pictures with metadata.csv, .jsonl or .parquet, or with classes"),
  /// Tables with pictures in them, as the Hugging Face hub keeps data sets.
  PARQUET("parquet", "Parquet with pictures as {bytes, path}"),
  /// Pictures with boxes and outlines, or with captions.
  COCO("coco", "COCO instances or captions"),
  /// Questions with ten answers each.
  VQA("vqav2", "VQAv2 questions, with their annotations"),
  /// Questions made from scene graphs.
  GQA("gqa", "GQA questions"),
  /// Expressions that refer to a thing of a picture.
  REFCOCO("refcoco", "RefCOCO, RefCOCO+ or RefCOCOg as JSON, with instances.json"),
  /// Questions whether a thing is there.
  POPE("pope", "POPE: lines of JSON with image, text and label"),
  /// A table of picture numbers, questions and answers.
  COCO_QA("coco-qa", "COCO-QA: a CSV file of picture numbers, questions and answers"),
  /// Tables with a header, such as VLMEvalKit's.
  TABLE("table", "VLMEvalKit's TSV with pictures in base64, or a CSV file with a header"),
  /// Archives of samples.
  WEBDATASET("webdataset", "WebDataset: .tar or .tar.gz"),
  /// Questions about passages.
  SQUAD("squad", "SQuAD 1.1 or 2.0, XQuAD, CMRC 2018"),
  /// Questions about charts.
  VLAT("vlat", "reVISit's VLAT or mini-VLAT: config.json");

  private final String label;
  private final String description;

  DataFormat(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /// What options and results call it.
  public String label() {
    return label;
  }

  /// What it is, in a few words.
  public String description() {
    return description;
  }

  /// The format of a label.
  ///
  /// @throws LynceusException BAD_REQUEST with all labels
  public static DataFormat parse(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.BAD_REQUEST,
                "there is no format " + Refusal.quoted(label),
                "Formats are " + labels() + "."));
  }

  /// All labels, for messages.
  static String labels() {
    return Arrays.stream(values()).map(DataFormat::label).collect(Collectors.joining(", "));
  }
}
