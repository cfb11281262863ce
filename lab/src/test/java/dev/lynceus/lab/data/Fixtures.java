package dev.lynceus.lab.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/// Small data sets in every format, with the field names that are published.
final class Fixtures {
  private Fixtures() {}

  /// A picture of one colour.
  static byte[] png(int rgb) {
    BufferedImage image = new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 48; i++) {
      image.setRGB(i % 8, i / 8, rgb);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  static Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static Path picture(Path folder, String name, int rgb) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, png(rgb));
  }

  static Path lines(Path folder) throws IOException {
    picture(folder, "a.png", 0xff0000);
    picture(folder, "b.png", 0x0000ff);
    return write(
        folder,
        "lines.jsonl",
        """
        {"id": 17, "image": "a.png", "question": "What color is it?", "expected": "red", "kind": "colour", "choices": ["red", "blue"], "boxes": [[1, 1, 4, 5]], "present": ["red car"], "right": true}
        {"image": "a.png", "question": "Is it blue?", "answers": ["no", "no", "yes"], "kind": "yesno", "n": 3}

        {"images": ["a.png", "b.png"], "question": "Which is red?", "target": "first"}
        no json
        {"passage": "The cat sat.", "question": "Who sat?", "expected": "The cat"}
        {"question": "Where?"}
        {"image": "../c.png", "question": "Where?"}
        """);
  }

  static Path pope(Path folder) throws IOException {
    picture(folder, "val2014/COCO_val2014_000000310196.jpg", 0x00ff00);
    return write(
        folder,
        "coco_pope_random.json",
        """
        {"question_id": 1, "image": "COCO_val2014_000000310196.jpg", "text": "Is there a snowboard in the image?", "label": "yes"}
        {"question_id": 2, "image": "COCO_val2014_000000310196.jpg", "text": "Is there a car in the image?", "label": "no"}
        """);
  }

  static Path coco(Path folder) throws IOException {
    picture(folder, "val2017/000000000139.jpg", 0x123456);
    return write(
        folder,
        "instances_val2017.json",
        """
        {"info": {"year": 2017}, "licenses": [],
         "images": [{"license": 2, "file_name": "000000000139.jpg", "height": 6, "width": 8, "id": 139},
                    {"file_name": "000000000285.jpg", "height": 6, "width": 8, "id": 285},
                    {"height": 1}],
         "annotations": [
           {"segmentation": [[1.5, 1.0, 4.0, 1.0, 4.0, 3.0]], "area": 2.5, "iscrowd": 0, "image_id": 139, "bbox": [1.5, 1.0, 2.5, 2.0], "category_id": 64, "id": 26547},
           {"segmentation": {"counts": [7, 4, 2, 4, 2, 4, 25], "size": [6, 8]}, "area": 12, "iscrowd": 1, "image_id": 139, "bbox": [1, 1, 3, 4], "category_id": 1, "id": 90},
           {"segmentation": [[1, 2]], "image_id": 285, "bbox": [0, 0, 1, 1], "category_id": 1, "id": 91},
           {"segmentation": [], "image_id": 7, "bbox": [0, 0, 1, 1], "category_id": 1, "id": 92}],
         "categories": [{"supercategory": "person", "id": 1, "name": "person"}, {"supercategory": "furniture", "id": 64, "name": "potted plant"}]}
        """);
  }

  static Path captions(Path folder) throws IOException {
    return write(
        folder,
        "captions_val2017.json",
        """
        {"images": [{"file_name": "000000000139.jpg", "height": 6, "width": 8, "id": 139}],
         "annotations": [{"image_id": 139, "id": 1, "caption": "A room. "}, {"image_id": 139, "id": 2, "caption": "A plant in a room."}]}
        """);
  }

  static Path vqa(Path folder) throws IOException {
    picture(folder, "val2014/COCO_val2014_000000262148.jpg", 0xabcdef);
    write(
        folder,
        "v2_mscoco_val2014_annotations.json",
        """
        {"info": {}, "license": {}, "data_subtype": "val2014", "annotations": [
          {"question_type": "where is", "multiple_choice_answer": "down", "answers": [
            {"answer": "at table", "answer_confidence": "yes", "answer_id": 1}, {"answer": "down", "answer_confidence": "yes", "answer_id": 2},
            {"answer": "skateboard", "answer_confidence": "yes", "answer_id": 3}, {"answer": "down", "answer_confidence": "yes", "answer_id": 4},
            {"answer": "down", "answer_confidence": "yes", "answer_id": 5}, {"answer": "down", "answer_confidence": "yes", "answer_id": 6},
            {"answer": "table", "answer_confidence": "yes", "answer_id": 7}, {"answer": "down", "answer_confidence": "yes", "answer_id": 8},
            {"answer": "down", "answer_confidence": "yes", "answer_id": 9}, {"answer": "down", "answer_confidence": "maybe", "answer_id": 10}],
           "image_id": 262148, "answer_type": "other", "question_id": 262148000}]}
        """);
    return write(
        folder,
        "v2_OpenEnded_mscoco_val2014_questions.json",
        """
        {"info": {}, "task_type": "Open-Ended", "data_type": "mscoco", "license": {}, "data_subtype": "val2014", "questions": [
          {"image_id": 262148, "question": "Where is he looking?", "question_id": 262148000},
          {"image_id": 262148, "question": "What are the people in the background doing?", "question_id": 262148001},
          {"question": "Lost?", "question_id": 3}]}
        """);
  }

  static Path gqa(Path folder) throws IOException {
    picture(folder, "images/2405722.jpg", 0x010203);
    return write(
        folder,
        "val_balanced_questions.json",
        """
        {"05515938": {"semantic": [{"operation": "select", "dependencies": [], "argument": "bird (329774)"}], "entailed": ["05515937"], "equivalent": ["05515938"],
           "question": "What is this bird called?", "imageId": "2405722", "isBalanced": true, "groups": {"global": "bird", "local": "11q-bird"},
           "answer": "parrot", "semanticStr": "select: bird (329774)->query: name [0]", "annotations": {"answer": {"0": "329774"}, "question": {"3": "329774"}, "fullAnswer": {"3": "329774"}},
           "types": {"detailed": "categoryThat", "semantic": "cat", "structural": "query"}, "fullAnswer": "This is a parrot."},
         "1": {"imageId": "2405722"}}
        """);
  }

  static Path refcoco(Path folder) throws IOException {
    picture(folder, "train2014/COCO_train2014_000000581857.jpg", 0x0f0f0f);
    write(
        folder,
        "instances.json",
        """
        {"images": [{"file_name": "COCO_train2014_000000581857.jpg", "height": 6, "width": 8, "id": 581857}],
         "annotations": [{"segmentation": [[1, 1, 4, 1, 4, 3]], "area": 2.5, "iscrowd": 0, "image_id": 581857, "bbox": [1, 1, 3, 2], "category_id": 1, "id": 1719310}],
         "categories": [{"id": 1, "name": "person"}]}
        """);
    return write(
        folder,
        "refs.json",
        """
        [{"sent_ids": [0, 1], "file_name": "COCO_train2014_000000581857_16.jpg", "ann_id": 1719310, "ref_id": 0, "image_id": 581857, "split": "train", "category_id": 1,
          "sentences": [{"tokens": ["the", "lady"], "raw": "THE LADY", "sent_id": 0, "sent": "the lady"}, {"tokens": ["lady", "in", "blue"], "raw": "lady in blue", "sent_id": 1, "sent": "lady in blue"}]},
         {"file_name": "COCO_train2014_000000581857_17.jpg", "ann_id": 5, "ref_id": 1, "image_id": 581857, "split": "testA", "sentences": [{"sent_id": 9, "sent": "who"}]}]
        """);
  }

  static Path cocoQa(Path folder) throws IOException {
    picture(folder, "COCO_train2014_000000023004.jpg", 0x333333);
    return write(
        folder,
        "color_coco_qa.csv",
        ",train_image_id_count,question_count,answer_count\n"
            + "0,23004,what is the color of the horses,brown\r\n"
            + "1,220218,\"what is the color of the \"\"character\"\", here\",purple\n"
            + "2,x,what,red\n");
  }

  static Path vlmeval(Path folder) throws IOException {
    String one = Base64.getEncoder().encodeToString(png(0xff0000));
    String two = Base64.getEncoder().encodeToString(png(0x00ff00));
    picture(folder, "images/p.png", 0x0000ff);
    return write(
        folder,
        "MMBench_DEV_EN.tsv",
        "index\timage\tquestion\thint\tA\tB\tC\tD\tanswer\tcategory\tsplit\timage_path\n"
            + "241\t"
            + one
            + "\tWhat color?\tLook.\tred\tblue\tgreen\t\tA\tcolour\tdev\t\n"
            + "1000241\t241\tWhat color\tis\tred\tblue\tgreen\t\tB\tcolour\tdev\t\n"
            + "3\t['"
            + one
            + "', '"
            + two
            + "']\t\"Both\tof them?\"\t\tyes\tno\t\t\tB\tcount\ttest\t\n"
            + "4\t\tA file?\t\tyes\tno\t\t\tA\tfile\ttest\tp.png\n"
            + "5\t999\tLost?\t\tyes\tno\t\t\tA\tfile\ttest\t\n");
  }

  static Path squad(Path folder) throws IOException {
    return write(
        folder,
        "dev-v2.0.json",
        """
        {"version": "v2.0", "data": [{"title": "Cats", "paragraphs": [{"context": "The cat sat on the red mat.", "qas": [
          {"question": "Who sat?", "id": "a1", "answers": [{"text": "The cat", "answer_start": 0}, {"text": "cat", "answer_start": 4}], "is_impossible": false},
          {"plausible_answers": [{"text": "mat", "answer_start": 23}], "question": "Who stood?", "id": "a2", "answers": [], "is_impossible": true},
          {"question": "", "id": "a3", "answers": []}]}]}]}
        """);
  }

  static Path cmrc(Path folder) throws IOException {
    return write(
        folder,
        "cmrc2018_trial.json",
        """
        [{"context_id": "TRIAL_800", "context_text": "猫坐在红色的垫子上。", "qas": [{"query_text": "谁坐着？", "query_id": "TRIAL_800_QUERY_0", "answers": ["猫", "猫", "猫"]}], "title": "猫"}]
        """);
  }

  static Path vlat(Path folder, String name) throws IOException {
    try (var stream = Fixtures.class.getResourceAsStream("vlat/" + name + ".json")) {
      Files.createDirectories(folder);
      return Files.write(folder.resolve("config.json"), stream.readAllBytes());
    }
  }

  /// An entry of an archive (ustar).
  static void entry(OutputStream out, String name, byte[] bytes, char type) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(512);
    header.put(0, name.getBytes(StandardCharsets.UTF_8));
    header.put(100, "0000644\0".getBytes(StandardCharsets.US_ASCII));
    header.put(124, "%011o\0".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
    header.put(148, "        ".getBytes(StandardCharsets.US_ASCII));
    header.put(156, (byte) type);
    header.put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    int sum = 0;
    for (byte one : header.array()) {
      sum += one & 0xff;
    }
    header.put(148, "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII));
    out.write(header.array());
    out.write(bytes);
    out.write(new byte[(512 - bytes.length % 512) % 512]);
  }

  static void entry(OutputStream out, String name, String text) throws IOException {
    entry(out, name, text.getBytes(StandardCharsets.UTF_8), '0');
  }

  static byte[] samples() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    entry(out, "__meta__.json", "{}");
    entry(out, "000000.jpg", png(0xff0000), '0');
    entry(out, "000000.json", "{\"question\": \"What color?\", \"answer\": \"red\", \"n\": 1}");
    entry(out, "sub/000001.left.png", png(0x00ff00), '0');
    entry(out, "sub/000001.right.png", png(0x0000ff), '0');
    entry(out, "sub/000001.txt", "Two pictures.\n");
    entry(out, "000002.png", png(0x0000ff), '0');
    entry(out, "000002.cls", "7");
    entry(out, "000002.emb.npy", "xx");
    entry(out, "../evil.png", png(1), '0');
    entry(out, "000004.png", new byte[0], '2');
    entry(out, "000005.txt", "alone");
    out.write(new byte[1024]);
    return out.toByteArray();
  }

  static Path tar(Path folder) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve("shard-000000.tar"), samples());
  }

  static Path tarGz(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("shard-000000.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(samples());
    }
    return file;
  }

  static void sql(String... statements) {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("SET threads=1");
      for (String one : statements) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String blob(int rgb) {
    return "from_base64('" + Base64.getEncoder().encodeToString(png(rgb)) + "')";
  }

  /// Parquet as the hub keeps it.
  ///
  /// @param compression for example `snappy`
  static Path parquet(Path folder, String name, String compression) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(name);
    sql(
        """
        COPY (SELECT * FROM (VALUES
          ({'bytes': %s, 'path': 'r.png'}, 'What color?', ['red', 'crimson'], 11, 'red', [{'bytes': %s, 'path': NULL}]),
          ({'bytes': %s, 'path': NULL}, 'Which one?', ['blue'], 12, 'blue', NULL),
          (NULL, 'None?', ['no'], 13, NULL, NULL)
          ) AS t(image, question, answers, question_id, multiple_choice_answer, more))
        TO '%s' (FORMAT parquet, COMPRESSION %s)
        """
            .formatted(blob(0xff0000), blob(0x00ff00), blob(0x0000ff), file, compression));
    return file;
  }

  static Path imageFolder(Path folder) throws IOException {
    picture(folder, "train/a.png", 0xff0000);
    picture(folder, "train/b.png", 0x00ff00);
    picture(folder, "test/c.png", 0x0000ff);
    picture(folder, "test/untold.png", 0x0000f0);
    write(
        folder,
        "train/metadata.csv",
        "file_name,text,n\na.png,\"A red, square picture\",1\nb.png,Green,2\nmissing.png,Lost,3\n../../x.png,Out,4\n");
    write(
        folder,
        "test/metadata.jsonl",
        """
        {"file_name": "c.png", "text": "Blue", "objects": {"bbox": [[1.0, 2.0, 3.0, 2.0]], "categories": ["thing"]}}
        """);
    return folder;
  }

  static Path classFolder(Path folder) throws IOException {
    picture(folder, "train/cat/1.png", 0xff0000);
    picture(folder, "train/dog/2.png", 0x00ff00);
    picture(folder, "test/dog/3.png", 0x0000ff);
    return folder;
  }
}
