package dev.lynceus.lab.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// What rows say, as one number: equal for equal rows, whatever folder or format they come from.
final class Digests {
  private final MessageDigest sha;

  private Digests() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// SHA-256 of the contents of rows; of pictures their names.
  static String of(List<Item> items) {
    Digests all = new Digests();
    for (Item item : items) {
      all.number(item.origin().row());
      switch (item) {
        case Item.Good(Example one) -> all.example(one);
        case Item.Bad(Origin _, Item.Told _, var fault) -> all.text(String.valueOf(fault.code()));
      }
    }
    return all.done();
  }

  /// SHA-256 of texts in their order.
  static String of(String... texts) {
    Digests all = new Digests();
    for (String text : texts) {
      all.text(text);
    }
    return all.done();
  }

  private String done() {
    return HexFormat.of().formatHex(sha.digest());
  }

  private void example(Example one) {
    text(one.id());
    texts(one.images().stream().map(ImageSource::name).toList());
    text(one.passage());
    text(one.question());
    texts(one.answers());
    texts(one.choices());
    text(one.kind());
    number(one.regions().size());
    for (LabelledRegion region : one.regions()) {
      number(region.image());
      text(region.label());
      double[] edges = {region.x0(), region.y0(), region.x1(), region.y1()};
      for (double edge : edges) {
        number(Double.doubleToLongBits(edge));
      }
      number(region.outline().size());
      for (List<Double> outline : region.outline()) {
        number(outline.size());
        outline.forEach(point -> number(Double.doubleToLongBits(point)));
      }
    }
    number(one.fields().size());
    one.fields()
        .forEach((name, value) -> {
          text(name);
          text(value);
        });
  }

  private void texts(List<String> all) {
    number(all.size());
    all.forEach(this::text);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    sha.update(bytes);
  }

  private void number(long number) {
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }
}
