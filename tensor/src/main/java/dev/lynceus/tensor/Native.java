package dev.lynceus.tensor;

/// Settings of the binding that must be made before its first class loads.
final class Native {
  private Native() {}

  /// Turns off the binding's own limits on native memory. It derives them from the size of the Java heap and counts
  /// mapped weights, so a large checkpoint would be refused on a machine that has room for it.
  static void prepare() {
    for (String limit : new String[] {"maxBytes", "maxPhysicalBytes"}) {
      String property = "org.bytedeco.javacpp." + limit;
      if (System.getProperty(property) == null) {
        System.setProperty(property, "0");
      }
    }
  }
}
